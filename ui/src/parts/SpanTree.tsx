// The spans of a trace as a tree with time drawn on every row, all on one axis. Virtualised: a
// trace of 20 000 spans costs as much as one of fifty.
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from 'solid-js';
import { f, t } from '../i18n';
import { shortModel, spanTitle } from '../lib/names';
import { oneLine } from '../lib/text';
import { ancestorsOf, type Node, type Tree, visibleNodes } from '../lib/tree';
import { kindWord } from '../lib/verdict_words';
import { Icon, KindIcon } from './Icons';
import { Overview } from './Overview';
import { type ListControl, VirtualList } from './VirtualList';

interface Props {
  tree: Tree;
  selected: string | null;
  onSelect: (spanId: string) => void;
}

// Each level steps in, deeper ones by less and less: a name must keep room beside its bar.
function indentPx(depth: number): number {
  return Math.min(depth, 7) * 14 + Math.min(Math.max(0, depth - 7), 20) * 2;
}

export function SpanTree(props: Props): JSX.Element {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set<string>());
  let control: ListControl | undefined;
  const shown = createMemo(() => visibleNodes(props.tree, folded()));
  const indexById = createMemo(
    () => new Map(shown().map((node, i) => [node.span.span_id, i])));
  const selectedNode = () => (props.selected ? props.tree.byId.get(props.selected) : undefined);

  const fold = (node: Node, closed: boolean) => {
    const next = new Set(folded());
    if (closed) next.add(node.span.span_id);
    else next.delete(node.span.span_id);
    setFolded(next);
  };
  const reveal = (id: string) => {
    const node = props.tree.byId.get(id);
    if (!node) return;
    const closed = ancestorsOf(node).filter((a) => folded().has(a.span.span_id));
    if (closed.length > 0) {
      const next = new Set(folded());
      for (const ancestor of closed) next.delete(ancestor.span.span_id);
      setFolded(next);
    }
    const at = indexById().get(id);
    if (at !== undefined) control?.show(at);
  };
  createEffect(on(() => [props.selected, props.tree] as const, ([id]) => {
    // eslint-disable-next-line solid/reactivity -- run by an event, where reading is not tracking
    if (id) queueMicrotask(() => reveal(id));
  }));
  const select = (node: Node | undefined) => {
    if (node) props.onSelect(node.span.span_id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = props.selected === null ? -1 : (indexById().get(props.selected) ?? -1);
    const node = shown()[at];
    const isFolded = node !== undefined && folded().has(node.span.span_id);
    const keys: Record<string, () => void> = {
      ArrowDown: () => select(shown()[at + 1]),
      ArrowUp: () => select(shown()[Math.max(0, at - 1)]),
      PageDown: () => select(shown()[Math.min(shown().length - 1, at + 12)]),
      PageUp: () => select(shown()[Math.max(0, at - 12)]),
      Home: () => select(shown()[0]),
      End: () => select(shown().at(-1)),
      ArrowRight: () => {
        if (node && isFolded) fold(node, false);
        else select(node?.children[0]);
      },
      ArrowLeft: () => {
        if (node && node.children.length > 0 && !isFolded) fold(node, true);
        else select(node?.parent ?? undefined);
      },
    };
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const foldAll = () =>
    setFolded(new Set(props.tree.order.filter((n) => n.children.length > 0)
      .map((n) => n.span.span_id)));

  return (
    <div class="span-tree">
      <div class="tree-tools">
        <button type="button" class="link" onClick={() => setFolded(new Set<string>())}>
          {t().trace.expandAll}</button>
        <button type="button" class="link" onClick={foldAll}>{t().trace.collapseAll}</button>
      </div>
      <Overview tree={props.tree} selected={selectedNode()} onSelect={select} />
      <Axis spanNs={props.tree.spanNs} />
      <VirtualList
        each={shown()}
        rowHeight={28}
        role="tree"
        label={t().trace.tree}
        class="tree-rows"
        activeId={props.selected && indexById().has(props.selected)
          ? `span-${props.selected}` : undefined}
        onKeyDown={onKeyDown}
        control={(given) => { control = given; }}
      >
        {(node) => (
          <SpanRow
            node={node}
            spanNs={props.tree.spanNs}
            folded={folded().has(node.span.span_id)}
            selected={props.selected === node.span.span_id}
            onSelect={() => select(node)}
            onFold={(closed) => fold(node, closed)}
          />
        )}
      </VirtualList>
    </div>
  );
}

function Axis(props: { spanNs: number }): JSX.Element {
  return (
    <div class="tree-axis" aria-hidden="true">
      <span class="tree-axis-lane">
        <For each={[0, 0.25, 0.5, 0.75]}>
          {(share) => (
            <span style={{ left: `${share * 100}%` }}>{f().duration(props.spanNs * share)}</span>
          )}
        </For>
      </span>
    </div>
  );
}

interface RowProps {
  node: Node;
  spanNs: number;
  folded: boolean;
  selected: boolean;
  onSelect: () => void;
  onFold: (closed: boolean) => void;
}

function SpanRow(props: RowProps): JSX.Element {
  const span = () => props.node.span;
  const failed = () => span().status === 'error';
  const hasChildren = () => props.node.children.length > 0;
  const name = () => oneLine(spanTitle(span()));
  const detail = () => oneLine(
    span().kind === 'llm' || span().kind === 'embedding'
      ? shortModel(span().deployment ?? span().model ?? '')
      : span().halves === 'apm' ? (span().apm_name ?? '') : '');
  const httpStatus = () => span().tags['http.status_code'] ?? '';
  const siblings = () => props.node.parent?.children;
  return (
    <div
      role="treeitem"
      id={`span-${span().span_id}`}
      data-testid="span-row"
      class="span-row"
      classList={{
        selected: props.selected, failed: failed(), path: props.node.failedInside,
        orphan: props.node.orphan,
      }}
      aria-level={props.node.depth + 1}
      aria-expanded={hasChildren() ? !props.folded : undefined}
      aria-selected={props.selected}
      aria-setsize={siblings()?.length}
      aria-posinset={siblings() ? (siblings()?.indexOf(props.node) ?? 0) + 1 : undefined}
      onClick={() => props.onSelect()}
      onDblClick={() => { if (hasChildren()) props.onFold(!props.folded); }}
    >
      <span class="span-name"
        style={{ 'padding-inline-start':
          `${indentPx(props.node.depth)}px` }}>
        <span class="twisty" classList={{ has: hasChildren(), folded: props.folded }}
          aria-hidden="true"
          onClick={(event) => {
            if (!hasChildren()) return;
            event.stopPropagation();
            props.onFold(!props.folded);
          }}>
          <Show when={hasChildren()}><Icon name={props.folded ? 'right' : 'down'} /></Show>
        </span>
        <Show when={failed()} fallback={
          <KindIcon kind={span().kind} label={kindWord(t(), span().kind)} />}>
          <Icon name="error" class="bad" label={t().list.error} />
        </Show>
        <bdi class="span-title" title={name()}>{name()}</bdi>
        <Show when={detail() && detail() !== name()}>
          <bdi class="span-detail">{detail()}</bdi></Show>
        <Show when={httpStatus()}>
          <span class="badge num" classList={{ bad: Number(httpStatus()) >= 400 }}>
            {httpStatus()}</span>
        </Show>
        <Show when={props.node.orphan}>
          <span class="badge warn" title={t().trace.orphan}><Icon name="link" /></span>
        </Show>
        <Show when={props.folded}>
          <span class="badge num">{t().trace.inside(props.node.descendants)}</span></Show>
      </span>
      <span class="lane" aria-hidden="true">
        <span class={`lane-bar ${failed() ? 'failed' : `fill-${span().kind || 'apm'}`}`} style={{
          left: `${(Math.max(0, props.node.startNs) / props.spanNs) * 100}%`,
          width: `${((props.node.endNs - props.node.startNs) / props.spanNs) * 100}%`,
        }} />
      </span>
      <span class="span-duration num">{f().duration(span().duration_ns)}</span>
    </div>
  );
}
