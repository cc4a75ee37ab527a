// What a monitor's query says: the part that is drawn, and where its thresholds are. Pure.
import type { Line } from './chart';

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
