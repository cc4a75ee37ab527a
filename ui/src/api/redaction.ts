// What is taken out of texts before they are stored, as the server answers it.
import { get, send } from './client';

export const actions = ['mask', 'hash', 'drop', 'keep'] as const;
export type Action = (typeof actions)[number];

export interface Rule {
  id: number;
  name: string | null;
  app: string;
  target: string;
  pattern: string | null;
  action: Action;
  enabled: boolean;
}

export interface Version { seq: number; rule: Rule; removed: boolean; author: string; at: string }

export interface Redaction {
  rules: Rule[];
  history: Version[];
  built_in: { name: string; class: 'pii' | 'secrets'; provider: string | null }[];
}

export interface Found { begin: number; end: number; rule: string; action: Action }

export interface Line { app: string | null; rule: string; times: number; rows: number }

export interface DryRun { spans: number; spans_hit: number; counts: Line[]; next: string | null }

export const redactionApi = {
  all: () => get<Redaction>('redaction'),
  put: (rule: Record<string, unknown>) => send<{ id: number }>('POST', 'redaction/rules', rule),
  remove: (id: number) => send('DELETE', `redaction/rules/${id}`),
  undo: (seq: number) => send('POST', `redaction/history/${seq}/undo`),
  test: (body: Record<string, unknown>) =>
    send<{ text: string; found: Found[] }>('POST', 'redaction/test', body),
  dryRun: (body: Record<string, unknown>) => send<DryRun>('POST', 'redaction/dry-run', body),
  report: (query: URLSearchParams) => get<{ lines: Line[] }>('redaction/report', query),
};
