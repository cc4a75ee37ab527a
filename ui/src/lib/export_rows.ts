// Rows as CSV or JSON Lines. Pure, but for the walk over pages, which is given its fetch.
import type { Row } from '../api/types';

export type ExportFormat = 'csv' | 'jsonl';

export const csvColumns = [
  'start', 'trace_id', 'span_id', 'name', 'kind', 'status', 'error_type', 'error_message',
  'service', 'env', 'ml_app', 'model', 'provider', 'deployment', 'session_id', 'user_id',
  'duration_ms', 'input_tokens', 'output_tokens', 'total_tokens', 'cost_usd', 'input', 'output',
] as const;

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

function csvLine(row: Row): string {
  const values: Record<(typeof csvColumns)[number], unknown> = {
    start: isoOfNs(row.start_ns), trace_id: row.trace_id || row.apm_trace_id,
    span_id: row.span_id, name: row.name, kind: row.kind, status: row.status,
    error_type: row.error_type, error_message: row.error_message, service: row.service,
    env: row.env, ml_app: row.ml_app, model: row.model, provider: row.provider,
    deployment: row.deployment, session_id: row.session_id, user_id: row.user_id,
    duration_ms: row.duration_ns / 1e6, input_tokens: row.tokens.input,
    output_tokens: row.tokens.output, total_tokens: row.trace?.tokens_total ?? row.tokens.total,
    cost_usd: row.cost_usd, input: row.input, output: row.output,
  };
  return csvColumns.map((column) => csvField(values[column])).join(',');
}

export function exportText(rows: readonly Row[], format: ExportFormat, first: boolean): string {
  const line = format === 'csv' ? csvLine : (row: Row) => JSON.stringify(row);
  // A byte order mark, or Excel takes UTF-8 for something else.
  const head = format === 'csv' && first ? `\ufeff${csvColumns.join(',')}\r\n` : '';
  return head + rows.map((row) => `${line(row)}${format === 'csv' ? '\r\n' : '\n'}`).join('');
}

interface Page {
  rows: Row[];
  next: string | null;
}

// Page by page, each let go once it is text; stops when `signal` says so.
export async function exportAll(
  fetchPage: (cursor: string | null) => Promise<Page>, format: ExportFormat, signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<Blob> {
  const parts: Blob[] = [];
  let cursor: string | null = null;
  let rows = 0;
  do {
    signal.throwIfAborted();
    const page: Page = await fetchPage(cursor);
    parts.push(new Blob([exportText(page.rows, format, parts.length === 0)]));
    rows += page.rows.length;
    onProgress(rows);
    cursor = page.next;
  } while (cursor);
  const type = format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson';
  return new Blob(parts, { type });
}
