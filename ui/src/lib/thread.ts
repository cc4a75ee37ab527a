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

// How many of the first messages are the beginning of a conversation already shown.
function knownPrefix(keys: string[], shown: readonly string[][]): number {
  let best = 0;
  for (const earlier of shown) {
    let same = 0;
    while (same < keys.length && same < earlier.length && keys[same] === earlier[same]) same += 1;
    best = Math.max(best, same);
  }
  return best;
}

// Beyond this the comparison with every earlier conversation would be felt.
const conversationsKept = 40;

function freshOf(calls: readonly Node[]): Map<Node, { said: SaidBy[]; repeated: number }> {
  const shown: string[][] = [];
  const fresh = new Map<Node, { said: SaidBy[]; repeated: number }>();
  for (const node of calls) {
    const said = saidIn(node.span.input, node.span.output).map((s) => ({ ...s, node }));
    const keys = said.map((s) => keyOf(s.message));
    const inputs = said.filter((s) => s.side === 'input').length;
    const repeated = Math.min(inputs, knownPrefix(keys, shown));
    fresh.set(node, { said: said.slice(repeated), repeated });
    shown.unshift(keys);
    if (shown.length > conversationsKept) shown.pop();
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
