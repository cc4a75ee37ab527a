// What the server says of two periods; openapi.json describes every field.
import { get } from './client';

export interface Figures {
  calls: number;
  failed: number;
  p50_ns: number | null;
  p95_ns: number | null;
  tokens: number | null;
  counted_calls: number;
  cost_usd: number | null;
  priced_calls: number;
  judged: number;
  judged_failing: number;
}

export type Where = Partial<Record<
  'ml_app' | 'model' | 'deployment' | 'prompt' | 'step' | 'label', string>>;
export type Metric =
  'latency' | 'errors' | 'tokens' | 'cost' | 'evaluations' | 'appeared' | 'gone';

// Calls that were tried again; `limited` of them because of a 429.
export interface Retried { calls: number; limited: number; waited_ns: number }

export interface Change {
  metric: Metric;
  where: Where;
  chosen_by: string[];
  before: number;
  now: number;
  quantile: number | null;
  calls_before: number;
  calls_now: number;
  worse: boolean;
  retries: { before: Retried; now: Retried } | null;
  query: Record<string, string>;
}

export interface Group { name: string; before: Figures; now: Figures }

export const dimensions = ['ml_app', 'model', 'deployment', 'prompt'] as const;
export type Dimension = (typeof dimensions)[number];

export interface Insights {
  before_from_ns: string;
  before_to_ns: string;
  before: Figures;
  now: Figures;
  changes: Change[];
  tests: number;
  by: Record<Dimension, Group[]>;
}

export interface ErrorGroup {
  fingerprint: string;
  type: string;
  message: string;
  example: string;
  place: string;
  name: string;
  where: Where;
  now: number;
  before: number;
  total: number;
  first_ns: string;
  last_ns: string;
  is_new: boolean;
  trace_id: string | null;
  span_id: string | null;
}

export interface Outlier {
  trace_id: string;
  span_id: string;
  start_ns: string;
  name: string;
  where: Where;
  duration_ns: number;
  usual_ns: number;
  fence_ns: number;
  alike: number;
}

export const insightApi = {
  insights: (query: URLSearchParams) => get<Insights>('insights', query),
  errors: (query: URLSearchParams) =>
    get<{ errors: ErrorGroup[]; complete: boolean }>('errors', query),
  outliers: (query: URLSearchParams) => get<{ outliers: Outlier[] }>('outliers', query),
};
