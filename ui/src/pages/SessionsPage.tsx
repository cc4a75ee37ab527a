// Which conversations? Sessions over many traces, the one active last first.
import { A, useNavigate } from '@solidjs/router';
import {
  batch, createEffect, createMemo, createSignal, For, type JSX, Match, on, onCleanup, Show, Switch,
  untrack,
} from 'solid-js';
import { api, key, type Problem } from '../api/client';
import type { Session } from '../api/types';
import { f, t } from '../i18n';
import { msOfNs } from '../lib/format';
import { useShortcuts } from '../lib/keys';
import { durationScale } from '../lib/rows';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import {
  columnOf, type ListState, pressed, requestOf, resolveRange, type Sort, type SortColumn,
} from '../lib/url_state';
import { FilterChips } from '../parts/FilterBar';
import { SearchBox } from '../parts/SearchBox';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { SavedViews } from '../parts/SavedViews';
import { TimeRange } from '../parts/TimeRange';
import { type ListControl as Rows, VirtualList } from '../parts/VirtualList';
import { useListState } from './list_state';

const pageRows = 100;
// Around a session, so that its page finds all of it.
const slackMs = 6 * 36e5;

// From the first question to the last; of a single one, how long it took.
export function sessionNs(session: Session): number {
  if (session.traces <= 1) return session.busy_ns;
  return Number(BigInt(session.last_ns) - BigInt(session.start_ns));
}

function createSessions(state: () => ListState, query: () => string) {
  const [rows, setRows] = createSignal<Session[]>([]);
  const [next, setNext] = createSignal<string | null>(null);
  const [loading, setLoading] = createSignal(true);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  let control = new AbortController();
  let range = untrack(() => resolveRange(state(), Date.now()));
  const load = async (cursor: string | null) => {
    if (cursor === null) {
      control.abort();
      control = new AbortController();
      range = resolveRange(state(), Date.now());
    }
    const mine = control;
    setLoading(true);
    const request = requestOf(state(), range);
    request.delete('view');
    // A session is as new as its last span.
    request.set('sort', state().sort.replace('start', 'last'));
    request.set('limit', String(pageRows));
    if (cursor !== null) request.set('cursor', cursor);
    try {
      const page = await api.sessions(request, mine.signal);
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
  createEffect(on(() => `${query()}|${key()}`, () => untrack(() => void load(null))));
  onCleanup(() => control.abort());
  return {
    rows, next, loading, problem, range: () => range, reload: () => void load(null),
    more: () => { if (next() && !loading()) void load(next()); },
  };
}

export function SessionsPage(): JSX.Element {
  const navigate = useNavigate();
  const list = useListState('/sessions');
  const data = createSessions(list.state, list.query);
  const [active, setActive] = createSignal(-1);
  let rows: Rows | undefined;
  const scaleNs = createMemo(() => durationScale(data.rows().map(sessionNs)));
  const hrefOf = (session: Session) => {
    const from = msOfNs(session.start_ns) - slackMs;
    const to = msOfNs(session.last_ns) + slackMs;
    return `/sessions/${encodeURIComponent(session.session_id)}?from=${from}&to=${to}`;
  };
  const move = (by: number) => {
    const to = Math.max(0, Math.min(data.rows().length - 1, active() + by));
    setActive(to);
    rows?.show(to);
    rows?.element().focus({ preventScroll: true });
  };
  const open = () => {
    const session = data.rows()[active()];
    if (!session) return false;
    navigate(hrefOf(session));
    return true;
  };
  useTitle(() => t().sessions.title);
  useShortcuts({ j: () => move(1), k: () => move(-1), Enter: open });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = ({ ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -1e9, End: 1e9 } as
      Record<string, number>)[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };
  return (
    <div class="traces">
      <header class="list-top">
        <h1 class="off-screen">{t().sessions.title}</h1>
        <div class="bar-line">
          <SearchBox value={list.state().q} onSearch={(q) => list.update({ q })} />
          <span class="spacer" />
          <SavedViews path="/sessions" query={list.query()} />
          <TimeRange state={list.state()} range={resolveRange(list.state(), Date.now())}
            onRange={(from, to) => list.update({ from, to })} />
        </div>
        <FilterChips state={list.state()} onRemove={(filter) => list.toggle(filter)}
          onClear={() => list.update({ filters: [] })} />
        <SessionsSentence rows={data.rows()} loading={data.loading()} more={data.next() !== null} />
      </header>
      <div class="list-pane sessions-pane">
        <Show when={data.problem()} fallback={
          <VirtualList each={data.rows()} rowHeight={52} role="grid" label={t().sessions.title}
            keep={`sessions?${list.query()}`} class="table sessions"
            rowCount={data.rows().length + 1} header={<SessionsHead sort={list.state().sort}
              onSort={(column) => list.update({ sort: pressed(list.state().sort, column) })} />}
            activeId={data.rows()[active()] ? `session-${active()}` : undefined}
            footer={<SessionsEnd empty={!data.loading() && data.rows().length === 0}
              loading={data.loading()} />}
            onNearEnd={data.more} onKeyDown={onKeyDown} control={(given) => { rows = given; }}>
            {(session, index) => (
              <SessionRow session={session} index={index()} scaleNs={scaleNs()}
                active={active() === index()} href={hrefOf(session)}
                onPoint={() => setActive(index())} />
            )}
          </VirtualList>}>
          {(problem) => <ProblemNotice problem={problem()} onRetry={data.reload} />}
        </Show>
      </div>
    </div>
  );
}

function SessionsSentence(props: {
  rows: Session[]; loading: boolean; more: boolean;
}): JSX.Element {
  const failed = () => props.rows.filter((s) => s.failed_traces > 0).length;
  return (
    <div class="sentence" aria-live="polite">
      <Show when={!props.loading || props.rows.length > 0} fallback={
        <div class="skeleton skeleton-sentence" />}>
        <p class="lead" data-testid="sessions-sentence">{t().sessions.sentence({
          count: props.rows.length, shown: f().number(props.rows.length), more: props.more,
          failed: failed(), failedShown: f().number(failed()),
        })}</p>
        <p class="change">{t().sessions.what}</p>
      </Show>
    </div>
  );
}

function SessionsHead(
  props: { sort: Sort; onSort: (column: SortColumn) => void },
): JSX.Element {
  const columns = (): [string, string, SortColumn?][] => [
    ['time', t().sessions.columns.last, 'start'], ['status', t().list.columns.status, 'errors'],
    ['session', t().sessions.columns.session], ['call', t().sessions.columns.said],
    ['count', t().sessions.columns.turns],
    ['duration', t().sessions.columns.lasted, 'duration'],
    ['tokens', t().list.columns.tokens, 'tokens'], ['cost', t().list.columns.cost, 'cost'],
  ];
  const way = (column: SortColumn | undefined) =>
    column === undefined || columnOf(props.sort) !== column ? undefined
      : props.sort === column ? 'ascending' : 'descending';
  return (
    <div role="rowgroup" class="table-head"><div role="row" class="row head" aria-rowindex={1}>
      <For each={columns()}>
        {([name, words, column]) => (
          <span role="columnheader" class={`cell-${name}`} aria-sort={way(column)}>
            <Show when={column} fallback={<span class="cell-text">{words}</span>}>
              {(by) => (
                <button type="button" class="sort" data-testid={`sort-${by()}`}
                  title={t().columns.sortBy(words)} onClick={() => props.onSort(by())}>
                  <span classList={{ 'off-screen': name === 'status' }}>{words}</span>
                  <span aria-hidden="true">{way(by()) === 'ascending' ? '↑'
                    : way(by()) === 'descending' ? '↓' : name === 'status' ? '↕' : ''}</span>
                </button>
              )}
            </Show>
          </span>
        )}
      </For>
    </div></div>
  );
}

function SessionRow(props: {
  session: Session; index: number; scaleNs: number; active: boolean; href: string;
  onPoint: () => void;
}): JSX.Element {
  const s = () => props.session;
  const lastMs = () => msOfNs(s().last_ns);
  const failed = () => s().failed_traces > 0;
  return (
    <div role="row" class="row session-row" id={`session-${props.index}`} data-testid="session-row"
      aria-rowindex={props.index + 2} classList={{ active: props.active }}
      onPointerDown={() => props.onPoint()}>
      <span role="gridcell" class="cell-time num" title={f().dateTime(lastMs())}>
        <span class="quiet">{f().day(lastMs())}</span> {f().time(lastMs()).slice(0, 5)}</span>
      <span role="gridcell" class="cell-status">
        <Icon name={failed() ? 'error' : s().errors > 0 ? 'warn' : 'ok'}
          class={failed() ? 'bad' : s().errors > 0 ? 'warn' : 'good'}
          label={failed() ? t().list.error : s().errors > 0
            ? t().list.failedInside(s().errors) : t().list.ok} /></span>
      <span role="gridcell" class="cell-session">
        <A href={props.href} class="question" tabIndex={-1}>
          <bdi class="mono">{oneLine(s().session_id)}</bdi></A>
        <Show when={s().user_id}>{(user) => <bdi class="quiet">{oneLine(user())}</bdi>}</Show></span>
      <span role="gridcell" class="cell-said">
        <bdi dir="auto" class="said">{oneLine(s().input) || t().list.noInput}</bdi>
        <bdi dir="auto" class="said quiet">{oneLine(s().output) || t().list.noOutput}</bdi></span>
      <span role="gridcell" class="cell-count num">{f().number(s().traces)}
        <Show when={failed()}><span class="bad"> · {t().sessions.failed(
          s().failed_traces, f().number(s().failed_traces))}</span></Show></span>
      <span role="gridcell" class="cell-duration">
        <span class="bar" aria-hidden="true"><span style={{ width:
          `${Math.min(100, Math.max(1, sessionNs(s()) / props.scaleNs * 100))}%` }} /></span>
        <span class="num">{f().duration(sessionNs(s()))}</span></span>
      <span role="gridcell" class="cell-tokens num">
        {s().tokens.total === null ? '—' : f().compact(s().tokens.total ?? 0)}</span>
      <span role="gridcell" class="cell-cost num"
        title={s().cost_usd === null ? t().trace.unknownCost : ''}>
        {s().cost_usd === null ? '—' : f().cost(s().cost_usd ?? 0)}</span>
    </div>
  );
}

function SessionsEnd(props: { empty: boolean; loading: boolean }): JSX.Element {
  return (
    <Switch>
      <Match when={props.empty}>
        <div class="empty" data-testid="sessions-empty">
          <p>{t().sessions.empty}</p>
          <p class="quiet">{t().sessions.teach}</p>
          <pre class="mono teach">{'with LLMObs.workflow("answer", session_id=conversation_id): …'}</pre>
        </div>
      </Match>
      <Match when={props.loading}>
        <div aria-hidden="true"><For each={[60, 45, 70, 55, 40, 66]}>
          {(width) => <div class="row-skeleton session-skeleton">
            <span class="skeleton" style={{ width: '80px' }} />
            <span class="skeleton" style={{ width: `${width}%` }} /></div>}
        </For></div>
      </Match>
    </Switch>
  );
}
