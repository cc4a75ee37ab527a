// The list's whole state lives in the address, so that Back, reload and a shared link restore it.
// Parameter names are those of the read API, so that a query is copied and not translated.
import type { View } from '../api/types';
import { type Column, parseColumns } from './columns';

export const filterFields = [
  'service', 'ml_app', 'env', 'version', 'kind', 'name', 'model', 'provider', 'deployment', 'prompt',
  'status', 'error_type', 'session', 'user', 'source', 'tag',
] as const;
export type FilterField = (typeof filterFields)[number];

export interface Filter {
  field: FilterField;
  value: string;
  exclude: boolean;
}

export interface ListState {
  view: View;
  from: string;
  to: string;
  q: string;
  filters: Filter[];
  minMs: number | null;
  maxMs: number | null;
  live: boolean;
  sort: Sort;
  // null: the usual ones.
  columns: Column[] | null;
}

// As the API writes it: '-' is the largest first.
export const sortColumns = ['start', 'duration', 'tokens', 'cost', 'errors'] as const;
// Of sessions and users; users alone have the last.
export const groupSortColumns = [...sortColumns, 'traces', 'sessions'] as const;
export type SortColumn = (typeof groupSortColumns)[number];
export type Sort = SortColumn | `-${SortColumn}`;

export function parseSort(
  text: string | null, columns: readonly SortColumn[] = sortColumns,
): Sort {
  const column = columns.find((name) => text === name || text === `-${name}`);
  return column ? text as Sort : '-start';
}

// Pressing a column sorts by it, the largest first; pressing it again turns the order around.
export function pressed(sort: Sort, column: SortColumn): Sort {
  return sort === `-${column}` ? column : `-${column}`;
}

export function columnOf(sort: Sort): SortColumn {
  return sort.replace('-', '') as SortColumn;
}

export function nextSort(
  sort: Sort, columns: readonly SortColumn[] = sortColumns,
): SortColumn {
  const at = columns.indexOf(columnOf(sort));
  return columns[(at + 1) % columns.length] ?? 'start';
}

export const presets = ['15m', '1h', '4h', '24h', '7d', '30d'] as const;
export type Preset = (typeof presets)[number];
export const defaultFrom = 'now-1h';

function count(text: string | null): number | null {
  if (text === null || text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}

export function parseState(
  query: URLSearchParams, sorts: readonly SortColumn[] = sortColumns,
): ListState {
  const view = query.get('view');
  const filters: Filter[] = [];
  for (const field of filterFields) {
    for (const raw of query.getAll(field)) {
      const exclude = raw.startsWith('-') && raw.length > 1;
      const value = exclude ? raw.slice(1) : raw;
      if (value) filters.push({ field, value, exclude });
    }
  }
  return {
    view: view === 'spans' || view === 'apm' ? view : 'traces',
    from: query.get('from') ?? defaultFrom,
    to: query.get('to') ?? 'now',
    q: query.get('query') ?? '',
    filters,
    minMs: count(query.get('min_duration_ms')),
    maxMs: count(query.get('max_duration_ms')),
    live: query.get('live') === '1',
    sort: parseSort(query.get('sort'), sorts),
    columns: parseColumns(query.get('cols')),
  };
}

function putFilters(state: ListState, query: URLSearchParams): void {
  for (const filter of state.filters) {
    query.append(filter.field, filter.exclude ? `-${filter.value}` : filter.value);
  }
  if (state.q) query.set('query', state.q);
  if (state.minMs !== null) query.set('min_duration_ms', String(state.minMs));
  if (state.maxMs !== null) query.set('max_duration_ms', String(state.maxMs));
}

// The address: defaults are left out, so a plain list has a plain address.
export function writeState(state: ListState): URLSearchParams {
  const query = new URLSearchParams();
  if (state.view !== 'traces') query.set('view', state.view);
  if (state.from !== defaultFrom) query.set('from', state.from);
  if (state.to !== 'now') query.set('to', state.to);
  putFilters(state, query);
  if (state.sort !== '-start') query.set('sort', state.sort);
  if (state.columns) query.set('cols', state.columns.join(','));
  if (state.live) query.set('live', '1');
  return query;
}

export interface Range {
  fromMs: number;
  toMs: number;
}

// A request: relative times are resolved once, so that every part of a page shows the same range.
export function requestOf(state: ListState, range: Range): URLSearchParams {
  const query = new URLSearchParams();
  query.set('from', String(Math.floor(range.fromMs)));
  query.set('to', String(Math.ceil(range.toMs)));
  query.set('view', state.view);
  putFilters(state, query);
  return query;
}

const unitMs: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

export function resolveTime(text: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  const relative = /^now-(\d+)([smhdw])$/.exec(text);
  if (relative) return nowMs - Number(relative[1]) * (unitMs[relative[2] ?? 's'] ?? 1e3);
  if (/^\d+$/.test(text)) return Number(text);
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? nowMs : parsed;
}

export function resolveRange(state: ListState, nowMs: number): Range {
  const toMs = resolveTime(state.to, nowMs);
  const fromMs = resolveTime(state.from, nowMs);
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - 36e5, toMs };
}

export function presetOf(state: ListState): Preset | null {
  if (state.to !== 'now') return null;
  return presets.find((preset) => state.from === `now-${preset}`) ?? null;
}

// The smallest preset that still shows a call of that age; null when none reaches so far.
export function presetReaching(ageMs: number): Preset | null {
  return presets.find((preset) => resolveTime(`now-${preset}`, 0) <= -ageMs * 1.02) ?? null;
}

export function sameFilter(a: Filter, b: Filter): boolean {
  return a.field === b.field && a.value === b.value && a.exclude === b.exclude;
}

// Adding what is there removes it; including what is excluded replaces it.
export function toggleFilter(filters: Filter[], filter: Filter): Filter[] {
  const others = filters.filter((f) => f.field !== filter.field || f.value !== filter.value);
  return filters.some((f) => sameFilter(f, filter)) ? others : [...others, filter];
}
