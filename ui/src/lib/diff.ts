// What changed between two texts, word by word: Myers' algorithm on words, after the common
// beginning and end are taken away. Pure.

export interface Change {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

// Beyond this many differences the texts are simply different, and looking on would be felt.
const editsMax = 1_200;

export function wordsOf(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
}

// For each number of edits, how far along `a` each diagonal k came.
function traceOf(a: string[], b: string[]): Int32Array[] | null {
  const max = Math.min(a.length + b.length, editsMax);
  const reach = new Int32Array(2 * max + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= max; edits += 1) {
    trace.push(reach.slice(max + 1 - edits - 1, max + 1 + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const at = max + 1 + k;
      const down = k === -edits || (k !== edits && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
      let x = down ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach[at] = x;
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return null;
}

function middle(a: string[], b: string[]): Change[] {
  const trace = traceOf(a, b);
  if (!trace) {
    return [{ kind: 'gone', text: a.join('') }, { kind: 'new', text: b.join('') }];
  }
  const back: Change[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0 && (x > 0 || y > 0); edits -= 1) {
    const reach = trace[edits];
    const of = (k: number) => reach?.[k + edits + 1] ?? 0;
    const k = x - y;
    const down = k === -edits || (k !== edits && of(k - 1) < of(k + 1));
    const fromX = edits === 0 ? 0 : of(down ? k + 1 : k - 1);
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      x -= 1; y -= 1;
      back.push({ kind: 'same', text: a[x] ?? '' });
    }
    if (edits === 0) break;
    if (down) { y -= 1; back.push({ kind: 'new', text: b[y] ?? '' }); }
    else { x -= 1; back.push({ kind: 'gone', text: a[x] ?? '' }); }
  }
  return back.reverse();
}

// Neighbours of one kind as one change; what is gone stands before what is new.
function joined(changes: Change[]): Change[] {
  const out: Change[] = [];
  let gone = '';
  let fresh = '';
  const flush = () => {
    if (gone) out.push({ kind: 'gone', text: gone });
    if (fresh) out.push({ kind: 'new', text: fresh });
    gone = fresh = '';
  };
  for (const change of changes) {
    if (change.text === '') continue;
    if (change.kind === 'gone') gone += change.text;
    else if (change.kind === 'new') fresh += change.text;
    else {
      flush();
      const last = out.at(-1);
      if (last?.kind === 'same') last.text += change.text;
      else out.push({ ...change });
    }
  }
  flush();
  return out;
}

export function diffWords(before: string, after: string): Change[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const changes = joined([
    { kind: 'same', text: a.slice(0, head).join('') },
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    { kind: 'same', text: a.slice(a.length - tail).join('') },
  ]);
  return mostlyDifferent(changes, Math.max(before.length, after.length))
    ? joined([{ kind: 'gone', text: before }, { kind: 'new', text: after }]) : changes;
}

// A few common words and commas in two texts on different things say nothing.
function mostlyDifferent(changes: readonly Change[], length: number): boolean {
  const same = changes.filter((change) => change.kind === 'same')
    .reduce((sum, change) => sum + change.text.trim().length, 0);
  return same < length * 0.2;
}

export interface PairDiff {
  name: string;
  before: string;
  after: string;
  differs: boolean;
}

// Two records side by side, what differs first.
export function diffRecords(
  before: Record<string, string>, after: Record<string, string>,
): PairDiff[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const rows = names.map((name) => ({
    name, before: before[name] ?? '', after: after[name] ?? '',
    differs: before[name] !== after[name],
  }));
  return [...rows.filter((r) => r.differs), ...rows.filter((r) => !r.differs)];
}
