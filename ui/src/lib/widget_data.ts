// What the server answered to a widget, in the forms that are drawn, read as a table and kept as a
// file. Pure.
import type { Check } from '../api/events';
import type { Row } from '../api/types';
import type { Line } from './chart';
import { type Json, listOf, textOf } from './dashboard';
import { type EventCount, eventColumns, eventValues, type Happened } from './events';
import { isoOfNs, rowSheet } from './export_rows';
import { heatOfLines, type Heat, summedUp, binsOf } from './heat';
import type { ScalarColumn, ScalarRow, ScalarTable } from './scalar_table';
import type { ScalarRequest } from './widget_asks';

export type Answer =
  | { how: 'lines'; lines: Line[]; events?: Happened[] }
  | { how: 'scalar'; table: ScalarTable }
  | { how: 'histogram'; heat: Heat }
  | { how: 'stream'; rows: Row[]; more: boolean }
  | { how: 'events'; events: Happened[]; more: boolean }
  | { how: 'timeline'; counts: EventCount[]; stepMs: number }
  | { how: 'checks'; checks: Check[]; more: boolean };

export type Cell = string | number | null;
export interface Sheet { columns: string[]; rows: Cell[][] }

// ---- one number a group ----

const groupOf = (value: unknown): string =>
  (Array.isArray(value) ? value.map(textOf).join(',') : '');
const numberOf = (value: unknown): number | null =>
  (typeof value === 'number' && Number.isFinite(value) ? value : null);

// The answers to all requests of a widget as one table: rows of the same tags are one.
export function tableOf(
  requests: readonly ScalarRequest[], answers: readonly (readonly ScalarColumn[])[],
): ScalarTable {
  const columns = requests.flatMap(({ formulas }) => formulas.map(({ name }) => name));
  const keys: string[] = [];
  const rows = new Map<string, ScalarRow>();
  let first = 0;
  requests.forEach(({ formulas }, n) => {
    const groups = (answers[n] ?? []).filter((one) => one.type === 'group');
    const numbers = (answers[n] ?? []).filter((one) => one.type === 'number');
    for (const { name } of groups) if (!keys.includes(name)) keys.push(name);
    const length = Math.max(0, ...numbers.map((one) => one.values.length));
    for (let at = 0; at < length; at += 1) {
      const tags = new Map(groups.map((one) => [one.name, groupOf(one.values[at])]));
      const key = JSON.stringify([...tags]);
      const row = rows.get(key) ?? { tags, values: columns.map(() => null) };
      rows.set(key, row);
      numbers.slice(0, formulas.length).forEach((one, i) => {
        row.values[first + i] = numberOf(one.values[at]);
      });
    }
    first += formulas.length;
  });
  return { keys, columns, rows: [...rows.values()] };
}

// '' for what has no groups.
export const rowName = (row: ScalarRow): string =>
  [...row.tags.values()].filter((one) => one !== '').join(', ');

export const firstNumber = (table: ScalarTable): number | null =>
  table.rows.flatMap((row) => row.values).find((value) => value !== null) ?? null;

export interface Ranked { name: string; value: number }

// Most first, unless the widget asks for the least.
export function rankOf(definition: Json, table: ScalarTable): Ranked[] {
  const isUp = listOf(definition.requests).some((request) =>
    listOf(request.formulas).some((one) => textOf(listOf(one.limit)[0]?.order) === 'asc'));
  const rows = table.columns.flatMap((column, i) => table.rows.flatMap((row): Ranked[] => {
    const value = row.values[i] ?? null;
    return value === null ? [] : [{ name: rowName(row) || column, value }];
  }));
  return rows.sort((a, b) => (isUp ? a.value - b.value : b.value - a.value));
}

// ---- change ----

export interface ChangeRow {
  name: string; now: number | null; before: number | null; change: number | null;
  share: number | null; // of what it was
}

export function changesOf(definition: Json, table: ScalarTable): ChangeRow[] {
  const rows: ChangeRow[] = [];
  for (let at = 0; at + 1 < table.columns.length; at += 2) {
    for (const row of table.rows) {
      const now = row.values[at] ?? null;
      const before = row.values[at + 1] ?? null;
      if (now === null && before === null) continue;
      const change = now === null || before === null ? null : now - before;
      rows.push({
        name: rowName(row) || (table.columns[at] ?? ''), now, before, change,
        share: change === null || !before ? null : change / Math.abs(before),
      });
    }
  }
  const [request] = listOf(definition.requests);
  const isRelative = textOf(request?.change_type) === 'relative';
  const by = textOf(request?.order_by);
  const isUp = textOf(request?.order_dir) === 'asc';
  const valueOf = (row: ChangeRow) =>
    (by === 'present' ? row.now : by === 'past' ? row.before : isRelative ? row.share : row.change);
  const least = isUp ? Infinity : -Infinity;
  return rows.sort((a, b) => {
    const order = by === 'name' ? a.name.localeCompare(b.name)
      : (valueOf(a) ?? least) - (valueOf(b) ?? least);
    return (isUp ? order : -order) || a.name.localeCompare(b.name);
  });
}

// "good" or "bad", when the widget says which of both a rise is.
export function changeTone(definition: Json, change: number | null): string {
  const rises = listOf(definition.requests)[0]?.increase_good;
  if (typeof rises !== 'boolean' || !change) return '';
  return (change > 0) === rises ? 'good' : 'bad';
}

// ---- as a table ----

export interface SheetWords {
  time: string; from: string; to: string; count: string; name: string; now: string; before: string;
  change: string; share: string;
}

function sheetOfLines(lines: readonly Line[], words: SheetWords): Sheet {
  const byTime = new Map<number, (number | null)[]>();
  lines.forEach((line, i) => {
    for (const [at, value] of line.points) {
      const row = byTime.get(at) ?? lines.map(() => null);
      row[i] = value;
      byTime.set(at, row);
    }
  });
  const times = [...byTime].sort(([a], [b]) => a - b);
  return {
    columns: [words.time, ...lines.map((line) => line.name)],
    rows: times.map(([at, values]) => [new Date(at).toISOString(), ...values]),
  };
}

function sheetOfHeat(heat: Heat, words: SheetWords): Sheet {
  return {
    columns: [words.time, words.from, words.to, words.count],
    rows: heat.times.flatMap((at, i) => (heat.counts[i] ?? []).flatMap((count, bin): Cell[][] =>
      (count > 0 ? [[new Date(at).toISOString(), heat.bounds[bin] ?? null,
        heat.bounds[bin + 1] ?? null, count]] : []))),
  };
}

// The bins of a distribution, of whichever answer it was made.
export function distributionOf(answer: Answer): { bounds: number[]; counts: number[] } {
  switch (answer.how) {
    case 'histogram': return summedUp(answer.heat);
    case 'scalar': return binsOf(rankOf({}, answer.table).map((one) => one.value));
    case 'lines': case 'stream': case 'events': case 'timeline': case 'checks':
      return { bounds: [], counts: [] };
  }
}

export const heatOf = (answer: Answer): Heat =>
  (answer.how === 'histogram' ? answer.heat
    : heatOfLines(answer.how === 'lines' ? answer.lines : []));

export function sheetOf(definition: Json, answer: Answer, words: SheetWords): Sheet {
  const type = textOf(definition.type);
  if (type === 'distribution') {
    const { bounds, counts } = distributionOf(answer);
    return {
      columns: [words.from, words.to, words.count],
      rows: counts.map((count, i) => [bounds[i] ?? null, bounds[i + 1] ?? null, count]),
    };
  }
  switch (answer.how) {
    case 'lines': return type === 'heatmap' ? sheetOfHeat(heatOf(answer), words)
      : sheetOfLines(answer.lines, words);
    case 'histogram': return sheetOfHeat(answer.heat, words);
    case 'stream': return {
      columns: [...rowSheet.columns],
      rows: answer.rows.map((row) => rowSheet.values(row) as Cell[]),
    };
    case 'events': return {
      columns: eventColumns, rows: answer.events.map((one) => eventValues(one)),
    };
    case 'timeline': return {
      columns: [words.time, 'alert_type', words.count],
      rows: answer.counts.map((one) =>
        [new Date(one.begin * 1000).toISOString(), one.alert_type, one.count]),
    };
    case 'checks': return {
      columns: ['state', 'check', 'host', 'tags', 'message', 'timestamp'],
      rows: answer.checks.map((one) => [one.state, one.check, one.host_name ?? '',
        one.tags.join(','), one.message, new Date(one.timestamp * 1000).toISOString()]),
    };
    case 'scalar': break;
  }
  const { table } = answer;
  if (type === 'change')
    return {
      columns: [words.name, words.now, words.before, words.change, words.share],
      rows: changesOf(definition, table).map((one) =>
        [one.name, one.now, one.before, one.change, one.share]),
    };
  return {
    columns: [...table.keys, ...table.columns],
    rows: table.rows.map((row) =>
      [...table.keys.map((key) => row.tags.get(key) ?? ''), ...row.values]),
  };
}

export const hasValues = (answer: Answer): boolean => {
  switch (answer.how) {
    case 'lines': return answer.lines.some((line) => line.points.length > 0);
    case 'scalar': return firstNumber(answer.table) !== null;
    case 'histogram': return answer.heat.counts.some((bins) => bins.some((count) => count > 0));
    case 'stream': return answer.rows.length > 0;
    case 'events': return answer.events.length > 0;
    case 'timeline': return answer.counts.length > 0;
    case 'checks': return answer.checks.length > 0;
  }
};

// ---- columns of a stream of spans ----

const streamFields = {
  time: ['timestamp', 'start', '@start'], status: ['status', '@status', 'status_line'],
  service: ['service', '@service'], ml_app: ['ml_app', '@ml_app'],
  name: ['name', '@name', 'resource_name', '@meta.span.name', 'operation_name'],
  kind: ['@meta.span.kind', 'span_kind', 'kind'],
  model: ['@meta.model_name', '@model_name', 'model_name'],
  input: ['@meta.input', 'input', '@meta.input.value', 'content'],
  output: ['@meta.output', 'output', '@meta.output.value'],
  duration: ['duration', '@duration'],
  tokens: ['@metrics.total_tokens', '@trace.total_tokens', 'tokens'],
  cost: ['@metrics.estimated_total_cost', '@trace.estimated_total_cost', '@cost', 'cost'],
} as const;
export type StreamColumn = keyof typeof streamFields;
const usualColumns: StreamColumn[] = ['time', 'status', 'name', 'model', 'duration', 'tokens', 'cost'];

// Those that are known, in their order, and those that are not; without any the usual ones.
export function streamColumns(
  fields: readonly string[],
): { columns: StreamColumn[]; unknown: string[] } {
  const columns: StreamColumn[] = [];
  const unknown: string[] = [];
  for (const field of fields) {
    const known = (Object.keys(streamFields) as StreamColumn[]).find((one) =>
      (streamFields[one] as readonly string[]).includes(field));
    if (known === undefined) unknown.push(field);
    else if (!columns.includes(known)) columns.push(known);
  }
  return { columns: columns.length > 0 ? columns : usualColumns, unknown };
}

export const timeOf = (row: Row): string => isoOfNs(row.start_ns);
