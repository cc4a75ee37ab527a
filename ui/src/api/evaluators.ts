// What is judged, how it is set, and what came of it, as the server answers it.
import { get, send } from './client';

// The list that an evaluator judges by; one of the two.
export interface Options { tokens?: string[]; topics?: { name: string; words?: string[] }[] }

export interface Settings {
  enabled: boolean;
  threshold: number | null;
  sampling: number;
  query: string;
  options: Options | null;
  keep_passes: boolean;
  author: string | null;
  changed: string | null;
}

export interface Evaluator {
  id: string;
  version: number;
  scope: 'span' | 'trace' | 'session';
  own_threshold: number | null;
  fails_below: boolean;
  asks_for: 'tokens' | 'topics' | null;
  settings: Settings;
  judged: number;
  failed: number;
  skipped: Record<string, number>;
  seconds: number;
}

export interface Engine {
  running: boolean;
  behind_bytes: number;
  skipped_bytes: number;
  spans: number;
  cpu_seconds: number;
  waiting: number;
  problem: string | null;
}

export interface Bucket { start_ms: number; judged: number; failed: number }

export interface CountsLine {
  id: string;  // made here (lib/judged.ts)
  evaluator: string;
  version: number;
  app: string | null;
  judged: number;
  failed: number;
  buckets: Bucket[];
}

export interface Counts { lines: CountsLine[]; interval_ms: number; from_ns: string; to_ns: string }

export interface Difference { trace_id: string; span_id: string | null; people: 'pass' | 'fail' }

export interface AgreementLine {
  id: string;  // the evaluator's, made here
  evaluator: string;
  both_fail: number;
  only_people: number;
  only_evaluator: number;
  both_pass: number;
  not_judged: number;
  precision: number | null;
  recall: number | null;
  kappa: number | null;
  differences: Difference[];
}

export interface Finding { side: 'input' | 'output'; begin: number; end: number; rule: string }

export interface Verdict {
  evaluator: string;
  value: unknown;
  assessment: '' | 'pass' | 'fail';
  reasoning: string;
  findings: Finding[];
}

export interface Run {
  id: number;
  evaluator: string;
  version: number;
  from_ns: string;
  to_ns: string;
  state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  spans: number;
  seen: number;
  judged: number;
  failed: number;
  author: string;
  problem: string | null;
}

export const evaluatorsApi = {
  all: () => get<{ engine: Engine; evaluators: Evaluator[] }>('evaluators'),
  put: (id: string, settings: Record<string, unknown>) =>
    send<Settings>('PUT', `evaluators/${id}`, settings),
  history: (id: string) => get<{ history: Settings[] }>(`evaluators/${id}/history`),
  counts: (query: URLSearchParams) => get<Counts>('evaluators/counts', query),
  agreement: (query: URLSearchParams) =>
    get<{ lines: AgreementLine[] }>('evaluators/agreement', query),
  test: (input: string, output: string) =>
    send<{ verdicts: Verdict[] }>('POST', 'evaluators/test', { input, output }),
  runs: () => get<{ runs: Run[] }>('evaluators/runs'),
  begin: (run: { evaluator: string; from: string; to: string }) =>
    send<{ id: number }>('POST', 'evaluators/runs', run),
  cancel: (id: number) => send('DELETE', `evaluators/runs/${id}`),
};
