// Two spans side by side: what was sent and answered word by word, parameters and usage. Pure.
import type { Span } from '../api/types';
import { turnsOf } from './conversation';
import { type Change, diffRecords, diffWords, type PairDiff } from './diff';
import { textOf } from './text';

export interface TextDiff {
  role: string;
  side: 'input' | 'output';
  changes: Change[];
  same: boolean;
}

export interface Comparison {
  texts: TextDiff[];
  parameters: PairDiff[];
  figures: { name: string; before: number | null; after: number | null }[];
}

interface Part {
  role: string;
  side: 'input' | 'output';
  text: string;
}

function partsOf(span: Span): Part[] {
  const turns = turnsOf(span.input, span.output).map((turn) => ({
    role: turn.role, side: turn.side,
    text: [turn.text, ...turn.calls.map(({ call }) => `${call.name ?? ''}(${textOf(call.arguments)})`)]
      .filter(Boolean).join('\n'),
  }));
  if (turns.length > 0) return turns;
  return (['input', 'output'] as const).flatMap((side) => {
    const text = textOf(span[side]?.value);
    return text ? [{ role: '', side, text }] : [];
  });
}

// Messages are held against each other by side, role and their place among those of that role.
function pairs(a: Part[], b: Part[]): { key: Part; before: string; after: string }[] {
  const keyed = (parts: Part[]) => {
    const count = new Map<string, number>();
    return parts.map((part) => {
      const name = `${part.side}|${part.role}`;
      const n = (count.get(name) ?? 0) + 1;
      count.set(name, n);
      return { part, key: `${name}|${n}` };
    });
  };
  const left = keyed(a);
  const right = new Map(keyed(b).map(({ part, key }) => [key, part]));
  const out = left.map(({ part, key }) => {
    const other = right.get(key);
    right.delete(key);
    return { key: part, before: part.text, after: other?.text ?? '' };
  });
  const rest = [...right.values()].map((part) => ({ key: part, before: '', after: part.text }));
  const late = ({ key }: { key: Part }) => Number(key.side === 'output');
  return [...out, ...rest].sort((x, y) => late(x) - late(y));
}

function parametersOf(span: Span): Record<string, string> {
  const { azure, openai, ...metadata } = span.metadata ?? {};
  void azure; void openai;
  const named: Record<string, string | null> = {
    model: span.model, deployment: span.deployment, provider: span.provider, version: span.version,
  };
  const all = { ...named, ...metadata };
  return Object.fromEntries(Object.entries(all)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [name, textOf(value)]));
}

export function compareSpans(before: Span, after: Span): Comparison {
  const names = [...new Set(
    [...Object.keys(before.metrics), ...Object.keys(after.metrics)])].sort();
  return {
    texts: pairs(partsOf(before), partsOf(after)).map(({ key, before: a, after: b }) => ({
      role: key.role, side: key.side, changes: diffWords(a, b), same: a === b,
    })),
    parameters: diffRecords(parametersOf(before), parametersOf(after)),
    figures: [
      { name: 'duration', before: before.duration_ns, after: after.duration_ns },
      ...names.map((name) => ({
        name, before: before.metrics[name] ?? null, after: after.metrics[name] ?? null,
      })),
    ],
  };
}
