// The server counts characters (code points), a text of the browser's counts UTF-16 units.

export function pointsBefore(text: string, unit: number): number {
  return [...text.slice(0, unit)].length;
}

export function unitOf(text: string, point: number): number {
  return [...text].slice(0, point).join('').length;
}

// Replaces the characters from `begin` to `end`; says where the cursor stands behind it, in units.
export function replaced(
  text: string, begin: number, end: number, by: string,
): { text: string; cursor: number } {
  const all = [...text];
  const before = all.slice(0, begin).join('') + by;
  return { text: before + all.slice(end).join(''), cursor: before.length };
}
