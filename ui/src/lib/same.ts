// An answer that is asked for again, joined to the one before it: what says the same is the same
// object, so that a page draws only what has changed, and what plays or is folded out stays so.

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// `after`, with the parts of `before` that are equal to its own. Both are JSON; neither is changed.
export function keepSame<T>(before: unknown, after: T): T {
  if (Array.isArray(before) && Array.isArray(after)) {
    const kept: unknown[] = after.map((item, at) => keepSame(before[at], item));
    const same = before.length === kept.length && kept.every((item, at) => item === before[at]);
    return (same ? before : kept) as T;
  }
  if (isRecord(before) && isRecord(after)) {
    const kept = Object.fromEntries(
      Object.entries(after).map(([key, value]) => [key, keepSame(before[key], value)]));
    const same = Object.keys(before).length === Object.keys(kept).length &&
      Object.entries(kept).every(([key, value]) => key in before && value === before[key]);
    return (same ? before : kept) as T;
  }
  return after;
}
