// What the server answers, field by field as on the wire. Times are nanoseconds since 1970 as
// decimal text (they do not fit a double), durations are nanoseconds as numbers, ids are text.

import type { Cost, CostSum, SpanCost } from './cost_types';

export type Status = 'ok' | 'error';
export type View = 'traces' | 'spans' | 'apm';

export interface Tokens {
  input: number | null;
  output: number | null;
  total: number | null;
}

export interface Row {
  trace_id: string;
  apm_trace_id: string | null;
  span_id: string;
  parent_id: string | null;
  name: string;
  kind: string;
  service: string;
  env: string;
  ml_app: string;
  model: string | null;
  provider: string | null;
  deployment: string | null;
  status: Status;
  error_type: string | null;
  error_message: string | null;
  start_ns: string;
  duration_ns: number;
  session_id: string | null;
  user_id: string | null;
  input: string | null;
  output: string | null;
  tokens: Tokens;
  cost_usd: number | null;
  cost: Cost;
  trace?: {
    spans: number; errors: number; llm_calls: number; tokens_total: number | null; cost: CostSum;
  } | null;
  source: string;
  flags: string[];
}

export interface RowPage {
  rows: Row[];
  next: string | null;
  from_ns: string;
  to_ns: string;
}

// A session or a user, of which the one has no number of sessions and the other no session id.
export interface Group {
  session_id?: string;
  user_id: string | null;
  sessions?: number;
  ml_app: string;
  start_ns: string;
  // The start of its last span.
  last_ns: string;
  busy_ns: number;
  traces: number;
  failed_traces: number;
  spans: number;
  errors: number;
  llm_calls: number;
  tokens: Tokens;
  cost_usd: number | null;
  feedback: { count: number; good: number; bad: number };
  input: string;
  output: string;
}
export type GroupKind = 'session' | 'user';

export interface GroupPage {
  rows: Group[];
  next: string | null;
  from_ns: string;
  to_ns: string;
}

export interface ToolCall {
  name?: string;
  arguments?: unknown;
  tool_id?: string;
  type?: string;
}

export interface ToolResult {
  name?: string;
  result?: unknown;
  tool_id?: string;
  type?: string;
}

export interface MediaPart {
  mime_type?: string;
  content?: string;
  attachment_key?: string;
  // In the place of content that was over the limit on arrival.
  cut?: { bytes?: number; sha256?: string; reason?: string };
}

export interface Message {
  role?: string;
  content?: unknown;
  tool_calls?: ToolCall[];
  tool_results?: ToolResult[];
  image_parts?: MediaPart[];
  audio_parts?: MediaPart[];
}

export interface Document {
  text?: string;
  name?: string;
  id?: string;
  score?: number;
}

export interface SpanIo {
  messages?: Message[];
  value?: unknown;
  documents?: Document[];
  prompt?: unknown;
  [other: string]: unknown;
}

export interface SpanError {
  type: string | null;
  message: string | null;
  stack: string | null;
}

export interface Span {
  span_id: string;
  cost: SpanCost;
  parent_id: string | null;
  trace_id: string | null;
  apm_trace_id: string | null;
  halves: 'llm' | 'apm' | 'both';
  name: string;
  apm_name: string | null;
  resource: string | null;
  apm_type: string | null;
  kind: string;
  service: string;
  env: string;
  version: string;
  ml_app: string;
  model: string | null;
  provider: string | null;
  deployment: string | null;
  session_id: string | null;
  user_id: string | null;
  status: Status;
  error: SpanError | null;
  start_ns: string;
  duration_ns: number;
  input: SpanIo | null;
  output: SpanIo | null;
  metadata: Record<string, unknown> | null;
  metrics: Record<string, number>;
  tags: Record<string, string>;
  extra: Record<string, unknown> | null;
  flags: string[];
  source: string;
  received_ns: string;
}

export interface Evaluation {
  id: string;
  trace_id: string | null;
  span_id: string | null;
  session_id: string | null;
  join: { key: string; value: string } | null;
  event_kind: string;
  scope: string;
  label: string;
  metric_type: string;
  value: unknown;
  assessment: string | null;
  reasoning: string | null;
  status: string;
  ml_app: string;
  tags: Record<string, string>;
  metadata: unknown;
  submitter: { id?: unknown; type?: unknown; queue?: unknown } | null;
  timestamp_ms: number | string;
}

export interface Totals {
  llm_calls: number;
  errors: number;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  cost_usd: number | null;
  cost: CostSum;
}

export interface Trace {
  id: string;
  apm_trace_id: string | null;
  llm_trace_ids: string[];
  start_ns: string;
  duration_ns: number;
  status: Status;
  services: string[];
  total_spans: number;
  shown_spans: number;
  totals: Totals;
  spans: Span[];
  evaluations: Evaluation[];
  notes: string[];
  // Set when `spans` is a part of a trace too large to be sent whole.
  windows: TraceWindows | null;
}

export interface TraceWindows {
  // What a conversation is told by: model calls, tools, failures.
  steps: number;
  // The whole trace in some lines: [start, end, failed], nanoseconds since its start.
  overview: [number, number, 0 | 1][];
}

// One line of the tree of a large trace.
export interface TraceLine {
  span_id: string;
  parent_id: string | null;
  depth: number;
  // Spans below it.
  inside: number;
  closed: boolean;
  failed_inside: boolean;
  orphan: boolean;
  status: Status;
  offset_ns: number;
  duration_ns: number;
  halves: 'llm' | 'apm' | 'both';
  name: string;
  apm_name: string | null;
  resource: string | null;
  kind: string;
  model: string | null;
  deployment: string | null;
  http_status: string | null;
}

export interface TraceLines {
  spans: number;
  // Visible lines, and the number of the first of `rows` among them.
  lines: number;
  from: number;
  // Of the span that was asked for; null while an ancestor in `closed` hides it.
  line: number | null;
  closed: string[];
  rows: TraceLine[];
}

export interface FoundSpan {
  span_id: string | null;
  position: number | null;
}

export interface FacetValue {
  value: string;
  count: number;
}

export interface Facets {
  facets: Record<string, FacetValue[]>;
  total: number;
}

export interface Bucket {
  t: number;
  group: string;
  count: number;
  errors: number;
  p50_ns: number;
  p95_ns: number;
  p99_ns: number;
  tokens: number | null;
  cost_usd: number | null;
}

export interface Series {
  interval_ms: number;
  buckets: Bucket[];
}

export interface Account {
  received: number;
  stored: number;
  cut: number;
  duplicate: number;
  sampled_out: number;
  rejected: Record<string, number>;
  in_flight: number;
  accounted: number;
}

export interface StoreState {
  ready: boolean;
  problem: string;
  database: string;
  log_bytes: number;
  rows_waiting: number;
  rows_inserted: number;
  words_waiting: number;
  child_restarts: number;
}

export interface Ledger {
  since_ns: string;
  spans: Account;
  evaluations: Account;
  metric_points: Account;
  events: Account;
  requests_rejected: Record<string, number>;
  store: StoreState;
}

// Metrics with more series than they may have, since the start of the program.
export interface CrowdedMetric {
  metric: string; // empty: those that have no counter of their own
  points_refused: number;
  values_merged: number;
  series: number;
  tags: { key: string; values: number }[]; // those with most values first
}
export interface Cardinality { since_ns: string; series_max: number; metrics: CrowdedMetric[] }

export interface Info {
  version: string;
  started_ns: string;
  listeners: { name: string; address: string }[];
  keys_exist: boolean;
  data_dir: string;
}

export interface Inserted {
  spans: number;
  traces: number;
  start_max_ns: string;
}

// What is wrong with a search, counted in characters of it.
export interface QueryProblem {
  code: string;
  message: string;
  position: number;
  length: number;
  suggestion: string | null;
}

export interface Explanation {
  problem: QueryProblem | null;
}

export interface SuggestedText {
  text: string;
  kind: 'attribute' | 'tag' | 'value';
  type: string | null;
  count: number;
}

// The characters from `begin` to `end` are what a choice replaces.
export interface Suggestions {
  begin: number;
  end: number;
  items: SuggestedText[];
}
