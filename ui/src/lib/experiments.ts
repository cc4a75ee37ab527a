// Two experiments on the same records: which record got better, which worse. Pure.
import type { Row, Score } from '../api/experiments';

// What a score is worth, more is better: of a verdict that one, otherwise the number. Nothing for
// words without a verdict, and for an evaluator that failed.
export function worth(score: Score, lowerIsBetter: boolean): number | null {
  if (score.assessment === 'pass') return 1;
  if (score.assessment === 'fail') return 0;
  const number = score.score_value ?? (score.boolean_value === undefined
    ? null : Number(score.boolean_value));
  if (number === null) return null;
  return lowerIsBetter ? -number : number;
}

export function valueOf(score: Score): number | boolean | string | null {
  return score.score_value ?? score.boolean_value ?? score.categorical_value
    ?? (score.json_value === undefined ? null : JSON.stringify(score.json_value));
}

export type Turn = 'better' | 'worse' | 'same' | 'mixed' | 'only';
export interface ComparedRow {
  key: string;
  before: Row | null;
  after: Row | null;
  turn: Turn;
  // By label, how much better it is; without an entry where that cannot be told.
  change: Map<string, number>;
}

// Of a record that was run several times, each run by itself.
const keyOf = (row: Row) => `${row.record_id ?? row.input ?? ''} ${row.run}`;

// Small differences of numbers are the noise of adding them up.
const tiny = 1e-9;

function changes(before: Row, after: Row, lower: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>();
  if (before.failed !== after.failed) found.set('', before.failed ? 1 : -1);
  for (const score of after.scores) {
    const old = before.scores.find((one) => one.label === score.label);
    const now = worth(score, lower.has(score.label));
    const then = old ? worth(old, lower.has(score.label)) : null;
    if (now !== null && then !== null) found.set(score.label, now - then);
  }
  return found;
}

function turnOf(change: ReadonlyMap<string, number>): Turn {
  const values = [...change.values()];
  const better = values.some((value) => value > tiny);
  const worse = values.some((value) => value < -tiny);
  if (better && worse) return 'mixed';
  if (better) return 'better';
  return worse ? 'worse' : 'same';
}

const order: Record<Turn, number> = { worse: 0, mixed: 1, better: 2, only: 3, same: 4 };

// What got worse comes first, and there the largest change.
export function compareRows(
  before: readonly Row[], after: readonly Row[], lower: ReadonlySet<string>,
): ComparedRow[] {
  const old = new Map(before.map((row) => [keyOf(row), row]));
  const seen = new Set<string>();
  const rows = after.map((row): ComparedRow => {
    const key = keyOf(row);
    seen.add(key);
    const other = old.get(key) ?? null;
    const change = other ? changes(other, row, lower) : new Map<string, number>();
    return { key, before: other, after: row, change, turn: other ? turnOf(change) : 'only' };
  });
  for (const row of before) {
    if (seen.has(keyOf(row))) continue;
    rows.push({ key: keyOf(row), before: row, after: null, turn: 'only', change: new Map() });
  }
  const largest = (row: ComparedRow) =>
    Math.max(0, ...[...row.change.values()].map(Math.abs));
  return rows.sort((a, b) => order[a.turn] - order[b.turn] || largest(b) - largest(a));
}

export function labelsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => row.scores.map((score) => score.label)))].sort();
}
