import { describe, expect, it } from 'vitest';
import {
  nextSort, parseState, presetReaching, pressed, requestOf, resolveRange, resolveTime, toggleFilter,
  writeState,
} from '../src/lib/url_state';

const parse = (text: string) => parseState(new URLSearchParams(text));

describe('the state of the list', () => {
  it('comes back from the address exactly as it was written', () => {
    for (const text of [
      '', 'view=spans', 'from=now-7d', 'from=1700000000000&to=1700000360000',
      'service=a&service=b&service=-c&status=error&query=dos+palabras&live=1',
      'tag=customer%3Aacme&min_duration_ms=250',
    ]) expect(writeState(parse(text)).toString()).toBe(text);
  });

  it('reads an exclusion, but a lone dash as a value', () => {
    expect(parse('model=-gpt-4o&model=-').filters).toEqual([
      { field: 'model', value: 'gpt-4o', exclude: true },
      { field: 'model', value: '-', exclude: false },
    ]);
  });

  it('ignores what it does not know', () => {
    const state = parse('view=pictures&color=red&min_duration_ms=fast&from=');
    expect([state.view, state.filters, state.minMs]).toEqual(['traces', [], null]);
  });

  it('asks the server with one fixed range and the same filters', () => {
    expect(requestOf(parse('query=hola&env=-dev&live=1'), { fromMs: 1.2, toMs: 9.1 }).toString())
      .toBe('from=1&to=10&view=traces&env=-dev&query=hola');
  });

  it('turns a filter on, off, and over', () => {
    const on = { field: 'env', value: 'dev', exclude: false } as const;
    const off = { ...on, exclude: true };
    expect(toggleFilter([], on)).toEqual([on]);
    expect(toggleFilter([on], on)).toEqual([]);
    expect(toggleFilter([on], off)).toEqual([off]);
  });
});

describe('times', () => {
  it('are relative, in milliseconds, or written out', () => {
    const now = Date.UTC(2026, 0, 2);
    expect(resolveTime('now-1d', now)).toBe(Date.UTC(2026, 0, 1));
    expect(resolveTime('1700000000000', now)).toBe(1_700_000_000_000);
    expect(resolveTime('2026-01-01T00:00:00Z', now)).toBe(Date.UTC(2026, 0, 1));
    expect(resolveTime('whenever', now)).toBe(now);
  });

  it('never make an empty or backward range', () => {
    const range = resolveRange(parse('from=now&to=now-1h'), 1e12);
    expect(range.fromMs).toBeLessThan(range.toMs);
  });

  it('offer the smallest preset that reaches a call', () => {
    expect(presetReaching(60e3)).toBe('15m');
    expect(presetReaching(3 * 864e5)).toBe('7d');
    expect(presetReaching(900 * 864e5)).toBeNull();
  });
});

describe('the order of a list', () => {
  it('is read and written as the API has it, and an unknown one is the usual', () => {
    expect(parseState(new URLSearchParams('sort=-tokens')).sort).toBe('-tokens');
    expect(parseState(new URLSearchParams('sort=name')).sort).toBe('-start');
    expect(writeState(parseState(new URLSearchParams('sort=-start'))).toString()).toBe('');
  });

  it('turns around when the same column is pressed again', () => {
    expect(pressed('-start', 'duration')).toBe('-duration');
    expect(pressed('-duration', 'duration')).toBe('duration');
    expect(pressed('duration', 'duration')).toBe('-duration');
    expect(nextSort('-errors')).toBe('start');
  });
});
