// Sessions or users, a line each: when, how it went, who, what was said, how much.
import { A, useNavigate } from '@solidjs/router';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { Group, GroupKind } from '../api/types';
import { tGroups } from '../i18n/groups';
import { f } from '../i18n/language';
import { tList } from '../i18n/list';
import { tTrace } from '../i18n/trace';
import type { Choice } from '../lib/choice';
import { msOfNs } from '../lib/format';
import { groupHref, idOf, lastedNs } from '../lib/groups';
import { useListKeys } from '../lib/keys';
import { durationScale } from '../lib/rows';
import { oneLine } from '../lib/text';
import type { Sort, SortColumn } from '../lib/url_state';
import { ChoiceCell } from './ChoiceCell';
import { type HeadColumn, HeadRow } from './HeadRow';
import { Icon } from './Icons';
import { type ListControl, VirtualList } from './VirtualList';

interface Props {
  kind: GroupKind;
  rows: Group[];
  loading: boolean;
  sort: Sort;
  onSort: (column: SortColumn) => void;
  // Names the list, so that its place is found again.
  listKey: string;
  onNearEnd: () => void;
  choice: Choice<Group>;
  empty: JSX.Element;
}

export function GroupTable(props: Props): JSX.Element {
  const navigate = useNavigate();
  const [active, setActive] = createSignal(-1);
  let control: ListControl | undefined;
  const scaleNs = createMemo(() =>
    durationScale(props.rows.map((row) => lastedNs(props.kind, row))));
  const move = (by: number) => {
    const to = Math.max(0, Math.min(props.rows.length - 1, active() + by));
    setActive(to);
    control?.show(to);
    control?.element().focus({ preventScroll: true });
  };
  const withActive = (act: (row: Group) => void) => {
    const row = props.rows[active()];
    if (row) act(row);
    return row !== undefined;
  };
  const open = (row: Group) => navigate(groupHref(props.kind, row));
  const onKeyDown = useListKeys({
    move,
    open: () => withActive(open),
    toggle: () => withActive(props.choice.toggle),
    reach: () => withActive(props.choice.reach),
  });
  // A grid without rows would be none.
  return (
    <Show when={props.loading || props.rows.length > 0}
      fallback={<div class="virtual">{props.empty}</div>}>
    <VirtualList each={props.rows} rowHeight={52} role="grid" label={tGroups()[props.kind].title}
      keep={props.listKey} class={`table sessions ${props.kind}s`}
      rowCount={props.rows.length + 1}
      header={<HeadRow columns={columnsOf(props.kind)} sort={props.sort}
        onSort={(column) => props.onSort(column)} />}
      activeId={props.rows[active()] ? `group-${active()}` : undefined}
      footer={<Show when={props.loading}><Skeletons /></Show>}
      onNearEnd={() => props.onNearEnd()} onKeyDown={onKeyDown}
      control={(given) => { control = given; }}>
      {(row, index) => (
        <GroupRow kind={props.kind} row={row} index={index()} scaleNs={scaleNs()}
          active={active() === index()} onPoint={() => setActive(index())}
          chosen={props.choice.has(row)}
          onChoose={(reach) => (reach ? props.choice.reach(row) : props.choice.toggle(row))} />
      )}
    </VirtualList></Show>
  );
}

function columnsOf(kind: GroupKind): HeadColumn[] {
  const words = tGroups();
  return [
    { name: 'time', words: words.last, sort: 'start' },
    { name: 'status', words: tList().columns.status, sort: 'errors' },
    { name: 'session', words: words[kind].who },
    { name: 'said', words: words.said },
    ...(kind === 'user'
      ? [{ name: 'talks', words: words.sessions, sort: 'sessions' } satisfies HeadColumn] : []),
    { name: 'count', words: words[kind].traces, sort: 'traces' },
    { name: 'duration', words: words[kind].lasted, sort: 'duration' },
    { name: 'tokens', words: tList().columns.tokens, sort: 'tokens' },
    { name: 'cost', words: tList().columns.cost, sort: 'cost' },
    { name: 'feedback', words: words.feedback },
  ];
}

function GroupRow(props: {
  kind: GroupKind; row: Group; index: number; scaleNs: number; active: boolean;
  onPoint: () => void; chosen: boolean; onChoose: (reach: boolean) => void;
}): JSX.Element {
  const row = () => props.row;
  const lastMs = () => msOfNs(row().last_ns);
  const failed = () => row().failed_traces > 0;
  const ns = () => lastedNs(props.kind, row());
  return (
    <div role="row" class="row session-row" id={`group-${props.index}`}
      data-testid={`${props.kind}-row`} aria-rowindex={props.index + 2}
      classList={{ active: props.active }} onPointerDown={() => props.onPoint()}>
      <ChoiceCell chosen={props.chosen} onChoose={props.onChoose} />
      <span role="gridcell" class="cell-time num" title={tGroups().between(
        f().dateTime(msOfNs(row().start_ns)), f().dateTime(lastMs()))}>
        <span class="quiet">{f().day(lastMs())}</span> {f().time(lastMs()).slice(0, 5)}</span>
      <span role="gridcell" class="cell-status">
        <Icon name={failed() ? 'error' : row().errors > 0 ? 'warn' : 'ok'}
          class={failed() ? 'bad' : row().errors > 0 ? 'warn' : 'good'}
          label={failed() ? tList().error : row().errors > 0
            ? tList().failedInside(row().errors) : tList().ok} /></span>
      <span role="gridcell" class="cell-session">
        <A href={groupHref(props.kind, row())} class="question" tabIndex={-1}>
          <bdi class="mono">{oneLine(idOf(props.kind, row()))}</bdi></A>
        <Show when={props.kind === 'session' ? row().user_id : row().ml_app}>
          {(also) => <bdi class="quiet">{oneLine(also())}</bdi>}</Show></span>
      <span role="gridcell" class="cell-said">
        <bdi dir="auto" class="said">{oneLine(row().input) || tList().noInput}</bdi>
        <bdi dir="auto" class="said quiet">{oneLine(row().output) || tList().noOutput}</bdi></span>
      <Show when={props.kind === 'user'}>
        <span role="gridcell" class="cell-talks num">{f().number(row().sessions ?? 0)}</span></Show>
      <span role="gridcell" class="cell-count num">{f().number(row().traces)}
        <Show when={failed()}><span class="bad"> · {tGroups().failed(
          row().failed_traces, f().number(row().failed_traces))}</span></Show></span>
      <span role="gridcell" class="cell-duration">
        <span class="bar" aria-hidden="true"><span style={{ width:
          `${Math.min(100, Math.max(1, ns() / props.scaleNs * 100))}%` }} /></span>
        <span class="num">{f().duration(ns())}</span></span>
      <span role="gridcell" class="cell-tokens num">
        {row().tokens.total === null ? '—' : f().compact(row().tokens.total ?? 0)}</span>
      <span role="gridcell" class="cell-cost num"
        title={row().cost_usd === null ? tTrace().unknownCost : ''}>
        {row().cost_usd === null ? '—' : f().cost(row().cost_usd ?? 0)}</span>
      <span role="gridcell" class="cell-feedback num"><FeedbackCounts of={row().feedback} /></span>
    </div>
  );
}

export function FeedbackCounts(props: { of: Group['feedback'] }): JSX.Element {
  const other = () => props.of.count - props.of.good - props.of.bad;
  return (
    <Show when={props.of.count > 0} fallback={<span class="quiet">—</span>}>
      <Show when={props.of.good > 0}>
        <span class="good"><Icon name="up_thumb" label={tGroups().good} />
          {f().number(props.of.good)}</span></Show>
      <Show when={props.of.bad > 0}>
        <span class="bad"><Icon name="down_thumb" label={tGroups().bad} />
          {f().number(props.of.bad)}</span></Show>
      <Show when={other() > 0}>
        <span class="quiet" title={tGroups().otherFeedback}><Icon name="pencil"
          label={tGroups().otherFeedback} />{f().number(other())}</span></Show>
    </Show>
  );
}

function Skeletons(): JSX.Element {
  return (
    <div aria-hidden="true"><For each={[60, 45, 70, 55, 40, 66]}>
      {(width) => <div class="row-skeleton session-skeleton">
        <span class="skeleton" style={{ width: '80px' }} />
        <span class="skeleton" style={{ width: `${width}%` }} /></div>}
    </For></div>
  );
}
