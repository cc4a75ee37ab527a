// The lines of a large trace as far as they are here: fetched by pages, kept while they are near
// what is looked at. Pure; who fetches is told what is missing.
import type { TraceLine, TraceLines } from '../api/types';

export const pageLines = 200;
// Some 12 MB of lines; a page left behind is fetched again.
const pagesMax = 60;

// A line of the list: the span when it is here, else its place.
export interface Slot {
  index: number;
  line: TraceLine | null;
}

export class Windows {
  // Slots keep their identity while their line does.
  private readonly pages = new Map<number, Slot[]>();
  private readonly waiting = new Map<number, Slot>();

  // `spans` tells when the trace has grown: then lines stand elsewhere.
  constructor(readonly length: number, readonly spans: number) {}

  slice(first: number, last: number): Slot[] {
    const slots: Slot[] = [];
    for (let index = first; index < last; index += 1) slots.push(this.at(index));
    return slots;
  }

  at(index: number): Slot {
    const page = this.pages.get(Math.floor(index / pageLines));
    const slot = page?.[index % pageLines];
    if (slot) return slot;
    const held = this.waiting.get(index) ?? { index, line: null };
    if (this.waiting.size > 2_000) this.waiting.clear();
    this.waiting.set(index, held);
    return held;
  }

  // The first page that is missing among these lines, or null.
  missing(first: number, last: number): number | null {
    const end = Math.ceil(Math.min(last, this.length) / pageLines);
    for (let page = Math.floor(first / pageLines); page < end; page += 1) {
      if (!this.pages.has(page)) return page;
    }
    return null;
  }

  indexOf(spanId: string): number | null {
    for (const slots of this.pages.values()) {
      const slot = slots.find(({ line }) => line?.span_id === spanId);
      if (slot) return slot.index;
    }
    return null;
  }

  // With one more page, and without those furthest from it when there are too many.
  with(answer: TraceLines): Windows {
    const next = new Windows(answer.lines, answer.spans);
    const same = answer.lines === this.length && answer.spans === this.spans;
    if (same) for (const [page, slots] of this.pages) next.pages.set(page, slots);
    const number = Math.floor(answer.from / pageLines);
    next.pages.set(number, answer.rows.map((line, i) => ({ index: answer.from + i, line })));
    while (next.pages.size > pagesMax) {
      const far = [...next.pages.keys()].reduce((a, b) =>
        Math.abs(a - number) >= Math.abs(b - number) ? a : b);
      next.pages.delete(far);
    }
    return next;
  }
}

// Which spans are closed: below a depth all but the flipped ones, or only the flipped ones.
export interface Folds {
  openDepth: number | null;
  flipped: ReadonlySet<string>;
}

export const allOpen: Folds = { openDepth: null, flipped: new Set() };
export const allClosed: Folds = { openDepth: 0, flipped: new Set() };
// As many ids as a request takes.
export const flippedMax = 1_000;

export function flip(folds: Folds, ids: readonly string[]): Folds {
  const flipped = new Set(folds.flipped);
  for (const id of ids) {
    if (!flipped.delete(id) && flipped.size < flippedMax) flipped.add(id);
  }
  return { ...folds, flipped };
}

export function foldParameters(folds: Folds): URLSearchParams {
  const query = new URLSearchParams();
  if (folds.openDepth !== null) query.set('open_depth', String(folds.openDepth));
  if (folds.flipped.size > 0) query.set('flipped', [...folds.flipped].join(','));
  return query;
}
