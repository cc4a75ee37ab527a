// What a person asks a deployment, as the server answers it (openapi.json: Playground,
// InferenceAsked, PlaygroundAnswer).
import { get, send } from './client';
import type { Cost } from './cost_types';

export interface Playground {
  deployments: string[];
  today: { calls: number; tokens: number };
  calls_per_day: number;
  tokens_per_day: number;
}

export interface Asked {
  model_id: string;
  messages: { role: string; content: string }[];
  temperature?: number;
  top_p?: number;
  max_completion_tokens?: number;
}

export interface Answered {
  deployment: string;
  answer: {
    said: string; finish_reason: string; model: string | null;
    tools: { function: { name: string; parameters: unknown } }[];
    input_tokens: number; output_tokens: number; reasoning_tokens: number;
    content_filter: {
      prompt: Record<string, unknown> | null; completion: Record<string, unknown> | null;
    };
  } | null;
  problem: { kind: string; words: string } | null;
  cost: Cost;
  duration_ns: number;
  trace_id: string | null;
}

export const playgroundApi = {
  about: () => get<Playground>('playground'),
  ask: (asked: Asked) => send<Answered>('POST', 'playground/ask', asked),
};
