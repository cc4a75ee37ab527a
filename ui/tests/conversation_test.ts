import { describe, expect, it } from 'vitest';
import type { Message } from '../src/api/types';
import { restOf, turnsOf } from '../src/lib/conversation';
import { pictureOf, soundOf } from '../src/lib/media';

describe('a conversation', () => {
  const call: Message = {
    role: 'assistant', content: '',
    tool_calls: [{ name: 'get', arguments: { id: 1 }, tool_id: 'c1', type: 'function' }],
  };

  it('puts a tool result with its call and does not show it twice', () => {
    const answer: Message = {
      role: 'tool', content: '', tool_results: [{ name: 'get', result: 'ok', tool_id: 'c1' }],
    };
    const turns = turnsOf({ messages: [call, answer] }, { messages: [{ content: 'done' }] });
    expect(turns.map((t) => [t.role, t.calls[0]?.result?.result, t.side])).toEqual([
      ['assistant', 'ok', 'input'], ['', undefined, 'output'],
    ]);
  });

  it('shows a result whose call is not there, and a call without a result', () => {
    const turns = turnsOf({ messages: [
      { role: 'tool', tool_results: [{ name: 'old', result: '1', tool_id: 'gone' }] }, call,
    ] }, null);
    expect(turns[0]?.results).toHaveLength(1);
    expect(turns[1]?.calls[0]?.result).toBeNull();
  });

  it('bears messages of any shape', () => {
    const odd = [null, 'text', { role: 7, content: { a: 1 }, tool_calls: 'no' }] as never;
    expect(turnsOf({ messages: odd }, { messages: 'none' as never })
      .map((t) => [t.role, t.text])).toEqual([['', '{\n  "a": 1\n}']]);
  });

  it('keeps what stands beside the messages', () => {
    expect(restOf({ messages: [], parameters: { x: 1 } })).toEqual({ parameters: { x: 1 } });
    expect(restOf({ value: 'v' })).toBeNull();
  });
});

describe('a picture', () => {
  it('is shown only from its own bytes and only as a raster', () => {
    expect(pictureOf({ mime_type: 'image/PNG', content: 'aGk=' })).toMatchObject({
      kind: 'image', type: 'image/png', bytes: 2,
    });
    expect(pictureOf({ mime_type: 'image/svg+xml', content: 'aGk=' }).kind).toBe('refused');
    expect(pictureOf({ mime_type: 'text/html', content: 'aGk=' }).kind).toBe('refused');
  });
  it('is never an address', () => {
    for (const content of ['https://evil.example/x.png', 'javascript:alert(1)', '" onload="x']) {
      expect(pictureOf({ mime_type: 'image/png', content }).kind).toBe('note');
    }
    expect(pictureOf({ mime_type: 'image/png', attachment_key: 'k' }).kind).toBe('elsewhere');
    expect(pictureOf({ cut: { bytes: 5, sha256: 'ab' } })).toEqual({
      kind: 'cut', bytes: 5, sha256: 'ab',
    });
  });
  it('has a sister, the sound, under the same rules', () => {
    expect(soundOf({ mime_type: 'audio/wav', content: 'aGk=' })).toBe('audio/wav');
    expect(soundOf({ mime_type: 'text/html', content: 'aGk=' })).toBeNull();
    expect(soundOf({ mime_type: 'audio/wav', content: 'https://evil.example/' })).toBeNull();
  });
});
