// Which conversations, which people? Sessions or users under the filters of the lists.
import { createEffect, type JSX, on, Show } from 'solid-js';
import type { Group, GroupKind } from '../api/types';
import { tGroups } from '../i18n/groups';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { createChoice } from '../lib/choice';
import { idOf, sortsOf } from '../lib/groups';
import { useShortcuts } from '../lib/keys';
import { useTitle } from '../lib/title';
import { columnOf, type ListState, nextSort, pressed } from '../lib/url_state';
import { FilterChips } from '../parts/FilterBar';
import { GroupTable } from '../parts/GroupTable';
import { ProblemNotice } from '../parts/Notice';
import { SavedViews } from '../parts/SavedViews';
import { SearchBox } from '../parts/SearchBox';
import { TimeRange } from '../parts/TimeRange';
import { useOfGroups } from './choice_use';
import { ForChosen } from './ForChosen';
import { useListState } from './list_state';
import { createPaged, groupPages, type Paged } from './paged';

const teaching: Record<GroupKind, string> = {
  session: 'with LLMObs.workflow("answer", session_id=conversation_id): …',
  user: 'LLMObs.annotate(tags={"user_id": user_id})',
};

export default function GroupsPage(props: { kind: GroupKind }): JSX.Element {
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
  const words = () => tGroups()[kind];
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
      <ForChosen choice={choice} use={useOfGroups(kind, list.state(), data)} />
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
        <p class="lead" data-testid={`${props.kind}s-sentence`}>{tGroups()[props.kind].sentence({
          count: rows().length, shown: f().number(rows().length),
          more: props.data.next() !== null, failed: failed(), failedShown: f().number(failed()),
        })}</p>
        <p class="change">{tGroups()[props.kind].what}</p>
      </Show>
    </div>
  );
}

function Nothing(props: { kind: GroupKind; state: ListState; onClear: () => void }): JSX.Element {
  const words = () => tGroups()[props.kind];
  const filtered = () => props.state.filters.length > 0 || props.state.q !== '' ||
    props.state.minMs !== null || props.state.maxMs !== null;
  return (
    <div class="empty" data-testid={`${props.kind}s-empty`}>
      <Show when={!filtered()} fallback={<>
        <p>{tList().emptyFiltered}</p>
        <button type="button" class="button" onClick={() => props.onClear()}>
          {tList().clearFilters}</button></>}>
        <p>{words().empty}</p>
        <p class="quiet">{words().teach}</p>
        <pre class="mono teach">{teaching[props.kind]}</pre>
      </Show>
    </div>
  );
}
