// The list's rows as they grow: pages appended below, news put on top, nothing twice.
import type { Row } from '../api/types';

export function rowKey(row: Row): string {
  return `${row.trace_id}:${row.span_id}`;
}

export function appendRows(rows: readonly Row[], more: readonly Row[]): Row[] {
  const known = new Set(rows.map(rowKey));
  return [...rows, ...more.filter((row) => !known.has(rowKey(row)))];
}

function newestFirst(a: Row, b: Row): number {
  if (a.start_ns.length !== b.start_ns.length) return b.start_ns.length - a.start_ns.length;
  return a.start_ns < b.start_ns ? 1 : a.start_ns > b.start_ns ? -1 : 0;
}

// Rows of `latest` that are not shown yet. Older ones than the last shown come with their page,
// unless there are no more pages.
export function unseenRows(
  rows: readonly Row[], latest: readonly Row[], atEnd: boolean,
): Row[] {
  const known = new Set(rows.map(rowKey));
  const oldest = rows.at(-1);
  return latest.filter((row) =>
    !known.has(rowKey(row)) && (atEnd || !oldest || newestFirst(row, oldest) < 0));
}

// The rows with what is newly known of them (a trace grows as its spans arrive), each in its
// place. A row that did not change keeps its identity.
export function refreshedRows(rows: readonly Row[], latest: readonly Row[]): Row[] {
  const fresh = new Map(latest.map((row) => [rowKey(row), row]));
  return rows.map((row) => {
    const now = fresh.get(rowKey(row));
    return now && JSON.stringify(now) !== JSON.stringify(row) ? now : row;
  });
}

export function mergeRows(rows: readonly Row[], unseen: readonly Row[]): Row[] {
  return [...unseen, ...rows].sort(newestFirst);
}

// The length of a full bar: the slowest row, unless it is so slow that the others would all be
// drawn as nothing.
export function durationScale(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b);
  const max = sorted.at(-1) ?? 1;
  const typical = sorted[Math.floor((sorted.length - 1) * 0.9)] ?? max;
  return Math.max(1, Math.min(max, typical * 2.5));
}
