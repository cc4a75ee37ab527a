import { describe, expect, it } from 'vitest';
import { distinctHeads, foldAt, oneLine, prettyJson, visiblePieces } from '../src/lib/text';

describe('hidden characters', () => {
  const shown = (text: string) => visiblePieces(text).map((p) => p.code ?? p.text);
  it('are shown by their code', () => {
    expect(shown('a\u0000b')).toEqual(['a', 'U+0000', 'b']);
    expect(shown('user\u202Etxt.exe')).toEqual(['user', 'U+202E', 'txt.exe']);
    expect(shown('\ud83dx')).toEqual(['U+D83D', 'x']);
  });
  it('leave ordinary text, line ends and joined emoji alone', () => {
    for (const text of ['line\n\ttab', '👩‍💻 ñandú שלום', '']) {
      expect(shown(text).join('')).toBe(text);
    }
    expect(shown('a\r\nb')).toEqual(['a\nb']);
  });
  it('become spaces on one line', () => {
    expect(oneLine(' a\n\u202Eb\u0007  c ')).toBe('a b c');
  });
});

describe('folding', () => {
  it('shows a text whole when little would be hidden', () => {
    const text = 'line\n'.repeat(26);
    expect(foldAt(text, 1)).toBe(text.length);
  });
  it('cuts at a line after one screen, later after more, and shows all in the end', () => {
    const text = Array.from({ length: 400 }, (_, i) => `line ${i}`).join('\n');
    expect(text.slice(0, foldAt(text, 1)).split('\n')).toHaveLength(24);
    expect(text.slice(0, foldAt(text, 4)).split('\n')).toHaveLength(96);
    expect(foldAt(text, Infinity)).toBe(text.length);
  });
  it('cuts one endless line without splitting a character', () => {
    const text = '😀'.repeat(9000);
    const cut = foldAt(text, 1);
    expect(cut).toBeLessThanOrEqual(2400);
    expect(cut % 2).toBe(0);
    const shifted = `x${text}`;
    expect(visiblePieces(shifted.slice(0, foldAt(shifted, 1))).every((p) => p.code === null))
      .toBe(true);
  });
});

describe('rows that begin alike', () => {
  it('are shown from the word where they part', () => {
    const head = 'Summarise this mail for the support team: ';
    expect(distinctHeads([`${head}order lost`, `${head}thank you`, 'Hello']))
      .toEqual(['…order lost', '…thank you', 'Hello']);
  });
  it('stay whole when they are the same or stand alone', () => {
    const same = 'The very same question asked twice';
    expect(distinctHeads([same, same])).toEqual([same, same]);
    expect(distinctHeads(['short', 'short too'])).toEqual(['short', 'short too']);
  });
});

describe('JSON within text', () => {
  it('is indented when it is all of the text, and left alone otherwise', () => {
    expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    for (const text of ['{a:1}', '12', 'see {"a":1}', '']) expect(prettyJson(text)).toBeNull();
  });
});
