// What the page of evaluations makes of the server's answers, without a browser.
import type { CountsLine, Evaluator, Options, Settings } from '../api/evaluators';
import { type ListState, writeState } from './url_state';

// An identity that outlives a refresh.
export const lineId = (line: CountsLine): string =>
  `${line.evaluator} ${line.version} ${line.app ?? ''}`;

// The worst first.
export const byFailures = (lines: readonly CountsLine[]): CountsLine[] =>
  [...lines].sort((a, b) => b.failed - a.failed || b.judged - a.judged
    || a.evaluator.localeCompare(b.evaluator) || (a.app ?? '').localeCompare(b.app ?? ''));

// One that is chosen stays to be chosen, though nothing of it was judged.
export function appsOf(lines: readonly CountsLine[], chosen: string): string[] {
  const apps = new Set(lines.map((line) => line.app ?? ''));
  apps.add(chosen);
  apps.delete('');
  return [...apps].sort((a, b) => a.localeCompare(b));
}

export interface Sums { judged: number; failed: number; worst: CountsLine | null }

export function sumsOf(lines: readonly CountsLine[]): Sums {
  const sums: Sums = { judged: 0, failed: 0, worst: null };
  for (const line of lines) {
    sums.judged += line.judged;
    sums.failed += line.failed;
    if (line.failed > (sums.worst?.failed ?? 0)) sums.worst = line;
  }
  return sums;
}

export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

// The list of the spans behind a line, in the same time.
export function failedHref(line: CountsLine, state: ListState): string {
  const query = writeState({
    ...state, view: 'spans', q: `@evaluation.${line.evaluator}.assessment:fail`, columns: null,
    live: false, sort: '-start', minMs: null, maxMs: null,
    filters: line.app ? [{ field: 'ml_app', value: line.app, exclude: false }] : [],
  });
  return `/traces?${query.toString()}`;
}

export interface Bar { x: number; width: number; height: number }

// Failures over time: a bar for each stretch that has some, within width and height.
export function barsOf(
  line: CountsLine, time: { fromMs: number; toMs: number; stepMs: number },
  size: { width: number; height: number },
): Bar[] {
  const most = mostAtOnce(line);
  const spanMs = time.toMs - time.fromMs;
  if (most === 0 || spanMs <= 0) return [];
  const wide = Math.max(1.5, (time.stepMs / spanMs) * size.width - 0.5);
  return line.buckets.filter((bucket) => bucket.failed > 0).map((bucket) => ({
    // The first stretch begins before the time that is looked at, the last ends after it.
    x: Math.min(size.width - wide,
      Math.max(0, ((bucket.start_ms - time.fromMs) / spanMs) * size.width)),
    width: wide,
    height: Math.max(2, (bucket.failed / most) * size.height),
  }));
}

export const mostAtOnce = (line: CountsLine): number =>
  line.buckets.reduce((most, bucket) => Math.max(most, bucket.failed), 0);

// 0.07 as 7, not as 7.000000000000001.
export const percentOf = (share: number): number => Number((share * 100).toFixed(6));

export interface SettingsFields {
  sampling: number; query: string; threshold: string; keep: boolean; list: string;
}

// A line each: a token, or "topic: word, word".
const listOf = (options: Options | null): string => [
  ...(options?.tokens ?? []),
  ...(options?.topics ?? []).map(({ name, words }) =>
    (words?.length ? `${name}: ${words.join(', ')}` : name)),
].join('\n');

const parts = (text: string, by: string): string[] =>
  text.split(by).map((part) => part.trim()).filter((part) => part !== '');

function optionsOf(asks: Evaluator['asks_for'], list: string): Options | null {
  const lines = parts(list, '\n');
  if (asks === null || lines.length === 0) return null;
  if (asks === 'tokens') return { tokens: lines };
  return {
    topics: lines.map((line) => {
      const colon = line.indexOf(':');
      const words = colon < 0 ? [] : parts(line.slice(colon + 1), ',');
      return { name: line.slice(0, colon < 0 ? undefined : colon).trim(), words };
    }),
  };
}

export const fieldsOf = (settings: Settings): SettingsFields => ({
  sampling: percentOf(settings.sampling), query: settings.query,
  threshold: settings.threshold?.toString() ?? '', keep: settings.keep_passes,
  list: listOf(settings.options),
});

// What the server takes; what is left out has its default again.
export function bodyOf(
  enabled: boolean, fields: SettingsFields, asks: Evaluator['asks_for'] = null,
): Record<string, unknown> {
  const threshold = fields.threshold.trim();
  const options = optionsOf(asks, fields.list);
  return {
    enabled, sampling: Number((fields.sampling / 100).toFixed(8)), query: fields.query.trim(),
    keep_passes: fields.keep, ...(threshold === '' ? {} : { threshold: Number(threshold) }),
    ...(options === null ? {} : { options }),
  };
}

export const switched = (evaluator: Evaluator): Record<string, unknown> =>
  bodyOf(!evaluator.settings.enabled, fieldsOf(evaluator.settings), evaluator.asks_for);
