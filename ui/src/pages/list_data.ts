// Everything the list page shows, asked for together and for one and the same time range; then
// kept up to date by the event stream. News is fetched at once but shown only when asked for.
import { type Accessor, batch, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import { api, isAbort, key, type Problem } from '../api/client';
import { onInserted } from '../api/live';
import type { Facets, Row, Series } from '../api/types';
import { appendRows, mergeRows, refreshedRows, unseenRows } from '../lib/rows';
import { type Summary, summaryOf } from '../lib/summary';
import { throttled } from '../lib/throttle';
import { type ListState, type Range, requestOf, resolveRange } from '../lib/url_state';

const pageRows = 100;
const newsRows = 100;
const newsEveryMs = 1_000;
const figuresEveryMs = 5_000;
// Every client is younger than this: "ever" without an unbounded scan.
const everMs = Date.UTC(2015, 0, 1);
// Buckets stand at multiples of their length, so one as long as the range would be cut in two; the
// longest the server takes holds any range whole, but for one that spans its boundary once a year.
export const wholeSeconds = 366 * 86_400;
const facetFields = 'status,kind,service,ml_app,model,deployment,error_type,env,user';

// One page of the list as it is asked for now, for an export of all of it.
export function pageFetcher(
  state: ListState, range: Range, signal: AbortSignal, limit = 500,
) {
  return (cursor: string | null) => {
    const request = requestOf(state, range);
    request.set('limit', String(limit));
    request.set('sort', state.sort);
    if (cursor !== null) request.set('cursor', cursor);
    return api.rows(state.view, request, signal);
  };
}

export interface ListData {
  rows: Accessor<Row[]>;
  loading: Accessor<boolean>;
  loadingMore: Accessor<boolean>;
  atEnd: Accessor<boolean>;
  problem: Accessor<Problem | null>;
  range: Accessor<Range>;
  series: Accessor<Series | null>;
  facets: Accessor<Facets | null>;
  summary: Accessor<Summary | null>;
  before: Accessor<Summary | null>;
  // The newest row of all time, asked for when the range is empty; null = nothing was ever stored.
  newest: Accessor<Row | null | undefined>;
  news: Accessor<Row[]>;
  newsCapped: Accessor<boolean>;
  loadMore(): void;
  showNews(): void;
  reload(): void;
}

// The sentence, the histogram and the facets.
function createFigures(state: Accessor<ListState>) {
  const [series, setSeries] = createSignal<Series | null>(null);
  const [facets, setFacets] = createSignal<Facets | null>(null);
  const [summary, setSummary] = createSignal<Summary | null>(null);
  const [before, setBefore] = createSignal<Summary | null>(null);

  const whole = async (range: Range, signal: AbortSignal) => {
    const query = requestOf(state(), range);
    query.set('interval', String(wholeSeconds));
    return summaryOf((await api.series(query, signal)).buckets);
  };
  const load = async (range: Range, signal: AbortSignal) => {
    const query = requestOf(state(), range);
    const earlier = { fromMs: 2 * range.fromMs - range.toMs, toMs: range.fromMs };
    const facetQuery = new URLSearchParams(query);
    facetQuery.set('fields', facetFields);
    const [s, fa, now, then] = await Promise.all([
      api.series(query, signal), api.facets(facetQuery, signal),
      whole(range, signal), whole(earlier, signal),
    ]);
    batch(() => {
      setSeries(s);
      setFacets(fa);
      setSummary(now);
      setBefore(then);
    });
  };
  return { series, facets, summary, before, load };
}

// The rows and how far they reach. `load` starts over, `loadMore` goes on below.
function createRows(
  state: Accessor<ListState>, loadFigures: (range: Range, signal: AbortSignal) => Promise<void>,
) {
  const [rows, setRows] = createSignal<Row[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const [loading, setLoading] = createSignal(true);
  const [loadingMore, setLoadingMore] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  const [range, setRange] = createSignal<Range>(untrack(() => resolveRange(state(), Date.now())));
  const [newest, setNewest] = createSignal<Row | null | undefined>(undefined);
  let control = new AbortController();

  const fetchRows = (limit: number, over: Range, cursor?: string) => {
    const request = requestOf(state(), over);
    request.set('limit', String(limit));
    request.set('sort', state().sort);
    if (cursor !== undefined) request.set('cursor', cursor);
    return api.rows(state().view, request, control.signal);
  };
  const load = async () => {
    control.abort();
    control = new AbortController();
    const over = resolveRange(state(), Date.now());
    batch(() => {
      setRange(over);
      setLoading(true);
      setProblem(null);
      setNewest(undefined);
    });
    try {
      const figures = loadFigures(over, control.signal);
      // When the rows fail first they tell of it; the figures fail for the same reason.
      figures.catch(() => undefined);
      const page = await fetchRows(pageRows, over);
      const ever = { fromMs: everMs, toMs: Date.now() };
      const found = page.rows[0] ?? (await api.rows(state().view, new URLSearchParams({
        from: String(ever.fromMs), to: String(ever.toMs), view: state().view, limit: '1',
      }), control.signal)).rows[0] ?? null;
      batch(() => {
        setRows(page.rows);
        setNext(page.next);
        setNewest(found);
        setLoading(false);
      });
      await figures;
    } catch (error) {
      if (isAbort(error)) return;
      batch(() => {
        setProblem(error as Problem);
        setLoading(false);
      });
    }
  };
  const loadMore = async () => {
    const cursor = next();
    if (!cursor || loadingMore() || loading()) return;
    setLoadingMore(true);
    try {
      const page = await fetchRows(pageRows, range(), cursor);
      batch(() => {
        setRows((shown) => appendRows(shown, page.rows));
        setNext(page.next);
      });
    } catch (error) {
      if (!isAbort(error)) setProblem(error as Problem);
    } finally {
      setLoadingMore(false);
    }
  };
  return {
    rows, setRows, next, loading, loadingMore, problem, range, setRange, newest, setNewest,
    fetchRows, load, loadMore, signal: () => control.signal, stop: () => control.abort(),
  };
}

export function createListData(
  state: Accessor<ListState>, query: Accessor<string>, mayInsert: () => boolean,
  wanted: Accessor<boolean>,
): ListData {
  const figures = createFigures(state);
  const list = createRows(state, figures.load);
  const [news, setNews] = createSignal<Row[]>([]);
  const [newsCapped, setNewsCapped] = createSignal(false);

  const load = () => {
    setNews([]);
    void list.load();
  };
  let figuresAt = 0;
  const refreshFigures = () => {
    figuresAt = Date.now();
    list.setRange(resolveRange(state(), figuresAt));
    // A figure that could not be refreshed is refreshed with the next news.
    figures.load(list.range(), list.signal()).catch(() => undefined);
  };
  const showNews = () => {
    const unseen = news();
    if (unseen.length === 0) return;
    // More came than was fetched: what lies between is only in a fresh first page.
    if (newsCapped()) {
      load();
      return;
    }
    batch(() => {
      list.setRows((shown) => mergeRows(shown, unseen));
      setNews([]);
    });
    if (Date.now() - figuresAt > figuresEveryMs) refreshFigures();
  };
  const checkNews = async () => {
    // News has a place at the top of a list that begins with the newest, and in no other.
    if (state().sort !== '-start' || state().to !== 'now' || list.loading() || list.problem() ||
      document.hidden) return;
    try {
      const page = await list.fetchRows(newsRows, resolveRange(state(), Date.now()));
      const unseen = unseenRows(list.rows(), page.rows, list.next() === null);
      batch(() => {
        list.setRows((shown) => refreshedRows(shown, page.rows));
        setNews(unseen);
        setNewsCapped(unseen.length >= newsRows);
      });
      // An empty list has nothing that could jump.
      if (list.rows().length === 0 || (state().live && mayInsert())) showNews();
    } catch {
      // The stream tells again after the next insert.
    }
  };
  const check = throttled(() => void untrack(checkNews), newsEveryMs);
  const stopListening = onInserted(check.run);
  onCleanup(() => {
    stopListening();
    check.stop();
    list.stop();
  });

  const asked = () => {
    const plain = new URLSearchParams(query());
    plain.delete('live');
    plain.delete('cols');
    return `${plain.toString()}|${key()}`;
  };
  createEffect(on(() => wanted() && asked(), (now) => { if (now) untrack(load); }));

  return {
    ...list, news, newsCapped, showNews,
    series: figures.series,
    facets: figures.facets,
    summary: figures.summary,
    before: figures.before,
    atEnd: () => list.next() === null,
    loadMore: () => void list.loadMore(),
    reload: load,
  };
}
