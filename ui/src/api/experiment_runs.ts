// Experiments that the server runs (openapi.json: NewExperimentRun, ExperimentRun,
// ExperimentRunEstimate).
import { get, send } from './client';
import type { Cost } from './cost_types';

export const checks = ['exact_match', 'contains', 'json_equal'] as const;
export type Check = (typeof checks)[number];
export type Evaluator = { type: Check } | { type: 'judge'; judge: string };

export interface Plan {
  name?: string;
  dataset_id: string;
  dataset_version?: number;
  records_max?: number;
  times?: number;
  prompt?: { id: string; version: number };
  messages?: { role: string; content: string }[];
  deployment: string;
  parameters: Record<string, number>;
  evaluators: Evaluator[];
}

export interface RunProblem { kind: string; words: string }

export interface Estimate {
  name: string; dataset_version: number; records: number; rows: number; deployment: string;
  calls_left: number | null; tokens_left: number | null;
  judges: { name: string; calls_left: number | null }[];
  first: { role: string; content: string }[] | null;
  problem: RunProblem | null;
}

export interface Run {
  experiment_id: string;
  state: 'running' | 'stopped' | 'cancelled' | 'completed';
  problem: RunProblem | null;
  total: number; done: number; failed: number;
  spent: {
    judge: string | null; deployment: string; model: string | null; calls: number;
    input_tokens: number; output_tokens: number; cost: Cost;
  }[];
}

const root = 'experiment-runs';

export const experimentRunsApi = {
  estimate: (plan: Plan) => send<Estimate>('POST', `${root}/estimate`, plan),
  begin: (plan: Plan) => send<Run>('POST', root, plan),
  // Nothing for an experiment that somebody else runs.
  one: async (experiment: string): Promise<Run | null> => (await get<{ runs: Run[] }>(
    root, new URLSearchParams({ experiment_id: experiment }))).runs[0] ?? null,
  cancel: (experiment: string) => send<Run>('POST', `${root}/${experiment}/cancel`),
  goOn: (experiment: string) => send<Run>('POST', `${root}/${experiment}/continue`),
  retry: (experiment: string) => send<Run>('POST', `${root}/${experiment}/retry`),
};
