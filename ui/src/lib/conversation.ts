// The messages of one call as a conversation: each tool call stands with its result. Pure.
import type { MediaPart, Message, SpanIo, ToolCall, ToolResult } from '../api/types';
import { textOf } from './text';

export interface PairedCall {
  call: ToolCall;
  result: ToolResult | null;
}

export interface Turn {
  role: string;
  text: string;
  calls: PairedCall[];
  // Results whose call is not in this conversation.
  results: ToolResult[];
  images: MediaPart[];
  audio: MediaPart[];
  side: 'input' | 'output';
}

export interface Said {
  message: Message;
  side: Turn['side'];
}

const list = <T>(value: readonly T[] | undefined): readonly T[] =>
  Array.isArray(value) ? value : [];

export function messagesOf(io: SpanIo | null): Message[] {
  return io && Array.isArray(io.messages)
    ? io.messages.filter((m): m is Message => typeof m === 'object' && m !== null)
    : [];
}

export function saidIn(input: SpanIo | null, output: SpanIo | null): Said[] {
  return [
    ...messagesOf(input).map((message) => ({ message, side: 'input' as const })),
    ...messagesOf(output).map((message) => ({ message, side: 'output' as const })),
  ];
}

function turnOf(
  { message, side }: Said, results: Map<string, ToolResult>, called: Set<string>,
): Turn | null {
  const turn: Turn = {
    role: typeof message.role === 'string' ? message.role : '',
    text: textOf(message.content),
    calls: list(message.tool_calls).map((call) => ({
      call,
      result: (call.tool_id ? results.get(call.tool_id) : undefined) ?? null,
    })),
    results: list(message.tool_results).filter((r) => !r.tool_id || !called.has(r.tool_id)),
    images: [...list(message.image_parts)],
    audio: [...list(message.audio_parts)],
    side,
  };
  const shownElsewhere = list(message.tool_results).length > 0 && turn.results.length === 0;
  const empty = !turn.text && turn.calls.length + turn.images.length + turn.audio.length === 0;
  return shownElsewhere && empty ? null : turn;
}

// Clients send a tool's answer as tool_results or as a plain "tool" message; both end here. What
// stood beside a message comes back beside its turn.
export function pairTurns<T extends Said>(said: readonly T[]): { turn: Turn; from: T }[] {
  const results = new Map<string, ToolResult>();
  const called = new Set<string>();
  for (const { message } of said) {
    for (const result of list(message.tool_results)) {
      if (result.tool_id) results.set(result.tool_id, result);
    }
    for (const call of list(message.tool_calls)) if (call.tool_id) called.add(call.tool_id);
  }
  return said.flatMap((from) => {
    const turn = turnOf(from, results, called);
    return turn ? [{ turn, from }] : [];
  });
}

export function turnsOf(input: SpanIo | null, output: SpanIo | null): Turn[] {
  return pairTurns(saidIn(input, output)).map(({ turn }) => turn);
}

// Whatever stands beside messages, value, documents and prompt.
export function restOf(io: SpanIo | null): Record<string, unknown> | null {
  if (!io) return null;
  const known = new Set(['messages', 'value', 'documents', 'prompt']);
  const rest = Object.entries(io).filter(([key]) => !known.has(key));
  return rest.length > 0 ? Object.fromEntries(rest) : null;
}
