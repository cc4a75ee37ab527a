// Judges, as the server answers them (openapi.json: Judge, JudgeSettings, JudgeTrial).
import { get, send } from './client';
import type { Cost } from './cost_types';

export const outputs = ['boolean', 'score', 'categorical', 'json'] as const;
export type Output = (typeof outputs)[number];
export const roles = ['system', 'user', 'assistant'] as const;
export type Role = (typeof roles)[number];

export interface PromptMessage { role: Role; text: string }

export interface Settings {
  label: string;
  prompt: PromptMessage[];
  output: Output;
  score_min: number;
  score_max: number;
  categories: string[];
  schema: Record<string, unknown> | null;
  reasoning: boolean;
  criteria: { pass_values: string[]; score_min: number | null; score_max: number | null };
  temperature: number | null;
  output_tokens_max: number;
  deployment: string;
  kinds: string[];
  apps: string[];
  query: string;
  sampling: number;
  calls_per_day: number;
  tokens_per_day: number;
}

export interface Judge {
  id: number;
  name: string;
  draft: Settings;
  version: number | null;
  published: Settings | null;
  changed: boolean;
  author: string;
  updated: string;
  today: {
    calls: number; tokens: number; judged: number; failed: number;
    not_judged: Record<string, number>;
  };
}

export interface Judges {
  judges: Judge[];
  deployments: string[];
  templates: Settings[];
  variables: string[];
  waiting: number;
}

export interface Trial {
  sent: { messages?: { role: string; content: string }[] } | null;
  said: string | null;
  verdict: {
    type: Output; value: unknown; assessment: 'pass' | 'fail' | null; reasoning: string | null;
  } | null;
  problem: { kind: string; words: string } | null;
  deployment: string;
  model: string | null;
  input_tokens: number;
  output_tokens: number;
  cost: Cost;
  duration_ns: number;
  trace_id: string | null;
}

export const judgesApi = {
  all: () => get<Judges>('judges'),
  make: (name: string, draft: Settings) => send<{ id: number }>('POST', 'judges', { name, draft }),
  edit: (id: number, name: string, draft: Settings) =>
    send('PUT', `judges/${id}`, { name, draft }),
  remove: (id: number) => send('DELETE', `judges/${id}`),
  publish: (id: number) => send<{ version: number }>('POST', `judges/${id}/publish`),
  unpublish: (id: number) => send('POST', `judges/${id}/unpublish`),
  tryOut: (judge: Settings, trace: string, span: string) =>
    send<Trial>('POST', 'judges/try', { judge, trace_id: trace, span_id: span }),
  run: (id: number, trace: string) =>
    send<{ queued: number; queue_full: number; not_found: number }>(
      'POST', `judges/${id}/run`, { traces: [trace] }),
};
