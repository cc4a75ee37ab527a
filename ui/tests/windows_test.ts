import { describe, expect, it } from 'vitest';
import type { TraceLine, TraceLines } from '../src/api/types';
import { allClosed, allOpen, flip, foldParameters, pageLines, Windows } from '../src/lib/windows';

const line = (id: number): TraceLine => ({
  span_id: String(id), parent_id: null, depth: 0, inside: 0, closed: false, failed_inside: false,
  orphan: false, status: 'ok', offset_ns: 0, duration_ns: 1, halves: 'llm', name: 'x',
  apm_name: null, resource: null, kind: 'llm', model: null, deployment: null, http_status: null,
});
const page = (from: number, lines = 1_000_000, spans = lines): TraceLines => ({
  spans, lines, from, line: null, closed: [],
  rows: Array.from({ length: pageLines }, (_, i) => line(from + i)),
});

describe('lines of a large trace', () => {
  it('are asked for by page, only while they are missing', () => {
    const none = new Windows(1_000_000, 1_000_000);
    expect(none.missing(500_010, 500_050)).toBe(500_000 / pageLines);
    const some = none.with(page(500_000));
    expect(some.missing(500_010, 500_050)).toBeNull();
    expect(some.missing(500_190, 500_210)).toBe(500_200 / pageLines);
    expect(some.slice(500_199, 500_201).map((slot) => slot.line?.span_id ?? null))
      .toEqual(['500199', null]);
    expect(some.indexOf('500007')).toBe(500_007);
    expect(some.indexOf('7')).toBeNull();
  });

  it('keep their identity, here or not', () => {
    const some = new Windows(1_000_000, 1_000_000).with(page(0));
    expect(some.at(3)).toBe(some.with(page(200)).at(3));
    expect(some.at(900)).toBe(some.at(900));
  });

  it('are let go when they are far, so that memory stays bounded', () => {
    let all = new Windows(1_000_000, 1_000_000);
    for (let from = 0; from < 100_000; from += pageLines) all = all.with(page(from));
    expect(all.missing(0, 10)).toBe(0);
    expect(all.missing(99_800, 100_000)).toBeNull();
  });

  it('start over when the trace has grown', () => {
    const some = new Windows(1_000_000, 1_000_000).with(page(0));
    const grown = some.with(page(200, 1_000_001));
    expect(grown.length).toBe(1_000_001);
    expect(grown.missing(0, 10)).toBe(0);
  });
});

describe('folds', () => {
  it('are a depth and exceptions', () => {
    expect(foldParameters(allOpen).toString()).toBe('');
    expect(foldParameters(flip(allClosed, ['7', '8'])).toString()).toBe('open_depth=0&flipped=7%2C8');
    expect(flip(flip(allOpen, ['7']), ['7']).flipped.size).toBe(0);
  });
});
