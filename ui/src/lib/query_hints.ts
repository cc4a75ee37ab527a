// What can stand at the cursor of a query of metrics. Pure.

export interface Place {
  kind: 'metric' | 'tag' | 'key';
  metric: string; // whose tags
  part: string; // that is written already
  begin: number; end: number; // what a choice replaces
}

const named = /(?:^|[^\w.])(?:avg|sum|min|max|count|p\d+(?:\.\d+)?):([\w.]*)$/i;
const within = /[a-z]\w*:([\w.]+)\{[^{}]*$/i;
const grouped = /[a-z]\w*:([\w.]+)\{[^{}]*\}\s*by\s*\{[^{}]*$/i;
const wordBefore = /[^{},()!\s]*$/;
const wordAfter = /^[^{},()!\s]*/;

export function placeAt(text: string, cursor: number): Place | null {
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  const group = grouped.exec(before);
  const scope = group ? null : within.exec(before);
  if (group || scope) {
    const part = wordBefore.exec(before)?.[0] ?? '';
    return {
      kind: group ? 'key' : 'tag', metric: (group ?? scope)?.[1] ?? '', part,
      begin: cursor - part.length, end: cursor + (wordAfter.exec(after)?.[0].length ?? 0),
    };
  }
  const metric = named.exec(before);
  if (!metric) return null;
  const part = metric[1] ?? '';
  return {
    kind: 'metric', metric: '', part, begin: cursor - part.length,
    end: cursor + (/^[\w.]*/.exec(after)?.[0].length ?? 0),
  };
}

const offersMax = 8;

// Of all that is known, what has the part in it: first what begins with it.
export function offersOf(known: readonly string[], part: string): string[] {
  const small = part.toLowerCase();
  const found = known.filter((one) => one.toLowerCase().includes(small) && one !== part);
  const begins = (one: string) => (one.toLowerCase().startsWith(small) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b)).slice(0, offersMax);
}

export const keysOf = (tags: readonly string[]): string[] =>
  [...new Set(tags.map((tag) => tag.split(':', 1)[0] ?? ''))].filter((key) => key !== '');

// The query with the choice in its place, and where the cursor is then.
export function taken(
  text: string, place: Place, choice: string,
): { text: string; cursor: number } {
  const rest = text.slice(place.end);
  const scope = place.kind === 'metric' && !rest.startsWith('{') ? '{*}' : '';
  const head = text.slice(0, place.begin) + choice;
  return { text: head + scope + rest, cursor: head.length + scope.length };
}
