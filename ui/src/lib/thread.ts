// A whole trace as one conversation. Every call of an agent repeats the history before it; here
// each message stands once, under the call that said it first. Pure.
import type { Message } from '../api/types';
import { pairTurns, type Said, saidIn, type Turn } from './conversation';
import { textOf } from './text';
import type { Node, Tree } from './tree';

export type ThreadItem =
  // What one model call added; `repeated` messages of its input are further up.
  | { kind: 'call'; node: Node; turns: Turn[]; repeated: number }
  // Something done in between: a tool, a retrieval, an agent that begins.
  | { kind: 'step'; node: Node }
  // Input and output of a span that has no messages.
  | { kind: 'value'; node: Node; role: 'user' | 'assistant'; text: string };

const steps = new Set(['agent', 'workflow', 'tool', 'retrieval', 'embedding']);

interface SaidBy extends Said {
  node: Node;
}

function keyOf(message: Message): string {
  return JSON.stringify([
    message.role, message.content, message.tool_calls, message.tool_results, message.image_parts,
  ]);
}

// A message is repeated when an earlier call said it at least as often; so a second "yes" of the
// same person is news, and a history whose system prompt changed is still one.
function freshOf(calls: readonly Node[]): Map<Node, { said: SaidBy[]; repeated: number }> {
  const known = new Map<string, number>();
  const fresh = new Map<Node, { said: SaidBy[]; repeated: number }>();
  for (const node of calls) {
    const here = new Map<string, number>();
    const said = saidIn(node.span.input, node.span.output).map((s) => ({ ...s, node }));
    const news = said.filter((s) => {
      const messageKey = keyOf(s.message);
      const times = (here.get(messageKey) ?? 0) + 1;
      here.set(messageKey, times);
      return s.side === 'output' || times > (known.get(messageKey) ?? 0);
    });
    for (const [messageKey, times] of here) {
      known.set(messageKey, Math.max(times, known.get(messageKey) ?? 0));
    }
    fresh.set(node, { said: news, repeated: said.length - news.length });
  }
  return fresh;
}

function valuesOf(root: Node): ThreadItem[] {
  const items: ThreadItem[] = [];
  for (const [side, role] of [['input', 'user'], ['output', 'assistant']] as const) {
    const text = textOf(root.span[side]?.value);
    if (text) items.push({ kind: 'value', node: root, role, text });
  }
  return items;
}

export function threadOf(tree: Tree): ThreadItem[] {
  const inTime = tree.order.filter((node) => node.span.halves !== 'apm')
    .sort((a, b) => a.startNs - b.startNs || a.depth - b.depth);
  const calls = inTime.filter((node) =>
    saidIn(node.span.input, node.span.output).length > 0 && node.span.kind === 'llm');
  const fresh = freshOf(calls);
  const turns = new Map<Node, Turn[]>();
  for (const { turn, from } of pairTurns([...fresh.values()].flatMap(({ said }) => said))) {
    turns.set(from.node, [...(turns.get(from.node) ?? []), turn]);
  }
  const root = tree.roots[0];
  const values = root && calls.length === 0 ? valuesOf(root) : [];
  const items: ThreadItem[] = values.filter((v) => v.kind === 'value' && v.role === 'user');
  for (const node of inTime) {
    const own = fresh.get(node);
    if (own) {
      items.push({ kind: 'call', node, turns: turns.get(node) ?? [], repeated: own.repeated });
    } else if (steps.has(node.span.kind) || node.span.status === 'error') {
      items.push({ kind: 'step', node });
    }
  }
  return [...items, ...values.filter((v) => v.kind === 'value' && v.role === 'assistant')];
}
