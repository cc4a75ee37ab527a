// The spans of a trace as a tree with time drawn on every row, all on one axis. Virtualised;
// a trace too large to be here whole is shown by WindowTree.
import { createEffect, createMemo, createSignal, type JSX, on } from 'solid-js';
import { tTrace } from '../i18n/trace';
import { ancestorsOf, type Node, type Tree, visibleNodes } from '../lib/tree';
import { Overview } from './Overview';
import { Axis, type LineFacts, SpanLine } from './SpanLine';
import { type ListControl, VirtualList } from './VirtualList';

interface Props {
  tree: Tree;
  selected: string | null;
  onSelect: (spanId: string) => void;
}

function factsOf(node: Node, folded: boolean): LineFacts {
  const { span } = node;
  const siblings = node.parent?.children;
  return {
    spanId: span.span_id, named: span, kind: span.kind, halves: span.halves,
    detail: span.deployment ?? span.model ?? '', httpStatus: span.tags['http.status_code'] ?? '',
    failed: span.status === 'error', failedInside: node.failedInside, orphan: node.orphan,
    depth: node.depth, inside: node.descendants, startNs: node.startNs,
    durationNs: span.duration_ns, folded,
    setSize: siblings?.length,
    position: siblings ? siblings.indexOf(node) + 1 : undefined,
  };
}

export function SpanTree(props: Props): JSX.Element {
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set<string>());
  let control: ListControl | undefined;
  const shown = createMemo(() => visibleNodes(props.tree, folded()));
  const indexById = createMemo(
    () => new Map(shown().map((node, i) => [node.span.span_id, i])));
  const strokes = createMemo(() => props.tree.order.map((node) => ({
    startNs: node.startNs, endNs: node.endNs, kind: node.span.kind,
    failed: node.span.status === 'error',
  })));
  const selectedAt = () => {
    const at = props.tree.order.findIndex((node) => node.span.span_id === props.selected);
    return at < 0 ? null : at / props.tree.order.length;
  };

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
          {tTrace().expandAll}</button>
        <button type="button" class="link" onClick={foldAll}>{tTrace().collapseAll}</button>
      </div>
      <Overview strokes={strokes()} spanNs={props.tree.spanNs} at={selectedAt()}
        onChoose={(share) =>
          select(props.tree.order[Math.floor(share * props.tree.order.length)])} />
      <Axis spanNs={props.tree.spanNs} />
      <VirtualList
        each={shown()}
        rowHeight={28}
        role="tree"
        label={tTrace().tree}
        class="tree-rows"
        activeId={props.selected && indexById().has(props.selected)
          ? `span-${props.selected}` : undefined}
        onKeyDown={onKeyDown}
        control={(given) => { control = given; }}
      >
        {(node) => (
          <SpanLine
            facts={factsOf(node, folded().has(node.span.span_id))}
            spanNs={props.tree.spanNs}
            selected={props.selected === node.span.span_id}
            onSelect={() => select(node)}
            onFold={() => fold(node, !folded().has(node.span.span_id))}
          />
        )}
      </VirtualList>
    </div>
  );
}
