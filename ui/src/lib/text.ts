// Text of strangers, made safe to look at: control characters become visible, long text is cut
// into screenfuls, neighbours that begin alike are shown from where they differ. Pure.

export interface Piece {
  text: string;
  // "U+202E" when the piece is one character that would otherwise be invisible or reorder text.
  code: string | null;
}

// C0 and C1 controls without tab and newline, bidirectional controls, invisible marks, lone
// surrogates. U+200C and U+200D stay: scripts and emoji need them.
// eslint-disable-next-line no-control-regex, max-len
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const normal = text.replaceAll('\r\n', '\n');
  for (const match of normal.matchAll(hidden)) {
    if (match.index > from) pieces.push({ text: normal.slice(from, match.index), code: null });
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    pieces.push({ text: match[0], code: `U+${code}` });
    from = match.index + match[0].length;
  }
  if (from < normal.length) pieces.push({ text: normal.slice(from), code: null });
  return pieces;
}

// On one line of a list there is no room for marks: each hidden character becomes a space.
export function oneLine(text: string): string {
  return text.replace(hidden, ' ').replace(/\s+/g, ' ').trim();
}

export const screenLines = 24;
export const screenChars = 2_400;

// Where to cut so that `screens` screenfuls are shown; the length of the text when all fits.
export function foldAt(text: string, screens: number): number {
  const charsMax = screens * screenChars;
  const linesMax = screens * screenLines;
  // A little over one screen is shown whole: a fold that hides two lines is a nuisance.
  if (text.length <= charsMax * 1.2 && lineCount(text, linesMax * 1.2) <= linesMax * 1.2) {
    return text.length;
  }
  let at = -1;
  for (let line = 0; line < linesMax; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0 || at > charsMax) break;
  }
  let cut = at >= 0 && at <= charsMax ? at : Math.min(charsMax, text.length);
  // Never between the halves of one character.
  const unit = text.charCodeAt(cut - 1);
  if (unit >= 0xd800 && unit <= 0xdbff) cut -= 1;
  return cut;
}

export function lineCount(text: string, stopAfter = Infinity): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= stopAfter; at = text.indexOf('\n', at + 1)) {
    lines += 1;
  }
  return lines;
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

const alikeChars = 24;

// Prompts often share a long head. Rows that begin alike are shown from where they part.
export function distinctHeads(texts: readonly string[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const text of texts) {
    const head = text.slice(0, alikeChars);
    if (text.length > alikeChars) groups.set(head, (groups.get(head) ?? new Set()).add(text));
  }
  const cuts = new Map<string, number>();
  for (const [head, members] of groups) {
    if (members.size < 2) continue;
    const common = commonPrefix([...members]);
    const word = common.lastIndexOf(' ');
    if (word >= alikeChars) cuts.set(head, word + 1);
  }
  return texts.map((text) => {
    const cut = cuts.get(text.slice(0, alikeChars));
    return cut !== undefined && text.length > cut ? `…${text.slice(cut)}` : text;
  });
}

function commonPrefix(texts: string[]): string {
  const first = texts[0] ?? '';
  let length = first.length;
  for (const text of texts) {
    let i = 0;
    while (i < length && text[i] === first[i]) i += 1;
    length = i;
  }
  return first.slice(0, length);
}

// A value of any shape as text to read: strings as they are, the rest as indented JSON.
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return JSON.stringify(value, null, 2);
}

// Indented when the whole text is a JSON object or list, else null.
export function prettyJson(text: string): string | null {
  const head = text.trimStart()[0];
  if ((head !== '{' && head !== '[') || text.length > 1_000_000) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
