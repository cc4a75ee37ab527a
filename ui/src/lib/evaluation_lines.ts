// What evaluators judged, as widgets ask for it: a source of our own, `catalejo_evaluations`, whose
// queries say `measure` ("judged", "failed", "share") and `group_by` ("evaluator", "ml_app"). Pure.
import type { Counts, CountsLine } from '../api/evaluators';
import type { Line } from './chart';
import { type Json, listOf, textOf } from './dashboard';
import type { ScalarTable } from './scalar_table';

export const evaluationsSource = 'catalejo_evaluations';
const measures = ['judged', 'failed', 'share'] as const;
type Measure = (typeof measures)[number];
const keys = ['evaluator', 'ml_app'] as const;
type Key = (typeof keys)[number];

export interface EvaluationQuery {
  name: string; measure: Measure; by: Key[]; mlApp: string; display: Line['display'];
}

// null: the widget asks for something else, also.
export function evaluationQueries(definition: Json): EvaluationQuery[] | null {
  const all: EvaluationQuery[] = [];
  for (const request of listOf(definition.requests)) {
    const display = textOf(request.display_type);
    for (const query of listOf(request.queries)) {
      if (textOf(query.data_source) !== evaluationsSource) return null;
      const alias = listOf(request.formulas)
        .find((one) => textOf(one.formula) === textOf(query.name));
      const measure = measures.find((one) => one === query.measure) ?? 'judged';
      const by = Array.isArray(query.group_by) ? query.group_by : [];
      all.push({
        name: textOf(alias?.alias) || measure, measure, by: keys.filter((one) => by.includes(one)),
        mlApp: textOf(query.ml_app),
        display: display === 'bars' || display === 'area' ? display : 'line',
      });
    }
  }
  return all.length > 0 ? all : null;
}

interface Sum { judged: number; failed: number }

const valueOf = (sum: Sum, measure: Measure): number | null =>
  (measure !== 'share' ? sum[measure] : sum.judged > 0 ? (100 * sum.failed) / sum.judged : null);

const tagsOf = (line: CountsLine, by: readonly Key[]): Map<string, string> =>
  new Map(by.map((key) => [key, (key === 'evaluator' ? line.evaluator : line.app) ?? '']));

// The lines of the answer that a query puts together.
function groups(counts: Counts, query: EvaluationQuery) {
  const found = new Map<string, { tags: Map<string, string>; lines: CountsLine[] }>();
  for (const line of counts.lines) {
    const tags = tagsOf(line, query.by);
    const name = [...tags.values()].join(', ');
    const group = found.get(name) ?? { tags, lines: [] };
    group.lines.push(line);
    found.set(name, group);
  }
  return [...found].map(([name, group]) => ({ name, ...group }));
}

const added = (sum: Sum, more: Sum): Sum =>
  ({ judged: sum.judged + more.judged, failed: sum.failed + more.failed });

export function evaluationLines(
  queries: readonly EvaluationQuery[], counts: readonly Counts[],
): Line[] {
  return queries.flatMap((query, i) => {
    const answer = counts[i];
    if (!answer) return [];
    return groups(answer, query).map(({ name, lines }): Line => {
      const byTime = new Map<number, Sum>();
      for (const bucket of lines.flatMap((line) => line.buckets))
        byTime.set(bucket.start_ms,
          added(byTime.get(bucket.start_ms) ?? { judged: 0, failed: 0 }, bucket));
      return {
        name: name || query.name, display: query.display, stepMs: answer.interval_ms,
        points: [...byTime].sort(([a], [b]) => a - b)
          .map(([at, sum]) => [at, valueOf(sum, query.measure)]),
      };
    });
  });
}

export function evaluationTable(
  queries: readonly EvaluationQuery[], counts: readonly Counts[],
): ScalarTable {
  const rows: ScalarTable['rows'] = [];
  const byName = new Map<string, ScalarTable['rows'][number]>();
  queries.forEach((query, i) => {
    const answer = counts[i];
    if (!answer) return;
    for (const { name, tags, lines } of groups(answer, query)) {
      const row = byName.get(name) ?? { tags, values: queries.map(() => null) };
      row.values[i] = valueOf(lines.reduce(added, { judged: 0, failed: 0 }), query.measure);
      if (!byName.has(name)) rows.push(row);
      byName.set(name, row);
    }
  });
  return {
    keys: [...new Set(queries.flatMap(({ by }) => by))],
    columns: queries.map(({ name }) => name), rows,
  };
}
