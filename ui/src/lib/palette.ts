// What the command palette offers for what was typed. Pure.

export type Group = 'trace' | 'page' | 'view' | 'filter' | 'value' | 'setting';

export interface Command {
  id: string;
  group: Group;
  title: string;
  // Also found by these words, which are not shown.
  words?: string;
  keys?: string;
  run: () => void;
}

const plain = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

// Higher is better, 0 is no match: whole words before beginnings, before letters in order.
export function scoreOf(query: string, title: string): number {
  const q = plain(query.trim());
  const text = plain(title);
  if (q === '') return 1;
  const at = text.indexOf(q);
  if (at === 0) return 100;
  if (at > 0 && /[^\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return 80;
  if (at > 0) return 60;
  const words = q.split(/\s+/);
  if (words.length > 1 && words.every((word) => text.includes(word))) return 50;
  return inOrder(q.replace(/\s/g, ''), text) ? 10 : 0;
}

function inOrder(letters: string, text: string): boolean {
  if (letters.length < 2) return false;
  let from = 0;
  for (const letter of letters) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  // Letters scattered over a long title are an accident.
  return from - text.indexOf(letters[0] ?? '') <= letters.length * 3;
}

export function matching(query: string, commands: readonly Command[], max = 40): Command[] {
  return commands
    .map((command, order) => ({
      command, order,
      score: Math.max(scoreOf(query, command.title), scoreOf(query, command.words ?? '\u0000') * 0.7),
    }))
    .filter((x) => x.score > 0)
    // There are a few pages and any number of values: a page is not to be buried under them.
    .map((x) => (x.command.group === 'value' ? x : { ...x, score: x.score + 30 }))
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, max)
    .map((x) => x.command);
}

// An id of a trace as people paste it: hexadecimal or decimal, with or without "0x" and quotes.
export function traceIdIn(query: string): string | null {
  const text = query.trim().replace(/^["']|["']$/g, '').replace(/^0x/i, '').toLowerCase();
  if (/^[0-9a-f]{32}$/.test(text) || /^[0-9a-f]{16}$/.test(text)) return text;
  return /^\d{15,39}$/.test(text) ? text : null;
}
