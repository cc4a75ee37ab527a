// What called what in a trace, as a small layered graph: columns by depth, siblings that repeat
// as one node with its number. Pure.
import { tokensOf } from './jump';
import type { Node, Tree } from './tree';

export interface GraphNode {
  key: string;
  name: string;
  kind: string;
  spans: Node[];
  errors: number;
  durationNs: number;
  tokens: number;
  parent: GraphNode | null;
  children: GraphNode[];
  // Place among its siblings in time, from 1.
  order: number;
  x: number;
  y: number;
}

export interface Graph {
  nodes: GraphNode[];
  width: number;
  height: number;
  leftOut: number;
}

export const nodeWidth = 188;
export const nodeHeight = 48;
const columnGap = 56;
const rowGap = 16;
const margin = 16;
const nodesMax = 300;

function place(key: string, parent: GraphNode | null, order: number, first: Node): GraphNode {
  const { span } = first;
  return {
    key, name: span.name || span.apm_name || span.span_id, kind: span.kind, spans: [], errors: 0,
    durationNs: 0, tokens: 0, parent, children: [], order, x: 0, y: 0,
  };
}

// HTTP requests and the like are how a call was made, not who called whom.
function calledBy(nodes: readonly Node[]): Node[] {
  const found: Node[] = [];
  const stack = [...nodes].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.span.halves !== 'apm') found.push(node);
    else stack.push(...[...node.children].reverse());
  }
  return found;
}

// Breadth first, so that what is left out lies deepest.
function grouped(tree: Tree): { roots: GraphNode[]; nodes: GraphNode[]; leftOut: number } {
  const roots: GraphNode[] = [];
  const nodes: GraphNode[] = [];
  const waiting: { parent: GraphNode | null; below: Node[] }[] = [
    { parent: null, below: tree.roots },
  ];
  let shown = 0;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const siblings = next.parent ? next.parent.children : roots;
    const byName = new Map<string, GraphNode>();
    for (const node of calledBy(next.below).sort((a, b) => a.startNs - b.startNs)) {
      const key = `${node.span.kind}\u0000${node.span.name}`;
      let group = byName.get(key);
      if (!group) {
        if (nodes.length >= nodesMax) continue;
        group = place(`${nodes.length}`, next.parent, siblings.length + 1, node);
        byName.set(key, group);
        siblings.push(group);
        nodes.push(group);
      }
      shown += 1;
      group.spans.push(node);
      group.durationNs += node.endNs - node.startNs;
      group.tokens += node.span.kind === 'llm' || node.span.kind === 'embedding'
        ? tokensOf(node) : 0;
      if (node.span.status === 'error') group.errors += 1;
    }
    for (const group of byName.values()) {
      const below = group.spans.flatMap((span) => span.children);
      if (below.length > 0) waiting.push({ parent: group, below });
    }
  }
  const all = tree.order.filter((node) => node.span.halves !== 'apm').length;
  return { roots, nodes, leftOut: all - shown };
}

// Leaves take the next free row, parents the middle of their children; without recursion.
function lay(roots: GraphNode[]): void {
  let row = 0;
  const stack: { node: GraphNode; done: boolean; depth: number }[] =
    [...roots].reverse().map((node) => ({ node, done: false, depth: 0 }));
  for (let at = stack.pop(); at; at = stack.pop()) {
    const { node, done, depth } = at;
    node.x = margin + depth * (nodeWidth + columnGap);
    if (node.children.length === 0) {
      node.y = margin + row * (nodeHeight + rowGap);
      row += 1;
    } else if (done) {
      const first = node.children[0]?.y ?? 0;
      node.y = (first + (node.children.at(-1)?.y ?? first)) / 2;
    } else {
      stack.push({ node, done: true, depth });
      for (const child of [...node.children].reverse()) {
        stack.push({ node: child, done: false, depth: depth + 1 });
      }
    }
  }
}

export function graphOf(tree: Tree): Graph {
  const { roots, nodes, leftOut } = grouped(tree);
  lay(roots);
  const far = (get: (node: GraphNode) => number) => nodes.reduce((m, n) => Math.max(m, get(n)), 0);
  return {
    nodes, leftOut,
    width: far((n) => n.x) + nodeWidth + margin, height: far((n) => n.y) + nodeHeight + margin,
  };
}
