// What a monitor's query says: the part that is drawn, and where its thresholds are. Pure.
import type { Line } from './chart';
import type { Filter, FilterField, ListState } from './url_state';

const comparison = /\s*(>=|<=|==|!=|>|<)\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*$/i;
const head = /^\s*[a-z_]+\([^:]*\)\s*:/i;

export interface Watched { expression: string; sign: string; critical: number; plain: boolean }

// null when it is not such a query. `plain`: the lines themselves are compared.
export function watchedOf(query: string): Watched | null {
  const end = comparison.exec(query);
  const begin = head.exec(query);
  if (!end || !begin || end[1] === undefined) return null;
  const expression = query.slice(begin[0].length, end.index).trim();
  const critical = Number(end[2]);
  if (!expression || !Number.isFinite(critical)) return null;
  return {
    expression, sign: end[1], critical,
    plain: !/^\s*(pct_)?change\(/i.test(query) && !/^(anomalies|outliers)\(/i.test(expression) &&
      !/^\s*sum\(/i.test(query),
  };
}

export type Kind = 'metric' | 'spans' | 'composite';

export function kindOf(query: string): Kind {
  if (/^\s*(llm-observability|trace-analytics)\s*\(/.test(query)) return 'spans';
  return /\d/.test(query) && /^[\s\d()!&|]+$/.test(query) ? 'composite' : 'metric';
}

// The type of a monitor with this query; of metrics `before` says how it is called.
export function typeOf(query: string, before?: string): string {
  const kind = kindOf(query);
  if (kind === 'composite') return 'composite';
  if (kind === 'spans') return `${query.trim().split('(')[0]?.trim() ?? ''} alert`;
  const isOther = before === 'composite' || /^(llm-|trace-)/.test(before ?? '');
  return before === undefined || isOther ? 'query alert' : before;
}

export const membersOf = (query: string): number[] =>
  [...new Set((query.match(/\d+/g) ?? []).map(Number))];

const keys: Partial<Record<FilterField, string>> = {
  kind: '@meta.span.kind', name: '@name', model: '@meta.model_name',
  provider: '@meta.model_provider', deployment: '@deployment', prompt: '@prompt',
  error_type: '@meta.error.type', session: 'session_id', user: 'user_id', source: '@source',
};
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

function termOf(filter: Filter): string {
  const colon = filter.value.indexOf(':');
  if (filter.field === 'tag' && colon > 0)
    return `${filter.value.slice(0, colon)}:${quoted(filter.value.slice(colon + 1))}`;
  return `${keys[filter.field] ?? filter.field}:${quoted(filter.value)}`;
}

// A query of the spans that a list of the explorer shows.
export function queryOfList(state: Pick<ListState, 'view' | 'q' | 'filters' | 'minMs' | 'maxMs'>) {
  const terms = state.q.trim() ? [`(${state.q.trim()})`] : [];
  for (const field of new Set(state.filters.map((one) => one.field))) {
    const all = state.filters.filter((one) => one.field === field);
    const wanted = all.filter((one) => !one.exclude).map(termOf);
    if (wanted.length > 0) terms.push(field === 'tag' || wanted.length === 1
      ? wanted.join(' ') : `(${wanted.join(' OR ')})`);
    terms.push(...all.filter((one) => one.exclude).map((one) => `-${termOf(one)}`));
  }
  if (state.minMs !== null) terms.push(`@duration:>=${state.minMs}ms`);
  if (state.maxMs !== null) terms.push(`@duration:<=${state.maxMs}ms`);
  if (state.view === 'traces') terms.push('@parent_id:undefined');
  const kind = state.view === 'apm' ? 'trace-analytics' : 'llm-observability';
  return `${kind}(${quoted(terms.join(' ') || '*')}).rollup("count").last("5m") > 10`;
}

// Where the thresholds of a query of spans are; its lines are what it compares.
export function watchedSpans(query: string): Watched | null {
  const end = comparison.exec(query);
  if (!end || end[1] === undefined) return null;
  return { expression: '', sign: end[1], critical: Number(end[2]), plain: true };
}

export const flat = (name: string, value: number, fromMs: number, toMs: number): Line => ({
  name, display: 'line', points: [[fromMs, value], [toMs, value]], stepMs: toMs - fromMs,
});

// Numbers of a form: what is left empty is left out.
export function numbersOf(
  data: FormData, names: readonly string[],
): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const name of names) {
    const text = String(data.get(name) ?? '').trim();
    if (text !== '' && Number.isFinite(Number(text))) numbers[name] = Number(text);
  }
  return numbers;
}

// Of one state the tone in which it is shown.
export function toneOfState(state: string): 'bad' | 'warn' | 'good' | 'quiet' {
  if (state === 'Alert') return 'bad';
  if (state === 'Warn' || state === 'No Data') return 'warn';
  return state === 'OK' ? 'good' : 'quiet';
}
