// Rows asked for page by page under one time range, from the beginning when the question changes.
import { type Accessor, batch, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import { api, key, type Problem } from '../api/client';
import type { Group, GroupKind } from '../api/types';
import type { FetchPage, Page } from '../lib/export_rows';
import { type ListState, type Range, requestOf, resolveRange } from '../lib/url_state';

export interface Paged<T> {
  rows: Accessor<T[]>;
  next: Accessor<string | null>;
  loading: Accessor<boolean>;
  problem: Accessor<Problem | null>;
  range: Accessor<Range>;
  reload: () => void;
  more: () => void;
}

export function createPaged<T>(
  state: Accessor<ListState>, asked: Accessor<string>,
  pageOf: (state: ListState, range: Range, signal: AbortSignal) => FetchPage<T>,
): Paged<T> {
  const [rows, setRows] = createSignal<T[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const [loading, setLoading] = createSignal(true);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const [range, setRange] = createSignal(untrack(() => resolveRange(state(), Date.now())));
  let control = new AbortController();
  const load = async (cursor: string | null) => {
    if (cursor === null) {
      control.abort();
      control = new AbortController();
      setRange(resolveRange(state(), Date.now()));
    }
    const mine = control;
    setLoading(true);
    try {
      const page: Page<T> = await pageOf(state(), range(), mine.signal)(cursor);
      batch(() => {
        setRows((shown) => (cursor === null ? page.rows : [...shown, ...page.rows]));
        setNext(page.next);
        setProblem(null);
      });
    } catch (error) {
      if (!mine.signal.aborted) setProblem(error as Problem);
    } finally {
      if (mine === control) setLoading(false);
    }
  };
  createEffect(on(() => `${asked()}|${key()}`, () => untrack(() => void load(null))));
  onCleanup(() => control.abort());
  return {
    rows, next, loading, problem, range, reload: () => void load(null),
    more: () => { if (next() && !loading()) void load(next()); },
  };
}

// Pages of sessions or users under the filters of a list.
export function groupPages(
  kind: GroupKind, state: ListState, range: Range, signal: AbortSignal, limit = 100,
): FetchPage<Group> {
  return (cursor) => {
    const request = requestOf(state, range);
    request.delete('view');
    // A session is as new as its last span.
    request.set('sort', state.sort.replace('start', 'last'));
    request.set('limit', String(limit));
    if (cursor !== null) request.set('cursor', cursor);
    return api.groups(kind, request, signal);
  };
}
