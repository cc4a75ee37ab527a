// Who called whom, drawn: columns by depth, repeated siblings as one box with its number, the
// order of the calls on their lines.
import { createMemo, For, type JSX, Show } from 'solid-js';
import { f } from '../i18n/language';
import { tGraph } from '../i18n/trace';
import { tKinds } from '../i18n/verdict';
import { type GraphNode, graphOf, nodeHeight, nodeWidth } from '../lib/graph';
import { shortName } from '../lib/names';
import { oneLine } from '../lib/text';
import type { Tree } from '../lib/tree';
import { kindWord } from '../lib/verdict_words';
import { Icon, KindIcon, kindOf } from './Icons';

function line(node: GraphNode): string {
  const from = node.parent;
  if (!from) return '';
  const x = from.x + nodeWidth;
  const y = from.y + nodeHeight / 2;
  const toY = node.y + nodeHeight / 2;
  const half = (node.x + x) / 2;
  return `M${x} ${y}C${half} ${y} ${half} ${toY} ${node.x} ${toY}`;
}

function Box(props: {
  node: GraphNode; selected: boolean; onSelect: () => void;
}): JSX.Element {
  const name = () => oneLine(shortName(props.node.name));
  const count = () => props.node.spans.length;
  const figures = () => [
    f().duration(props.node.durationNs),
    props.node.tokens > 0 ? tGraph().tokens(f().compact(props.node.tokens)) : '',
  ].filter(Boolean).join(' · ');
  const words = () => tGraph().box({
    kind: kindWord(tKinds(), props.node.kind), name: name(), count: count(),
    failed: props.node.errors, figures: figures(),
  });
  return (
    <foreignObject x={props.node.x} y={props.node.y} width={nodeWidth} height={nodeHeight}>
      <button type="button" class={`graph-box edge-${kindOf(props.node.kind)}`}
        data-testid="graph-box" classList={{ selected: props.selected, failed: props.node.errors > 0 }}
        aria-pressed={props.selected} title={words()}
        onClick={() => props.onSelect()}>
        <span class="graph-name">
          <Show when={props.node.errors > 0} fallback={<KindIcon kind={props.node.kind} />}>
            <Icon name="error" class="bad" /></Show>
          <bdi>{name()}</bdi>
          <Show when={count() > 1}><span class="badge num">×{f().number(count())}</span></Show>
        </span>
        <span class="graph-figures num">{figures()}
          <Show when={count() > 1 && props.node.errors > 0}>
            {' '}<span class="bad">{tGraph().failed(f().number(props.node.errors))}</span></Show>
        </span>
      </button>
    </foreignObject>
  );
}

export default function AgentGraph(props: {
  tree: Tree; selected: string | null; onSelect: (id: string) => void;
}): JSX.Element {
  const graph = createMemo(() => graphOf(props.tree));
  const holds = (node: GraphNode) =>
    node.spans.some((span) => span.span.span_id === props.selected);
  // A box of many spans goes to the next of them with each press, failed ones first.
  const choose = (node: GraphNode) => {
    const inOrder = [...node.spans].sort((a, b) =>
      Number(b.span.status === 'error') - Number(a.span.status === 'error'));
    const at = inOrder.findIndex((span) => span.span.span_id === props.selected);
    const next = inOrder[(at + 1) % inOrder.length];
    if (next) props.onSelect(next.span.span_id);
  };
  return (
    <div class="graph" role="region" aria-label={tGraph().title} tabIndex={0} data-testid="graph">
      <Show when={graph().nodes.length > 0} fallback={<p class="empty">{tGraph().empty}</p>}>
        <Show when={graph().leftOut > 0}>
          <p class="caution">{tGraph().leftOut(f().number(graph().leftOut))}</p></Show>
        <svg width={graph().width} height={graph().height} role="group" aria-label={tGraph().title}>
          <For each={graph().nodes}>
            {(node) => (
              <Show when={node.parent}>
                <path class="graph-line" classList={{ failed: node.errors > 0 }} d={line(node)} />
                <Show when={(node.parent?.children.length ?? 0) > 1}>
                  <text class="graph-order num" x={node.x - 8} y={node.y + nodeHeight / 2 - 5}
                    text-anchor="end" aria-hidden="true">{f().number(node.order)}</text></Show>
              </Show>
            )}
          </For>
          <For each={graph().nodes}>
            {(node) => <Box node={node} selected={holds(node)} onSelect={() => choose(node)} />}
          </For>
        </svg>
      </Show>
    </div>
  );
}
