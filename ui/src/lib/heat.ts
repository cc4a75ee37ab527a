// Values in bins, over time or all together. Pure.
import type { Line } from './chart';

export interface Heat {
  times: number[]; // milliseconds, where each column begins
  stepMs: number;
  bounds: number[]; // of the bins, rising: one more than there are bins
  counts: number[][]; // by time, then bin
}

const binsUsual = 20;
export const columnsMax = 80;

const range = (values: readonly number[]): [number, number] =>
  values.reduce(([least, most], value) =>
    [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

function boundsOf(values: readonly number[], bins = binsUsual): number[] {
  if (values.length === 0) return [];
  const [least, most] = range(values);
  if (least === most) return [least, least + (Math.abs(least) || 1)];
  return Array.from({ length: bins + 1 }, (_, i) => least + ((most - least) * i) / bins);
}

// A value on the upper bound belongs to the last bin.
function binOf(bounds: readonly number[], value: number): number {
  const first = bounds[0] ?? 0;
  const width = ((bounds.at(-1) ?? 1) - first) / (bounds.length - 1);
  return Math.min(bounds.length - 2, Math.max(0, Math.floor((value - first) / width)));
}

export function binsOf(values: readonly number[]): { bounds: number[]; counts: number[] } {
  const bounds = boundsOf(values);
  const counts = Array.from({ length: Math.max(0, bounds.length - 1) }, () => 0);
  for (const value of values) {
    const bin = binOf(bounds, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { bounds, counts };
}

// How many lines have which value, over time.
export function heatOfLines(lines: readonly Line[]): Heat {
  const known = lines.flatMap((line) => line.points)
    .filter((point): point is [number, number] => point[1] !== null);
  const bounds = boundsOf(known.map(([, value]) => value));
  const byTime = new Map<number, number[]>();
  for (const [at, value] of known) {
    const bins = byTime.get(at) ?? Array.from({ length: bounds.length - 1 }, () => 0);
    const bin = binOf(bounds, value);
    bins[bin] = (bins[bin] ?? 0) + 1;
    byTime.set(at, bins);
  }
  const times = [...byTime.keys()].sort((a, b) => a - b);
  return {
    times, bounds, stepMs: lines[0]?.stepMs ?? 0, counts: times.map((at) => byTime.get(at) ?? []),
  };
}

const added = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));

export const summedUp = (heat: Heat): { bounds: number[]; counts: number[] } =>
  ({ bounds: heat.bounds, counts: heat.counts.reduce(added, []) });

// Of at most `columns` columns, so that each can be seen.
export function coarser(heat: Heat, columns = columnsMax): Heat {
  const each = Math.ceil(heat.times.length / columns);
  if (each <= 1) return heat;
  const byTime = new Map<number, number[]>();
  const stepMs = heat.stepMs * each;
  heat.times.forEach((at, i) => {
    const column = Math.floor(at / stepMs) * stepMs;
    byTime.set(column, added(byTime.get(column) ?? [], heat.counts[i] ?? []));
  });
  return { ...heat, stepMs, times: [...byTime.keys()], counts: [...byTime.values()] };
}
