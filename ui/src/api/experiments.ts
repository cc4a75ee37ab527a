// Experiments: names and ends where Datadog's client has them, rows at our own paths.
import { get, send } from './client';

export interface Score {
  span_id: string; label: string; metric_type: 'score' | 'boolean' | 'categorical' | 'json';
  score_value?: number; boolean_value?: boolean; categorical_value?: string; json_value?: unknown;
  assessment?: string; reasoning: string | null;
  error: { type?: string; message?: string } | null;
}
export interface LabelSummary {
  label: string; type: string | null; count: number; failed: number; mean: number | null;
  passed: number; refused: number;
}
export interface Summary {
  rows: number; errors: number; duration_mean: number; labels: LabelSummary[];
  summary_metrics: Score[];
}
export interface Experiment {
  id: string;
  attributes: {
    name: string; experiment: string; description: string; project_id: string; dataset_id: string;
    dataset_name: string | null; dataset_version: number; config: Record<string, unknown>;
    metadata: Record<string, unknown>; run_count: number; parent_experiment_id: string | null;
    status?: 'running' | 'completed' | 'failed' | 'interrupted'; error: string | null;
    aggregate_data: Summary; created_at: string; updated_at: string;
  };
}
export interface Row {
  span_id: string; trace_id: string; record_id: string | null; run: number; duration_ns: number;
  failed: boolean; error: string | null; input: string | null; output: string | null;
  expected: string | null; scores: Score[];
}
export interface WholeRow {
  span_id: string;
  meta: {
    input: unknown; output: unknown; expected_output: unknown; metadata: Record<string, unknown>;
    error: { type?: string; message?: string; stack?: string };
  };
  eval_metrics: Score[];
}
export interface Rows { rows: Row[]; cut: boolean }

const root = '../v2/llm-obs/v1/experiments';
// Compared in the browser, so as many as one can look through.
const rowsMax = 5_000;

async function list(query: Record<string, string>): Promise<Experiment[]> {
  const asked = new URLSearchParams({ 'include[aggregate_data]': 'true', 'page[limit]': '200', ...query });
  return (await get<{ data: Experiment[] }>(root, asked)).data;
}

export const experimentsApi = {
  list: () => list({}),
  one: async (id: string) => (await list({ 'filter[id]': id }))[0] ?? null,
  // Those that ran on the same records.
  onDataset: (dataset: string) => list({ 'filter[dataset_id]': dataset }),
  remove: (id: string) => send('POST', `${root}/delete`, {
    data: { type: 'experiments', attributes: { experiment_ids: [id] } },
  }),
  restore: (id: string) => send('POST', `experiments/${id}/restore`),
  rows: async (id: string): Promise<Rows> => {
    const rows: Row[] = [];
    let cursor: string | null = '';
    while (cursor !== null && rows.length < rowsMax) {
      const page: { rows: Row[]; meta: { after: string | null } } = await get(
        `experiments/${id}/rows`, new URLSearchParams(cursor ? { 'page[cursor]': cursor } : {}));
      rows.push(...page.rows);
      cursor = page.meta.after;
    }
    return { rows, cut: cursor !== null };
  },
  row: async (id: string, span: string) =>
    (await get<{ rows: WholeRow[] }>(`experiments/${id}/rows/${span}`)).rows[0] ?? null,
};
