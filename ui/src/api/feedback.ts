// What a person says about a span, a trace or a session.
import { get, send } from './client';
import type { Evaluation } from './types';

export interface FeedbackTarget {
  about: 'span' | 'trace' | 'session';
  trace_id?: string;
  span_id?: string;
  session_id?: string;
  ml_app?: string;
}

export interface Judgement {
  name: string;
  value?: boolean | number | string;
  type?: 'text';
  comment?: string;
  assessment?: 'pass' | 'fail';
  withdrawn?: true;
}

// Their ids stand in the address.
const tracesAtOnce = 100;

export const feedbackApi = {
  give: (target: FeedbackTarget, said: Judgement, author: string) =>
    send<{ id: string }>('POST', 'feedback', { ...target, about: undefined, ...said, author }),
  ofSession: async (session: string) => (await get<{ evaluations: Evaluation[] }>(
    'evaluations', new URLSearchParams({ session }))).evaluations,
  // What was said of each of these traces or of a step in it.
  ofTraces: async (ids: string[]) => {
    const parts: Promise<{ evaluations: Evaluation[] }>[] = [];
    for (let from = 0; from < ids.length; from += tracesAtOnce) {
      parts.push(get('evaluations', new URLSearchParams(
        ids.slice(from, from + tracesAtOnce).map((id) => ['trace_id', id]))));
    }
    return (await Promise.all(parts)).flatMap((part) => part.evaluations);
  },
};
