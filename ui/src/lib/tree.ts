// A trace's flat span list as a tree. Broken input stays readable: a span whose parent is missing
// becomes a root, a cycle is cut at its earliest span, nothing is left out.
import type { Span, Trace } from '../api/types';

export interface Node {
  span: Span;
  parent: Node | null;
  children: Node[];
  depth: number;
  // Nanoseconds since the start of the trace; small enough for a double.
  startNs: number;
  endNs: number;
  orphan: boolean;
  // This span or one below it failed.
  failedInside: boolean;
  descendants: number;
}

export interface Tree {
  roots: Node[];
  byId: Map<string, Node>;
  // The shared axis: from the first start to the last end, never 0.
  spanNs: number;
  order: Node[];
}

function nodesOf(trace: Trace): Map<string, Node> {
  const byId = new Map<string, Node>();
  const origin = BigInt(trace.start_ns);
  for (const span of trace.spans) {
    const startNs = Number(BigInt(span.start_ns) - origin);
    byId.set(span.span_id, {
      span,
      parent: null,
      children: [],
      depth: 0,
      startNs,
      endNs: startNs + Math.max(0, span.duration_ns),
      orphan: false,
      failedInside: false,
      descendants: 0,
    });
  }
  return byId;
}

function namedParent(byId: Map<string, Node>, node: Node): Node | undefined {
  return node.span.parent_id === null ? undefined : byId.get(node.span.parent_id);
}

// The earliest span of every circle of parents. Each span is stepped over once.
function circleHeads(byId: Map<string, Node>): Set<Node> {
  const heads = new Set<Node>();
  const seenFrom = new Map<Node, Node>();
  for (const start of byId.values()) {
    let at: Node | undefined = start;
    while (at && !seenFrom.has(at)) {
      seenFrom.set(at, start);
      at = namedParent(byId, at);
    }
    if (!at || seenFrom.get(at) !== start) continue;
    let head = at;
    for (let on = namedParent(byId, at); on && on !== at; on = namedParent(byId, on)) {
      if (on.startNs < head.startNs) head = on;
    }
    heads.add(head);
  }
  return heads;
}

function link(byId: Map<string, Node>): Node[] {
  const roots: Node[] = [];
  const heads = circleHeads(byId);
  const inTime = [...byId.values()].sort((a, b) => a.startNs - b.startNs || b.endNs - a.endNs);
  for (const node of inTime) {
    const parent = namedParent(byId, node);
    if (!parent || heads.has(node)) {
      node.orphan = node.span.parent_id !== null;
      roots.push(node);
    } else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  return roots;
}

// Depth first without recursion: real traces are thousands of levels deep when a loop is traced.
function walk(roots: Node[]): Node[] {
  const order: Node[] = [];
  const stack = [...roots].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    node.depth = node.parent ? node.parent.depth + 1 : 0;
    order.push(node);
    for (let i = node.children.length - 1; i >= 0; i -= 1) {
      const child = node.children[i];
      if (child) stack.push(child);
    }
  }
  return order;
}

export function buildTree(trace: Trace): Tree {
  const byId = nodesOf(trace);
  const roots = link(byId);
  const order = walk(roots);
  let spanNs = Math.max(1, trace.duration_ns);
  for (let i = order.length - 1; i >= 0; i -= 1) {
    const node = order[i];
    if (!node) continue;
    if (node.span.status === 'error') node.failedInside = true;
    if (node.endNs > spanNs) spanNs = node.endNs;
    if (!node.parent) continue;
    node.parent.descendants += node.descendants + 1;
    if (node.failedInside) node.parent.failedInside = true;
  }
  return { roots, byId, spanNs, order };
}

// What is on screen: everything except what lies below a folded node.
export function visibleNodes(tree: Tree, folded: ReadonlySet<string>): Node[] {
  if (folded.size === 0) return tree.order;
  const shown: Node[] = [];
  let hiddenBelow = Infinity;
  for (const node of tree.order) {
    if (node.depth > hiddenBelow) continue;
    hiddenBelow = Infinity;
    shown.push(node);
    if (folded.has(node.span.span_id)) hiddenBelow = node.depth;
  }
  return shown;
}

// Time a span spent itself: its length less the union of its children's, within its own bounds.
export function selfNs(node: Node): number {
  let covered = 0;
  let until = node.startNs;
  for (const child of [...node.children].sort((a, b) => a.startNs - b.startNs)) {
    const from = Math.max(until, child.startNs);
    const to = Math.min(node.endNs, child.endNs);
    if (to > from) {
      covered += to - from;
      until = to;
    }
  }
  return Math.max(0, node.endNs - node.startNs - covered);
}

export function ancestorsOf(node: Node): Node[] {
  const found: Node[] = [];
  for (let at = node.parent; at; at = at.parent) found.push(at);
  return found;
}
