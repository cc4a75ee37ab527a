// Rows as CSV or JSON Lines. Pure, but for the walk over pages, which is given its fetch.
import type { Group, Row } from '../api/types';

export type ExportFormat = 'csv' | 'jsonl';

// What a spreadsheet of such rows has: its columns, and the values of a row in their order.
export interface Sheet<T> {
  columns: readonly string[];
  values: (row: T) => unknown[];
}

export function isoOfNs(ns: string): string {
  const value = BigInt(ns);
  const rest = String(((value % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, '0');
  return new Date(Number(value / 1_000_000n)).toISOString().replace(/\.\d+Z$/, `.${rest}Z`);
}

// A spreadsheet would run a text that begins like a formula, and these texts are strangers'.
export function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const rowSheet: Sheet<Row> = {
  columns: [
    'start', 'trace_id', 'span_id', 'name', 'kind', 'status', 'error_type', 'error_message',
    'service', 'env', 'ml_app', 'model', 'provider', 'deployment', 'session_id', 'user_id',
    'duration_ms', 'input_tokens', 'output_tokens', 'total_tokens', 'cost_usd', 'input', 'output',
  ],
  values: (row) => [
    isoOfNs(row.start_ns), row.trace_id || row.apm_trace_id, row.span_id, row.name, row.kind,
    row.status, row.error_type, row.error_message, row.service, row.env, row.ml_app, row.model,
    row.provider, row.deployment, row.session_id, row.user_id, row.duration_ns / 1e6,
    row.tokens.input, row.tokens.output, row.trace?.tokens_total ?? row.tokens.total, row.cost_usd,
    row.input, row.output,
  ],
};

export const groupSheet: Sheet<Group> = {
  columns: [
    'first', 'last', 'session_id', 'user_id', 'ml_app', 'sessions', 'traces', 'failed_traces',
    'spans', 'errors', 'llm_calls', 'busy_ms', 'input_tokens', 'output_tokens', 'total_tokens',
    'cost_usd', 'feedback', 'feedback_good', 'feedback_bad', 'input', 'output',
  ],
  values: (row) => [
    isoOfNs(row.start_ns), isoOfNs(row.last_ns), row.session_id, row.user_id, row.ml_app,
    row.sessions, row.traces, row.failed_traces, row.spans, row.errors, row.llm_calls,
    row.busy_ns / 1e6, row.tokens.input, row.tokens.output, row.tokens.total, row.cost_usd,
    row.feedback.count, row.feedback.good, row.feedback.bad, row.input, row.output,
  ],
};

export function exportText<T>(
  rows: readonly T[], format: ExportFormat, first: boolean, sheet: Sheet<T>,
): string {
  const line = (row: T) => (format === 'csv' ? sheet.values(row).map(csvField).join(',')
    : JSON.stringify(row));
  // A byte order mark, or Excel takes UTF-8 for something else.
  const head = format === 'csv' && first ? `\ufeff${sheet.columns.join(',')}\r\n` : '';
  return head + rows.map((row) => `${line(row)}${format === 'csv' ? '\r\n' : '\n'}`).join('');
}

export interface Page<T> {
  rows: T[];
  next: string | null;
}
export type FetchPage<T> = (cursor: string | null) => Promise<Page<T>>;

// Page by page, each let go once it is text; stops when `signal` says so.
export async function exportAll<T>(
  fetchPage: FetchPage<T>, format: ExportFormat, signal: AbortSignal,
  onProgress: (rows: number) => void, sheet: Sheet<T>,
): Promise<Blob> {
  const parts: Blob[] = [];
  let cursor: string | null = null;
  let rows = 0;
  do {
    signal.throwIfAborted();
    const page: Page<T> = await fetchPage(cursor);
    parts.push(new Blob([exportText(page.rows, format, parts.length === 0, sheet)]));
    rows += page.rows.length;
    onProgress(rows);
    cursor = page.next;
  } while (cursor);
  const type = format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson';
  return new Blob(parts, { type });
}
