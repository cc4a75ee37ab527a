// One user: how much they asked, what it cost, how long they waited, what failed; their sessions,
// and all their traces in order.
import { A, useLocation, useNavigate, useParams } from '@solidjs/router';
import { createEffect, createMemo, createResource, For, type JSX, on, Show } from 'solid-js';
import { api, key } from '../api/client';
import type { Group, Row } from '../api/types';
import { tGroups } from '../i18n/groups';
import { f } from '../i18n/language';
import { tViews } from '../i18n/list';
import { tSpan } from '../i18n/span';
import { tTrace } from '../i18n/trace';
import { createChoice } from '../lib/choice';
import { msOfNs } from '../lib/format';
import { idOf, sortsOf, tracesOfUser } from '../lib/groups';
import { useShortcuts } from '../lib/keys';
import { latestOf } from '../lib/latest';
import { rowKey } from '../lib/rows';
import { summaryOf } from '../lib/summary';
import { oneLine } from '../lib/text';
import { useTitle } from '../lib/title';
import {
  type ListState, parseState, pressed, requestOf, resolveRange, sortColumns, writeState,
} from '../lib/url_state';
import { Copy } from '../parts/Copy';
import { FeedbackCounts, GroupTable } from '../parts/GroupTable';
import { Icon } from '../parts/Icons';
import { ProblemNotice } from '../parts/Notice';
import { TimeRange } from '../parts/TimeRange';
import { TraceTable } from '../parts/TraceTable';
import { pageFetcher, wholeSeconds } from './list_data';
import { createPaged, groupPages } from './paged';
import { useOfGroups, useOfRows } from './choice_use';
import { ForChosen } from './ForChosen';

const views = ['sessions', 'traces'] as const;
type Shown = (typeof views)[number];

interface Control {
  state: () => ListState;
  go: (patch: Partial<ListState>, show?: Shown) => void;
}

export default function UserPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const location = useLocation();
  const navigate = useNavigate();
  const asked = () => new URLSearchParams(location.search);
  const show = (): Shown => (asked().get('show') === 'traces' ? 'traces' : 'sessions');
  const state = createMemo(() =>
    parseState(asked(), show() === 'traces' ? sortColumns : sortsOf.session));
  const go = (patch: Partial<ListState>, to = show()) => {
    const query = writeState({ ...state(), ...patch });
    if (to === 'traces') query.set('show', 'traces');
    navigate(`/users/${encodeURIComponent(params.id)}?${query.toString()}`, { scroll: false });
  };
  const control: Control = { state, go };
  useTitle(() => `${tGroups().user.one} ${oneLine(params.id)}`);
  useShortcuts({
    Escape: () => navigate('/users'),
    1: () => go({ sort: '-start' }, 'sessions'),
    2: () => go({ sort: '-start' }, 'traces'),
  });
  return (
    <div class="traces user-page" data-testid="user-page">
      <header class="list-top">
        <div class="bar-line">
          <A href="/users" class="button"><Icon name="back" /> {tGroups().person.back}</A>
          <h1><span class="quiet">{tGroups().user.one}</span>{' '}
            <bdi class="mono">{oneLine(params.id)}</bdi>
            <Copy text={() => params.id} what={tSpan().factNames.user} /></h1>
          <span class="spacer" />
          <TimeRange state={state()} range={resolveRange(state(), Date.now())}
            onRange={(from, to) => go({ from, to })} />
        </div>
        <Figures id={params.id} state={state()} />
        <div class="bar-line">
          <div class="switch" role="group" aria-label={tGroups().person.show}>
            <For each={views}>
              {(view, i) => (
                <button type="button" data-testid={`user-${view}`} aria-pressed={show() === view}
                  title={String(i() + 1)} onClick={() => go({ sort: '-start' }, view)}>
                  {view === 'traces' ? tViews().traces : tGroups().sessions}</button>
              )}
            </For>
          </div>
          <A class="link" href={`/traces?${new URLSearchParams({
            query: tracesOfUser(params.id), from: state().from, to: state().to,
          }).toString()}`}>{tGroups().person.asList}</A>
        </div>
      </header>
      <Show when={show() === 'traces'} fallback={<Sessions id={params.id} control={control} />}>
        <Traces id={params.id} control={control} />
      </Show>
    </div>
  );
}

function Figures(props: { id: string; state: ListState }): JSX.Element {
  const asked = () => ({
    id: props.id, from: props.state.from, to: props.state.to, key: key(),
  });
  const [found, { refetch }] = createResource(asked, async ({ id, from, to }) => {
    const state = parseState(new URLSearchParams({ from, to }));
    const time = requestOf(state, resolveRange(state, Date.now()));
    const ofUser = new URLSearchParams(time);
    ofUser.delete('view');
    ofUser.set('user', id);
    time.set('query', tracesOfUser(id));
    time.set('interval', String(wholeSeconds));
    const [page, series] = await Promise.all([api.groups('user', ofUser), api.series(time)]);
    return { user: page.rows[0] ?? null, p95Ns: summaryOf(series.buckets).p95Ns };
  });
  return (
    <Show when={!found.error} fallback={
      <ProblemNotice problem={found.error as never} onRetry={() => void refetch()} />}>
      <Show when={latestOf(found)} fallback={<div class="skeleton skeleton-sentence" />}>
        {(at) => (
          <Show when={at().user} fallback={
            <p class="lead" data-testid="user-verdict">{tGroups().person.none}</p>}>
            {(user) => <Told user={user()} p95Ns={at().p95Ns} />}
          </Show>
        )}
      </Show>
    </Show>
  );
}

function Told(props: { user: Group; p95Ns: number | null }): JSX.Element {
  const user = () => props.user;
  const number = (n: number) => f().number(n);
  const failed = () => user().failed_traces;
  const figures = (): [string, string, (string | undefined)?][] => [
    [tGroups().person.calls, number(user().llm_calls)],
    [tTrace().tokens, user().tokens.total === null ? '—' : number(user().tokens.total ?? 0)],
    [tTrace().cost, user().cost_usd === null ? '—' : f().cost(user().cost_usd ?? 0),
      user().cost_usd === null ? tTrace().unknownCost : undefined],
    [tGroups().person.waited, f().duration(user().busy_ns)],
    [tGroups().person.p95, props.p95Ns === null ? '—' : f().duration(props.p95Ns)],
    [tGroups().person.first, f().dateTime(msOfNs(user().start_ns))],
    [tGroups().last, f().dateTime(msOfNs(user().last_ns))],
  ];
  return (
    <div class="session-head">
      <p class={`verdict ${failed() > 0 ? 'error' : 'ok'}`} data-testid="user-verdict">
        <Icon name={failed() > 0 ? 'error' : 'ok'} />
        <span>{tGroups().person.verdict({
          sessions: user().sessions ?? 0, sessionsShown: number(user().sessions ?? 0),
          traces: user().traces, tracesShown: number(user().traces),
          failed: failed(), failedShown: number(failed()),
        })}</span></p>
      <dl class="figures">
        <For each={figures()}>
          {([name, value, why]) => <div title={why}><dt>{name}</dt><dd class="num">{value}</dd></div>}
        </For>
        <div><dt>{tGroups().feedback}</dt>
          <dd class="num cell-feedback"><FeedbackCounts of={user().feedback} /></dd></div>
      </dl>
    </div>
  );
}

function Sessions(props: { id: string; control: Control }): JSX.Element {
  const state = (): ListState => ({
    ...props.control.state(), q: '', filters: [{ field: 'user', value: props.id, exclude: false }],
  });
  const query = () => writeState(state()).toString();
  const data = createPaged(state, query,
    (now, range, signal) => groupPages('session', now, range, signal));
  const choice = createChoice(data.rows, (row: Group) => idOf('session', row));
  createEffect(on(query, () => choice.clear(), { defer: true }));
  return (
    <>
      <ForChosen choice={choice} use={useOfGroups('session', state(), data)} />
      <div class="list-pane sessions-pane">
        <Show when={data.problem()} fallback={
          <GroupTable kind="session" rows={data.rows()} loading={data.loading()}
            sort={state().sort} listKey={`user?${query()}`} choice={choice}
            onSort={(column) => props.control.go({ sort: pressed(state().sort, column) })}
            onNearEnd={data.more}
            empty={<p class="empty">{tGroups().person.noSessions}</p>} />}>
          {(problem) => <ProblemNotice problem={problem()} onRetry={data.reload} />}
        </Show>
      </div>
    </>
  );
}

function Traces(props: { id: string; control: Control }): JSX.Element {
  const state = (): ListState => ({
    ...props.control.state(), q: tracesOfUser(props.id), filters: [], view: 'traces', columns: null,
  });
  const query = () => writeState(state()).toString();
  const data = createPaged(state, query,
    (now, range, signal) => pageFetcher(now, range, signal, 100));
  const choice = createChoice(data.rows, rowKey);
  createEffect(on(query, () => choice.clear(), { defer: true }));
  const hrefOf = (row: Row) =>
    `/traces/${row.trace_id || row.apm_trace_id}?${query()}&full=1`;
  return (
    <>
      <ForChosen choice={choice} use={useOfRows(state(), data.range(),
        data.next() === null ? data.rows().length : null)} />
      <div class="list-pane sessions-pane">
        <Show when={data.problem()} fallback={
          <TraceTable rows={data.rows()} loading={data.loading()} withDay openId={null}
            columns={null} sort={state().sort} choice={choice} hrefOf={hrefOf}
            onSort={(column) => props.control.go({ sort: pressed(state().sort, column) })}
            listKey={`user-traces?${query()}`} onNearEnd={data.more} onScroll={() => undefined}
            footer={<Show when={!data.loading() && data.rows().length === 0}>
              <p class="empty">{tGroups().person.none}</p></Show>} />}>
          {(problem) => <ProblemNotice problem={problem()} onRetry={data.reload} />}
        </Show>
      </div>
    </>
  );
}
