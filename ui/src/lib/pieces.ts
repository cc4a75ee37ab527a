// A text cut where something was found in it.
export interface Place { begin: number; end: number }

export interface Piece<Found extends Place> { text: string; found: Found | null }

// The server counts bytes of UTF-8.
export function piecesOf<Found extends Place>(
  text: string, found: readonly Found[],
): Piece<Found>[] {
  const bytes = new TextEncoder().encode(text);
  const words = new TextDecoder();
  const pieces: Piece<Found>[] = [];
  let at = 0;
  for (const one of found) {
    const between = words.decode(bytes.slice(at, one.begin));
    if (between) pieces.push({ text: between, found: null });
    pieces.push({ text: words.decode(bytes.slice(one.begin, one.end)), found: one });
    at = one.end;
  }
  if (at < bytes.length) pieces.push({ text: words.decode(bytes.slice(at)), found: null });
  return pieces;
}
