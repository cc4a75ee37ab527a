import { describe, expect, it } from 'vitest';
import type { Bucket } from '../src/api/types';
import { differenceOf } from '../src/lib/ledger';
import { shortModel, shortName } from '../src/lib/names';
import {
  appendRows, durationScale, mergeRows, refreshedRows, unseenRows,
} from '../src/lib/rows';
import { barsOf, changeOf, summaryOf } from '../src/lib/summary';
import { makeRow } from './make';

const ids = (rows: { span_id: string }[]) => rows.map((row) => row.span_id);
const bucket = (t: number, count: number, errors: number, p95: number): Bucket => ({
  t, group: '', count, errors, p50_ns: p95, p95_ns: p95, p99_ns: p95, tokens: null, cost_usd: null,
});

describe('rows', () => {
  const shown = [makeRow('3', 30), makeRow('1', 10)];

  it('grow below without repeating', () => {
    expect(ids(appendRows(shown, [makeRow('1', 10), makeRow('0', 0)]))).toEqual(['3', '1', '0']);
  });

  it('announce what is new, also what came late into the middle', () => {
    const latest = [makeRow('4', 40), makeRow('3', 30), makeRow('2', 20), makeRow('0', 0)];
    expect(ids(unseenRows(shown, latest, false))).toEqual(['4', '2']);
    expect(ids(unseenRows(shown, latest, true))).toEqual(['4', '2', '0']);
    expect(ids(unseenRows([], latest, false))).toHaveLength(4);
    expect(ids(mergeRows(shown, unseenRows(shown, latest, false)))).toEqual(['4', '3', '2', '1']);
  });

  it('take up what became known of them, and stay themselves otherwise', () => {
    const fresh = refreshedRows(shown, [makeRow('3', 30, { output: 'done' }), makeRow('1', 10)]);
    expect(fresh[0]?.output).toBe('done');
    expect(fresh[1]).toBe(shown[1]);
  });

  it('are drawn to a scale that one very slow call does not flatten', () => {
    expect(durationScale([1, 2, 3])).toBe(3);
    const many = [...Array.from({ length: 99 }, () => 100), 60_000];
    expect(durationScale(many)).toBe(250);
    expect(durationScale([])).toBe(1);
  });
});

describe('figures', () => {
  it('add up, weighting p95 by count', () => {
    expect(summaryOf([bucket(0, 9, 1, 100), bucket(1, 1, 1, 200)]))
      .toEqual({ count: 10, errors: 2, p95Ns: 110 });
    expect(summaryOf([]).p95Ns).toBeNull();
  });

  it('compare with the period before, or say there is none', () => {
    const now = { count: 20, errors: 2, p95Ns: 300 };
    expect(changeOf(now, { count: 10, errors: 0, p95Ns: 200 }))
      .toEqual({ calls: 1, failureRate: 0.1, p95: 0.5 });
    expect(changeOf(now, { count: 0, errors: 0, p95Ns: null })).toBeNull();
  });

  it('put back the empty buckets in step with the server', () => {
    const bars = barsOf([bucket(2500, 4, 1, 9)], 1000, 1000, 4000);
    expect(bars.map((b) => [b.fromMs, b.ok, b.errors]))
      .toEqual([[500, 0, 0], [1500, 0, 0], [2500, 3, 1], [3500, 0, 0]]);
    expect(barsOf([], 0, 0, 1)).toEqual([]);
  });
});

describe('the ledger', () => {
  it('finds the difference whatever the server says', () => {
    const account = {
      received: 20, stored: 10, cut: 1, duplicate: 2, sampled_out: 3,
      rejected: { too_old: 1, bad: 2 }, in_flight: 1, accounted: 20,
    };
    expect(differenceOf(account)).toBe(0);
    expect(differenceOf({ ...account, stored: 8 })).toBe(2);
  });
});

describe('names', () => {
  it('lose what is the same on every row', () => {
    expect(shortName('AzureOpenAI.createChatCompletion')).toBe('createChatCompletion');
    expect(shortName('AsyncAzureOpenAI.x')).toBe('x');
    expect(shortName('my.OpenAI.x')).toBe('my.OpenAI.x');
    expect(shortModel('gpt-4o-mini-2024-07-18')).toBe('gpt-4o-mini');
    expect(shortModel('gpt-4o')).toBe('gpt-4o');
  });
});
