import { expect, test } from 'vitest';
import type { CountsLine, Settings } from '../src/api/evaluators';
import {
  appsOf, barsOf, bodyOf, byFailures, failedHref, fieldsOf, lineId, mostAtOnce, percentOf, shareOf,
  sumsOf,
} from '../src/lib/judged';
import { parseState } from '../src/lib/url_state';

const line = (more: Partial<CountsLine>): CountsLine => {
  const one = {
    id: '', evaluator: 'pii', version: 1, app: 'shop', judged: 10, failed: 0, buckets: [], ...more,
  };
  return { ...one, id: lineId(one) };
};

test('the worst comes first, and is named', () => {
  const lines = [
    line({ judged: 5 }), line({ evaluator: 'secrets', failed: 2 }), line({ judged: 50 }),
    line({ evaluator: 'repetition', failed: 2, judged: 90 }),
  ];
  expect(byFailures(lines).map((one) => [one.evaluator, one.judged])).toEqual(
    [['repetition', 90], ['secrets', 10], ['pii', 50], ['pii', 5]]);
  expect(sumsOf(lines)).toMatchObject({ judged: 155, failed: 4, worst: { evaluator: 'secrets' } });
  expect(sumsOf([line({})]).worst).toBeNull();
  expect(sumsOf([])).toEqual({ judged: 0, failed: 0, worst: null });
  expect(shareOf(0, 0)).toBe(0);
  expect(shareOf(1, 4)).toBe(0.25);
});

test('versions and applications are lines of their own', () => {
  const ids = [line({}), line({ version: 2 }), line({ app: 'help' }), line({ app: null })]
    .map((one) => one.id);
  expect(new Set(ids).size).toBe(4);
});

test('an application that is chosen stays to be chosen', () => {
  const lines = [line({ app: 'shop' }), line({ app: null }), line({ app: 'help' })];
  expect(appsOf(lines, '')).toEqual(['help', 'shop']);
  expect(appsOf(lines, 'old')).toEqual(['help', 'old', 'shop']);
  expect(appsOf([], '')).toEqual([]);
});

test('a line leads to what failed in it, in the same time', () => {
  const state = parseState(new URLSearchParams('from=now-7d&sort=-cost&cols=name&live=1'));
  const query = new URL(failedHref(line({ app: 'a&b c' }), state), 'http://x').searchParams;
  expect(query.get('query')).toBe('@evaluation.pii.assessment:fail');
  expect([query.get('view'), query.get('from'), query.get('ml_app')])
    .toEqual(['spans', 'now-7d', 'a&b c']);
  expect(['sort', 'cols', 'live'].filter((name) => query.has(name))).toEqual([]);
  expect(failedHref(line({ app: null }), state)).not.toContain('ml_app');
});

test('failures are drawn as long as they are many, and never outside', () => {
  const one = line({ buckets: [
    { start_ms: 900, judged: 9, failed: 1 }, { start_ms: 1_500, judged: 9, failed: 4 },
    { start_ms: 1_600, judged: 9, failed: 0 }, { start_ms: 2_000, judged: 9, failed: 2 },
  ] });
  const bars = barsOf(one, { fromMs: 1_000, toMs: 2_000, stepMs: 100 }, { width: 100, height: 20 });
  expect(mostAtOnce(one)).toBe(4);
  expect(bars.map((bar) => bar.height)).toEqual([5, 20, 10]);
  expect(bars.map((bar) => bar.x)).toEqual([0, 50, 100 - 9.5]);
  expect(barsOf(line({}), { fromMs: 0, toMs: 1, stepMs: 1 }, { width: 9, height: 9 })).toEqual([]);
  expect(barsOf(one, { fromMs: 5, toMs: 5, stepMs: 1 }, { width: 9, height: 9 })).toEqual([]);
});

test('a form gives the settings it was made of', () => {
  const settings: Settings = {
    enabled: true, threshold: 0.5, sampling: 0.07, query: 'env:prod', options: null,
    keep_passes: true, author: null, changed: null,
  };
  expect(percentOf(0.07)).toBe(7);
  expect(percentOf(0.001)).toBe(0.1);
  const fields = fieldsOf(settings);
  expect(bodyOf(true, fields)).toEqual(
    { enabled: true, threshold: 0.5, sampling: 0.07, query: 'env:prod', keep_passes: true });
  // Nothing written there is the evaluator's own threshold, not 0.
  expect(bodyOf(false, { ...fields, threshold: ' ', query: ' ' })).toEqual(
    { enabled: false, sampling: 0.07, query: '', keep_passes: true });
  expect(bodyOf(true, { ...fields, threshold: '0' })).toMatchObject({ threshold: 0 });
});

test('a list is written a line each, and read back as it was', () => {
  const settings = {
    enabled: true, threshold: null, sampling: 1, query: '', keep_passes: false, author: null,
    changed: null,
  };
  const topics = [{ name: 'returns', words: ['refund', 'send back'] }, { name: 'prices', words: [] }];
  const fields = fieldsOf({ ...settings, options: { topics } });
  expect(fields.list).toBe('returns: refund, send back\nprices');
  expect(bodyOf(true, fields, 'topics')).toMatchObject({ options: { topics } });
  const tokens = fieldsOf({ ...settings, options: { tokens: ['zebra-2231'] } });
  expect(bodyOf(true, { ...tokens, list: ' zebra-2231 \n\n a:b,c' }, 'tokens')).toMatchObject(
    { options: { tokens: ['zebra-2231', 'a:b,c'] } });
  expect(bodyOf(true, { ...tokens, list: ' \n' }, 'tokens')).not.toHaveProperty('options');
  expect(bodyOf(true, tokens)).not.toHaveProperty('options');
});
