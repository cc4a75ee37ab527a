// Which conversations, which people? Sessions or users under the filters of the lists.
import { createEffect, type JSX, on, Show } from 'solid-js';
import type { Group, GroupKind } from '../api/types';
import { f, t } from '../i18n';
import { createChoice } from '../lib/choice';
import { groupSheet } from '../lib/export_rows';
import { idOf, sortsOf } from '../lib/groups';
import { useShortcuts } from '../lib/keys';
import { useTitle } from '../lib/title';
import {
  columnOf, type ListState, nextSort, pressed, type Range, requestOf,
} from '../lib/url_state';
import { FilterChips } from '../parts/FilterBar';
import { GroupTable } from '../parts/GroupTable';
import { ProblemNotice } from '../parts/Notice';
import { SavedViews } from '../parts/SavedViews';
import { SearchBox } from '../parts/SearchBox';
import { TimeRange } from '../parts/TimeRange';
import { ChoiceBar, type ChoiceUse, gathered } from './ChoiceBar';
import { useListState } from './list_state';
import { createPaged, groupPages, type Paged } from './paged';

// As many as a queue takes at once.
const gatheredMax = 5_000;
const bigPage = 500;
const teaching: Record<GroupKind, string> = {
  session: 'with LLMObs.workflow("answer", session_id=conversation_id): …',
  user: 'LLMObs.annotate(tags={"user_id": user_id})',
};

export function SessionsPage(): JSX.Element {
  return <GroupsPage kind="session" />;
}

export function UsersPage(): JSX.Element {
  return <GroupsPage kind="user" />;
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

function GroupsPage(props: { kind: GroupKind }): JSX.Element {
  // eslint-disable-next-line solid/reactivity -- a route has one kind for good
  const { kind } = props;
  const path = `/${kind}s`;
  const sorts = sortsOf[kind];
  const list = useListState(path, sorts);
  const data = createPaged(list.state, list.query,
    (state, range, signal) => groupPages(kind, state, range, signal));
  const choice = createChoice(data.rows, (row: Group) => idOf(kind, row));
  // Another list has other rows.
  createEffect(on(list.query, () => choice.clear(), { defer: true }));
  const words = () => t().groups[kind];
  useTitle(() => words().title);
  useShortcuts({
    o: () => list.update({ sort: `-${nextSort(list.state().sort, sorts)}` }),
    O: () => list.update({ sort: pressed(list.state().sort, columnOf(list.state().sort)) }),
  });
  return (
    <div class="traces">
      <header class="list-top">
        <h1 class="off-screen">{words().title}</h1>
        <div class="bar-line">
          <SearchBox value={list.state().q} onSearch={(q) => list.update({ q })} />
          <span class="spacer" />
          <SavedViews path={path} query={list.query()} />
          <TimeRange state={list.state()} range={data.range()}
            onRange={(from, to) => list.update({ from, to })} />
        </div>
        <FilterChips state={list.state()} onRemove={(filter) => list.toggle(filter)}
          onClear={() => list.update({ filters: [] })} />
        <GroupsSentence kind={kind} data={data} />
      </header>
      <ChoiceBar choice={choice} use={useOfGroups(kind, list.state(), data)} />
      <div class="list-pane sessions-pane">
        <Show when={data.problem()} fallback={
          <GroupTable kind={kind} rows={data.rows()} loading={data.loading()}
            sort={list.state().sort} listKey={`${path}?${list.query()}`} choice={choice}
            onSort={(column) => list.update({ sort: pressed(list.state().sort, column) })}
            onNearEnd={data.more} empty={<Nothing kind={kind} state={list.state()}
              onClear={() => list.update({ filters: [], q: '', minMs: null, maxMs: null })} />} />}>
          {(problem) => <ProblemNotice problem={problem()} onRetry={data.reload} />}
        </Show>
      </div>
    </div>
  );
}

function GroupsSentence(props: { kind: GroupKind; data: Paged<Group> }): JSX.Element {
  const rows = () => props.data.rows();
  const failed = () => rows().filter((row) => row.failed_traces > 0).length;
  return (
    <div class="sentence" aria-live="polite">
      <Show when={!props.data.loading() || rows().length > 0} fallback={
        <div class="skeleton skeleton-sentence" />}>
        <p class="lead" data-testid={`${props.kind}s-sentence`}>{t().groups[props.kind].sentence({
          count: rows().length, shown: f().number(rows().length),
          more: props.data.next() !== null, failed: failed(), failedShown: f().number(failed()),
        })}</p>
        <p class="change">{t().groups[props.kind].what}</p>
      </Show>
    </div>
  );
}

function Nothing(props: { kind: GroupKind; state: ListState; onClear: () => void }): JSX.Element {
  const words = () => t().groups[props.kind];
  const filtered = () => props.state.filters.length > 0 || props.state.q !== '' ||
    props.state.minMs !== null || props.state.maxMs !== null;
  return (
    <div class="empty" data-testid={`${props.kind}s-empty`}>
      <Show when={!filtered()} fallback={<>
        <p>{t().list.emptyFiltered}</p>
        <button type="button" class="button" onClick={() => props.onClear()}>
          {t().list.clearFilters}</button></>}>
        <p>{words().empty}</p>
        <p class="quiet">{words().teach}</p>
        <pre class="mono teach">{teaching[props.kind]}</pre>
      </Show>
    </div>
  );
}
