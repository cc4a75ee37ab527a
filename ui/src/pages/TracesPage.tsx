// Which calls? The list with its sentence, histogram, facets and filters; a chosen trace opens in
// a drawer over it, so that the place in the list is kept.
import { A, useLocation, useNavigate, useParams } from '@solidjs/router';
import {
  createEffect, createSignal, type JSX, lazy, Match, on, Show, Suspense, Switch,
} from 'solid-js';
import { connected } from '../api/live';
import type { Row } from '../api/types';
import { tToQueue } from '../i18n/choosing';
import { tDatasets } from '../i18n/datasets';
import { f } from '../i18n/language';
import { tFilters, tList, tLive } from '../i18n/list';
import { tMonitors } from '../i18n/monitors';
import { tCommon } from '../i18n/shell';
import { tTrace } from '../i18n/trace';
import { createChoice } from '../lib/choice';
import { msOfNs } from '../lib/format';
import { useShortcuts } from '../lib/keys';
import { queryOfList } from '../lib/monitor';
import { rowKey } from '../lib/rows';
import { useTitle } from '../lib/title';
import { columnOf, nextSort, presetReaching, pressed, requestOf } from '../lib/url_state';
import { ColumnPicker } from '../parts/ColumnPicker';
import { AddToQueue } from '../parts/AddToQueue';
import { AddToDataset } from '../parts/DatasetParts';
import { Facets } from '../parts/Facets';
import { FilterChips, ViewSwitch } from '../parts/FilterBar';
import { Histogram } from '../parts/Histogram';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { SavedViews } from '../parts/SavedViews';
import { TraceSkeleton } from '../parts/Skeleton';
import { SearchBox } from '../parts/SearchBox';
import { Sentence } from '../parts/Sentence';
import { TimeRange } from '../parts/TimeRange';
import { TraceTable } from '../parts/TraceTable';
import { useOfRows } from './choice_use';
import { ForChosen } from './ForChosen';
import { createListData, type ListData } from './list_data';
import { ExportMenu } from './ExportMenu';
import { type ListControl, useListState } from './list_state';
import { viewIn } from './trace_address';

const ConnectGuide = lazy(() => import('./ConnectGuide'));
// Fetched when the reader comes near the rows, so that it is there at the click.
const loadTraceView = () => import('./TraceView');
const TraceView = lazy(loadTraceView);

export default function TracesPage(): JSX.Element {
  const params = useParams<{ id?: string }>();
  const location = useLocation();
  const navigate = useNavigate();
  const list = useListState();
  const [pointing, setPointing] = createSignal(false);
  const [scrolled, setScrolled] = createSignal(false);
  const [facetsOpen, setFacetsOpen] = createSignal(false);
  const full = () => new URLSearchParams(location.search).get('full') === '1';
  // The list behind a trace that fills the page waits until the trace is there: its figures would
  // keep the database busy.
  const [traceShown, setTraceShown] = createSignal(false);
  const data = createListData(list.state, list.query, () => !pointing() && !scrolled(),
    () => !(params.id && full()) || traceShown());
  const choice = createChoice(data.rows, rowKey);
  // Another list has other rows.
  createEffect(on(list.query, () => choice.clear(), { defer: true }));
  const listHref = () => `/traces${list.query() ? `?${list.query()}` : ''}`;
  const hrefOf = (row: Row) => {
    const query = new URLSearchParams(list.query());
    // The next trace is looked at in the same way.
    if (viewIn(location.search) !== 'tree') query.set('show', viewIn(location.search));
    if (params.id && full()) query.set('full', '1');
    // In the list of spans the row is the span, so the trace opens on it.
    if (list.state().view !== 'traces') query.set('span', row.span_id);
    const text = query.toString();
    return `/traces/${row.trace_id || row.apm_trace_id}${text ? `?${text}` : ''}`;
  };
  const close = () => navigate(listHref(), { scroll: false });

  // The neighbours of the open trace in the list.
  const step = (by: number) => {
    if (!params.id) return false;
    const rows = data.rows();
    const at = rows.findIndex((row) =>
      row.trace_id === params.id || row.apm_trace_id === params.id);
    const row = at < 0 ? undefined : rows[at + by];
    if (at + by >= rows.length - 2) data.loadMore();
    if (row) navigate(hrefOf(row), { scroll: false, replace: true });
    return true;
  };

  useTitle(() => params.id ? tTrace().title : tList().title);
  useShortcuts({
    '[': () => step(-1),
    ']': () => step(1),
    '.': () => data.showNews(),
    l: () => list.update({ live: !list.state().live }),
    o: () => list.update({ sort: `-${nextSort(list.state().sort)}` }),
    O: () => list.update({ sort: pressed(list.state().sort, columnOf(list.state().sort)) }),
    Escape: () => {
      if (!facetsOpen()) return false;
      setFacetsOpen(false);
      return true;
    },
  });

  return (
    <div class="traces" classList={{ covered: Boolean(params.id) && full() }}>
      <Show when={!(params.id && full())}>
        <ListTop list={list} data={data} onFacets={() => setFacetsOpen(!facetsOpen())}
          facetsOpen={facetsOpen()} paused={pointing() || scrolled()} />
        <ForChosen choice={choice} use={useOfRows(list.state(), data.range(),
          data.summary()?.count ?? null)} />
        <div class="list-body">
          <aside class="facet-pane" classList={{ shown: facetsOpen() }}
            aria-label={tFilters().label}>
            <div class="facet-pane-head">
              <strong>{tFilters().label}</strong>
              <button type="button" class="bare" aria-label={tCommon().close}
                onClick={() => setFacetsOpen(false)}><Icon name="close" /></button>
            </div>
            <Facets facets={data.facets()} filters={list.state().filters}
              onToggle={(filter) => list.toggle(filter)} />
          </aside>
          <div class="list-pane" onPointerLeave={() => setPointing(false)}
            onFocusIn={() => void loadTraceView()}
            onPointerEnter={() => { setPointing(true); void loadTraceView(); }}>
            <Show when={data.problem()} fallback={
              <TraceTable
                rows={data.rows()}
                loading={data.loading()}
                withDay={data.range().toMs - data.range().fromMs > 20 * 36e5}
                openId={params.id ?? null}
                columns={list.state().columns}
                sort={list.state().sort}
                onSort={(column) => list.update({ sort: pressed(list.state().sort, column) })}
                listKey={`traces?${list.query()}`}
                footer={<ListEnd list={list} data={data} />}
                hrefOf={hrefOf}
                onNearEnd={data.loadMore}
                onScroll={(top) => setScrolled(top > 40)}
                choice={choice}
              />
            }>
              {(problem) => <ProblemNotice problem={problem()} onRetry={data.reload} />}
            </Show>
          </div>
        </div>
      </Show>
      <Show when={params.id}>
        {(id) => (
          <Suspense fallback={
            <div class="trace-view" classList={{ drawer: !full(), full: full() }}>
              <TraceSkeleton /></div>}>
            <TraceView id={id()} full={full()} listHref={listHref()} onClose={close}
              onShown={() => setTraceShown(true)} />
          </Suspense>
        )}
      </Show>
    </div>
  );
}

function ListTop(props: {
  list: ListControl; data: ListData; onFacets: () => void; facetsOpen: boolean; paused: boolean;
}): JSX.Element {
  const state = () => props.list.state();
  return (
    <header class="list-top">
      <h1 class="off-screen">{tList().title}</h1>
      <div class="bar-line">
        <SearchBox value={state().q} onSearch={(q) => props.list.update({ q })} />
        <button type="button" class="button facets-button" aria-expanded={props.facetsOpen}
          aria-label={[tFilters().show, state().filters.length || ''].join(' ').trim()}
          onClick={() => props.onFacets()}>
          <Icon name="filter" /> <span class="facets-word">{tFilters().show}</span>
          <Show when={state().filters.length > 0}>
            <span class="badge">{state().filters.length}</span>
          </Show>
        </button>
        <ViewSwitch view={state().view} onView={(view) => props.list.update({ view })} />
        <span class="spacer" />
        <News list={props.list} data={props.data} paused={props.paused} />
        <ColumnPicker columns={state().columns}
          onColumns={(columns) => props.list.update({ columns })} />
        <SavedViews path="/traces" query={props.list.query()} />
        <AddToDataset title={tDatasets().addResult} what={() => ({
          filter: requestOf(state(), props.data.range()).toString(),
        })} />
        <AddToQueue title={tToQueue().addResult} what={() => ({
          filter: requestOf(state(), props.data.range()).toString(),
        })} />
        <A class="button" data-testid="monitor-search"
          href={`/monitors/new?query=${encodeURIComponent(queryOfList(state()))}`}>
          {tMonitors().monitorSearch}</A>
        <ExportMenu state={state()} range={props.data.range()}
          total={props.data.summary()?.count ?? null} />
        <TimeRange state={state()} range={props.data.range()}
          onRange={(from, to) => props.list.update({ from, to })} />
      </div>
      <FilterChips state={state()} onRemove={(filter) => props.list.toggle(filter)}
        onClear={() => props.list.update({ filters: [] })} />
      <Sentence state={state()} range={props.data.range()} summary={props.data.summary()}
        before={props.data.before()} />
      <Histogram series={props.data.series()} range={props.data.range()}
        onRange={(range) => props.list.update({
          from: String(range.fromMs), to: String(range.toMs),
        })} />
    </header>
  );
}

function News(props: { list: ListControl; data: ListData; paused: boolean }): JSX.Element {
  const live = () => props.list.state().live;
  return (
    <>
      <span class="pill-place" aria-live="polite">
        <Show when={props.data.news().length > 0}>
          <button type="button" class="pill" data-testid="live-pill" title={tLive().pillTitle}
            onClick={() => props.data.showNews()}>
            {tLive().pill(props.data.news().length, props.data.newsCapped())}
          </button>
        </Show>
      </span>
      <button type="button" class="button live" data-testid="live-toggle" aria-pressed={live()}
        classList={{ on: live(), lost: !connected(), paused: live() && props.paused }}
        title={!connected() ? tLive().lost : live() ? tLive().on : tLive().off}
        onClick={() => props.list.update({ live: !live() })}>
        <span class="dot" aria-hidden="true" /> {live() && props.paused
          ? tLive().paused : tLive().toggle}
      </button>
    </>
  );
}

// What stands below the rows: more to come, the end, or why there is nothing.
function ListEnd(props: { list: ListControl; data: ListData }): JSX.Element {
  const state = () => props.list.state();
  const filtered = () =>
    state().filters.length > 0 || state().q !== '' ||
    state().minMs !== null || state().maxMs !== null;
  const showNewest = (row: Row) => {
    const startMs = msOfNs(row.start_ns);
    const preset = presetReaching(Date.now() - startMs);
    props.list.update(preset
      ? { from: `now-${preset}`, to: 'now' }
      : { from: String(startMs - 432e5), to: String(startMs + 432e5) });
  };
  const empty = () => !props.data.loading() && props.data.rows().length === 0;
  return (
    <Switch>
      <Match when={empty() && filtered()}>
        <div class="empty">
          <p>{tList().emptyFiltered}</p>
          <button type="button" class="button" onClick={() => props.list.update({
            filters: [], q: '', minMs: null, maxMs: null,
          })}>{tList().clearFilters}</button>
        </div>
      </Match>
      <Match when={empty() && props.data.newest()}>
        {(row) => (
          <div class="empty" data-testid="list-empty">
            <p>{tList().emptyRange} {tList().emptyNewest(
              f().dateTime(msOfNs((row() as Row).start_ns)))}</p>
            <button type="button" class="primary" onClick={() => showNewest(row() as Row)}>
              {tList().showNewest}</button>
          </div>
        )}
      </Match>
      <Match when={empty() && props.data.newest() === null && state().view !== 'traces'}>
        <p class="empty">{tList().emptyView}</p>
      </Match>
      <Match when={empty() && props.data.newest() === null}>
        <div class="empty wide"><Suspense><ConnectGuide empty /></Suspense></div>
      </Match>
      <Match when={props.data.loadingMore()}>
        <p class="list-end">{tList().loadingMore}</p>
      </Match>
      <Match when={props.data.rows().length > 0 && props.data.atEnd()}>
        <p class="list-end">{tList().end}</p>
      </Match>
    </Switch>
  );
}
