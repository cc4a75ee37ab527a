// What can be done with the chosen rows of a list of calls, and with those of sessions or users.
import type { Spans } from '../api/datasets';
import type { Interaction } from '../api/queues';
import type { Group, GroupKind, Row } from '../api/types';
import { type FetchPage, groupSheet, rowSheet, type Sheet } from '../lib/export_rows';
import { idOf } from '../lib/groups';
import { type ListState, type Range, requestOf } from '../lib/url_state';
import type { ForQueue } from '../parts/AddToQueue';
import { pageFetcher } from './list_data';
import { groupPages, type Paged } from './paged';

export interface ChoiceUse<T> {
  // Of everything that matches; null while it is not known.
  total: number | null;
  toQueue: (everything: boolean, rows: T[]) => ForQueue;
  toDataset: (everything: boolean, rows: T[]) => Spans | { filter: string };
  // "traces": a part of the name of the file.
  name: string;
  sheet: Sheet<T>;
  fetchPage: (signal: AbortSignal) => FetchPage<T>;
}

// Everything of a list, page by page, as items of a queue.
async function gathered<T>(
  fetchPage: FetchPage<T>, itemOf: (row: T) => Interaction, max: number,
): Promise<Interaction[]> {
  const items: Interaction[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<FetchPage<T>>> = await fetchPage(cursor);
    items.push(...page.rows.map(itemOf));
    cursor = page.next;
  } while (cursor && items.length < max);
  return items.slice(0, max);
}

// As many as a queue takes at once.
const gatheredMax = 5_000;
const bigPage = 500;

const traceOf = (row: Row) => row.trace_id || row.apm_trace_id || '';

export function useOfRows(
  state: ListState, range: Range, total: number | null,
): ChoiceUse<Row> {
  const filter = { filter: requestOf(state, range).toString() };
  return {
    total,
    toQueue: (everything, rows) => (everything ? filter : rows.map((row) => (
      state.view === 'traces' ? { type: 'trace', content_id: traceOf(row) }
        : { type: 'span', content_id: `${traceOf(row)}:${row.span_id}` }))),
    toDataset: (everything, rows) => (everything ? filter
      : { spans: rows.map((row) => ({ trace_id: traceOf(row), span_id: row.span_id })) }),
    name: state.view,
    sheet: rowSheet,
    fetchPage: (signal) => pageFetcher(state, range, signal),
  };
}

// The traces of the chosen ones, or of all that match, as the filter of a list.
function tracesOf(
  kind: GroupKind, state: ListState, range: Range, everything: boolean, rows: Group[],
): { filter: string } {
  const filter = requestOf({ ...state, view: 'traces', ...(everything ? {} : {
    filters: [], q: '', minMs: null, maxMs: null,
  }) }, range);
  // '-' leaves out those that name none.
  for (const id of everything ? ['-'] : rows.map((row) => idOf(kind, row))) filter.append(kind, id);
  return { filter: filter.toString() };
}

export function useOfGroups(
  kind: GroupKind, state: ListState, data: Paged<Group>,
): ChoiceUse<Group> {
  const fetchPage = (signal: AbortSignal) => groupPages(kind, state, data.range(), signal, bigPage);
  const session = (row: Group) => ({ type: 'session' as const, content_id: idOf(kind, row) });
  return {
    total: data.next() === null ? data.rows().length : null,
    toQueue: (everything, rows) => (kind === 'user'
      ? tracesOf(kind, state, data.range(), everything, rows)
      : everything ? { gather: () =>
        gathered(fetchPage(new AbortController().signal), session, gatheredMax) }
        : rows.map(session)),
    toDataset: (everything, rows) => tracesOf(kind, state, data.range(), everything, rows),
    name: `${kind}s`,
    sheet: groupSheet,
    fetchPage,
  };
}
