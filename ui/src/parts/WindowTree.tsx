// The tree of a trace too large to be here whole: its lines come by windows while they are looked
// at. The same rows, keys and picture of the whole as the tree of a small one.
import { createEffect, createMemo, createSignal, type JSX, on, Show } from 'solid-js';
import type { Problem } from '../api/client';
import type { TraceLine, TraceWindows } from '../api/types';
import { tTrace } from '../i18n/trace';
import { allClosed, allOpen, flip, type Slot } from '../lib/windows';
import type { TraceWindow } from '../pages/trace_windows';
import { ProblemNotice } from './Notice';
import { Overview } from './Overview';
import { Axis, type LineFacts, SpanLine } from './SpanLine';
import { type ListControl, VirtualList } from './VirtualList';

interface Props {
  window: TraceWindow;
  windows: TraceWindows;
  spanNs: number;
  selected: string | null;
  onSelect: (spanId: string) => void;
}

function factsOf(line: TraceLine): LineFacts {
  return {
    spanId: line.span_id, named: line, kind: line.kind, halves: line.halves,
    detail: line.deployment ?? line.model ?? '', httpStatus: line.http_status ?? '',
    failed: line.status === 'error', failedInside: line.failed_inside, orphan: line.orphan,
    depth: line.depth, inside: line.inside, startNs: line.offset_ns,
    durationNs: line.duration_ns, folded: line.closed,
  };
}

export function WindowTree(props: Props): JSX.Element {
  let control: ListControl | undefined;
  const [at, setAt] = createSignal<number | null>(null);
  const strokes = createMemo(() => props.windows.overview.map(([startNs, endNs, failed]) =>
    ({ startNs, endNs, kind: '', failed: failed === 1 })));
  const lineAt = (index: number) => props.window.lines().at(index).line;
  const show = async (id: string) => {
    if (at() !== null && lineAt(at() ?? 0)?.span_id === id) return;
    const index = await props.window.reveal(id);
    if (index === null || props.selected !== id) return;
    setAt(index);
    control?.show(index);
  };
  createEffect(on(() => [props.selected, props.window.folds()] as const, ([id]) => {
    if (id) void show(id);
  }));
  const go = (index: number) => {
    const to = Math.max(0, Math.min(props.window.lines().length - 1, index));
    setAt(to);
    control?.show(to);
    const line = lineAt(to);
    if (line) props.onSelect(line.span_id);
    else void waitFor(to);
  };
  // A line that is not here yet is chosen when it comes, unless another was meanwhile.
  const waitFor = async (index: number) => {
    props.window.want(index, index + 1);
    for (let tries = 0; tries < 100 && at() === index; tries += 1) {
      const line = lineAt(index);
      if (line) { props.onSelect(line.span_id); return; }
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  };
  const fold = (line: TraceLine) => props.window.fold(flip(props.window.folds(), [line.span_id]));
  const onKeyDown = (event: KeyboardEvent) => {
    const here = at() ?? -1;
    const line = here < 0 ? null : lineAt(here);
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(here + 1), ArrowUp: () => go(here - 1),
      PageDown: () => go(here + 12), PageUp: () => go(here - 12),
      Home: () => go(0), End: () => go(props.window.lines().length - 1),
      ArrowRight: () => {
        if (line?.closed) fold(line);
        else if (line && line.inside > 0) go(here + 1);
      },
      ArrowLeft: () => {
        if (line && line.inside > 0 && !line.closed) fold(line);
        else if (line?.parent_id) props.onSelect(line.parent_id);
      },
    };
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  return (
    <div class="span-tree">
      <div class="tree-tools">
        <button type="button" class="link" onClick={() => props.window.fold(allOpen)}>
          {tTrace().expandAll}</button>
        <button type="button" class="link" onClick={() => props.window.fold(allClosed)}>
          {tTrace().collapseAll}</button>
      </div>
      <Overview strokes={strokes()} spanNs={props.spanNs}
        at={at() === null ? null : (at() ?? 0) / Math.max(1, props.window.lines().length)}
        onChoose={(share) => go(Math.floor(share * props.window.lines().length))} />
      <Axis spanNs={props.spanNs} />
      <Show when={!props.window.problem()} fallback={
        <ProblemNotice problem={props.window.problem() as Problem}
          onRetry={() => props.window.fold(props.window.folds())} />}>
        <VirtualList
          each={props.window.lines()}
          rowHeight={28}
          role="tree"
          label={tTrace().tree}
          class="tree-rows"
          activeId={props.selected && at() !== null && lineAt(at() ?? 0)
            ? `span-${props.selected}` : undefined}
          onWindow={(first, last) => props.window.want(first, last)}
          onKeyDown={onKeyDown}
          control={(given) => { control = given; }}
        >
          {(slot: Slot) => (
            <Show when={slot.line} fallback={
              <div class="span-row" aria-hidden="true" data-testid="span-waiting">
                <span class="skeleton" style={{ width: '60%' }} /></div>}>
              {(line) => (
                <SpanLine facts={factsOf(line())} spanNs={props.spanNs}
                  selected={props.selected === line().span_id}
                  onSelect={() => { setAt(slot.index); props.onSelect(line().span_id); }}
                  onFold={() => fold(line())} />
              )}
            </Show>
          )}
        </VirtualList>
      </Show>
    </div>
  );
}

