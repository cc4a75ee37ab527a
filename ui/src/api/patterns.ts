// Topics of the inputs of a period; openapi.json describes every field.
import { get } from './client';
import type { Figures } from './insights';

export interface Example {
  trace_id: string;
  span_id: string;
  start_ns: string;
  text: string;
  times: number;
  failed: boolean;
}

export type Trend = 'steady' | 'appeared' | 'grown' | 'shrunk';

export interface Topic {
  phrases: string[];
  share: number;
  share_before: number;
  trend: Trend;
  now: Figures;
  before: Figures;
  examples: Example[];
  span_ids: string[];
}

export interface Patterns {
  state: 'done';
  calls: number;
  calls_before: number;
  looked_at: number;
  looked_at_before: number;
  without_text: number;
  method: 'words' | 'embeddings';
  embedding_problem: string | null;
  topics: Topic[];
  others: Topic;
}

interface Running { state: 'running'; progress: number }

const pauseMs = 400;

// Asks until the answer is there. `left` ends it: the server gives up what nobody asks about.
export async function askForPatterns(
  query: URLSearchParams, onProgress: (progress: number) => void, left: () => boolean,
): Promise<Patterns | null> {
  while (!left()) {
    const answer = await get<Patterns | Running>('patterns', query);
    if (answer.state === 'done') return answer;
    onProgress(answer.progress);
    await new Promise((resume) => setTimeout(resume, pauseMs));
  }
  return null;
}
