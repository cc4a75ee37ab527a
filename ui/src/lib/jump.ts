// Where to look next in a trace. Pure; each gives a span's id or null when there is none.
import type { Evaluation } from '../api/types';
import { type Node, selfNs, type Tree } from './tree';

function after(nodes: Node[], tree: Tree, selected: string | null): string | null {
  const at = selected === null ? -1 : tree.order.findIndex((n) => n.span.span_id === selected);
  const position = new Map(tree.order.map((node, i) => [node, i]));
  const next = nodes.find((node) => (position.get(node) ?? -1) > at) ?? nodes[0];
  return next?.span.span_id ?? null;
}

export function nextError(tree: Tree, selected: string | null): string | null {
  return after(tree.order.filter((node) => node.span.status === 'error'), tree, selected);
}

function largest(nodes: readonly Node[], measure: (node: Node) => number): Node | null {
  let best: Node | null = null;
  let most = 0;
  for (const node of nodes) {
    const value = measure(node);
    if (value > most) { best = node; most = value; }
  }
  return best;
}

// The span that spent the most time itself.
export function slowest(tree: Tree): string | null {
  return largest(tree.order, selfNs)?.span.span_id ?? null;
}

export function tokensOf(node: Node): number {
  const { metrics } = node.span;
  return metrics['total_tokens'] ??
    (metrics['input_tokens'] ?? 0) + (metrics['output_tokens'] ?? 0);
}

// Of the calls themselves: what holds them repeats their sum. Where no price is known the tokens
// must do.
export function dearest(tree: Tree): string | null {
  const calls = tree.order.filter((n) => n.span.kind === 'llm' || n.span.kind === 'embedding');
  return (largest(calls, (n) => n.span.cost.usd ?? 0) ?? largest(calls, tokensOf))
    ?.span.span_id ?? null;
}

export function failedEvaluation(evaluation: Evaluation): boolean {
  return evaluation.assessment === 'fail' || evaluation.status === 'error';
}

// An evaluation without a span is about the whole trace: it stands with the first root.
export function nextEvaluationFailure(
  tree: Tree, evaluations: readonly Evaluation[], selected: string | null,
): string | null {
  const root = tree.roots[0]?.span.span_id;
  const ids = new Set(evaluations.filter(failedEvaluation).map((e) => e.span_id ?? root));
  return after(tree.order.filter((node) => ids.has(node.span.span_id)), tree, selected);
}
