// The list itself: a virtualised grid moved through with j, k, arrows and Enter.
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from 'solid-js';
import { useNavigate } from '@solidjs/router';
import type { Row } from '../api/types';
import { tList } from '../i18n/list';
import { type Column, defaultColumns, gridColumns } from '../lib/columns';
import type { Choice } from '../lib/choice';
import { createMedia } from '../lib/media_query';
import { useListKeys } from '../lib/keys';
import { durationScale, rowKey } from '../lib/rows';
import { distinctHeads, oneLine } from '../lib/text';
import type { Sort, SortColumn } from '../lib/url_state';
import { columnWord } from './ColumnPicker';
import { HeadRow } from './HeadRow';
import { TraceRow } from './TraceRow';
import { type ListControl, VirtualList } from './VirtualList';

interface Props {
  rows: Row[];
  loading: boolean;
  withDay: boolean;
  openId: string | null;
  columns: readonly Column[] | null;
  sort: Sort;
  onSort: (column: SortColumn) => void;
  // Names the list, so that its place is found again.
  listKey: string;
  footer: JSX.Element;
  hrefOf: (row: Row) => string;
  onNearEnd: () => void;
  onScroll: (top: number) => void;
  choice: Choice<Row>;
}

export function TraceTable(props: Props): JSX.Element {
  const navigate = useNavigate();
  const narrow = createMedia('(max-width: 760px)');
  const [active, setActive] = createSignal<string | null>(null);
  let control: ListControl | undefined;
  const inputs = createMemo(() => {
    const heads = distinctHeads(props.rows.map((row) => oneLine(row.input ?? '')));
    return new Map(props.rows.map((row, i) => [rowKey(row), heads[i] ?? '']));
  });
  const scaleNs = createMemo(() => durationScale(props.rows.map((row) => row.duration_ns)));
  const activeIndex = () => props.rows.findIndex((row) => rowKey(row) === active());
  const activeRow = () => props.rows[activeIndex()];

  // Focus returns to the row whose drawer was closed.
  createEffect(on(() => props.openId, (open, was) => {
    if (open || !was) return;
    control?.element().focus({ preventScroll: true });
  }));
  // Another trace was opened by other means: moving goes on from there.
  createEffect(on(() => props.openId, (open) => {
    const isOpen = (row: Row | undefined) =>
      row !== undefined && (row.trace_id === open || row.apm_trace_id === open);
    if (!open || isOpen(activeRow())) return;
    const at = props.rows.findIndex(isOpen);
    const row = props.rows[at];
    if (!row) return;
    setActive(rowKey(row));
    control?.show(at);
  }));
  const move = (by: number) => {
    const at = activeIndex();
    // With none chosen yet, one step is onto the first.
    const from = at < 0 && Math.abs(by) === 1 ? 0 : Math.max(0, at) + by;
    const to = Math.max(0, Math.min(props.rows.length - 1, from));
    const row = props.rows[to];
    if (!row) return;
    setActive(rowKey(row));
    control?.show(to);
    // With the drawer open, moving reads the next one.
    if (props.openId) navigate(props.hrefOf(row), { scroll: false, replace: true });
    else control?.element().focus({ preventScroll: true });
  };
  const open = () => {
    const row = activeRow();
    if (!row || props.openId) return false;
    navigate(props.hrefOf(row), { scroll: false });
    return true;
  };
  // With none marked yet, there is nothing to choose.
  const chooseActive = (choose: (row: Row) => void) => {
    const row = activeRow();
    if (row) choose(row);
    return row !== undefined;
  };
  const onKeyDown = useListKeys({
    move,
    open,
    toggle: () => chooseActive(props.choice.toggle),
    reach: () => chooseActive(props.choice.reach),
  });
  // A grid without rows would be none.
  return (
    <Show when={props.loading || props.rows.length > 0}
      fallback={<div class="virtual">{props.footer}</div>}>
    <VirtualList
      each={props.rows}
      rowHeight={narrow() ? 68 : 32}
      role="grid"
      label={tList().title}
      class={['table', props.withDay && 'with-day', props.columns && 'chosen']
        .filter(Boolean).join(' ')}
      columns={gridColumns(props.columns)}
      rowCount={props.rows.length + 1}
      activeId={activeRow() ? `row-${activeRow()?.span_id}` : undefined}
      keep={props.listKey}
      header={<HeadRow sort={props.sort} onSort={(column) => props.onSort(column)}
        columns={(props.columns ?? defaultColumns).map((name) => (
          { name, words: columnWord(name), sort: sorts[name] }))} />}
      footer={<>
        <Show when={props.loading && props.rows.length === 0}><RowSkeletons /></Show>
        {props.footer}
      </>}
      onNearEnd={() => props.onNearEnd()}
      onScroll={(top) => props.onScroll(top)}
      onKeyDown={onKeyDown}
      control={(given) => { control = given; }}
    >
      {(row, index) => (
        <TraceRow
          row={row}
          index={index()}
          input={inputs().get(rowKey(row)) ?? ''}
          scaleNs={scaleNs()}
          withDay={props.withDay}
          columns={props.columns ?? defaultColumns}
          active={active() === rowKey(row)}
          open={props.openId !== null &&
            (props.openId === row.trace_id || props.openId === row.apm_trace_id)}
          href={props.hrefOf(row)}
          onPoint={() => setActive(rowKey(row))}
          chosen={props.choice.has(row)}
          onChoose={(reach) => reach ? props.choice.reach(row) : props.choice.toggle(row)}
        />
      )}
    </VirtualList></Show>
  );
}

const sorts: Partial<Record<Column, SortColumn>> = {
  time: 'start', duration: 'duration', tokens: 'tokens', cost: 'cost', status: 'errors',
};

function RowSkeletons(): JSX.Element {
  return (
    <div aria-hidden="true">
      <For each={Array.from({ length: 24 }, (_, i) => 30 + ((i * 37) % 50))}>
        {(width) => (
          <div class="row-skeleton">
            <span class="skeleton" style={{ width: '60px' }} />
            <span class="skeleton" style={{ width: '16px' }} />
            <span class="skeleton" style={{ width: `${width}%` }} />
          </div>
        )}
      </For>
    </div>
  );
}
