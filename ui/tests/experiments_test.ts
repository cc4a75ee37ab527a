import { expect, test } from 'vitest';
import type { Row, Score } from '../src/api/experiments';
import { compareRows, labelsOf, valueOf, worth } from '../src/lib/experiments';
import { editedTemplate, readTemplate, shownTemplate } from '../src/lib/prompts';

const score = (label: string, more: Partial<Score>): Score => ({
  span_id: '1', label, metric_type: 'score', reasoning: null, error: null, ...more,
});
const row = (record: string, scores: Score[], more: Partial<Row> = {}): Row => ({
  span_id: record, trace_id: '', record_id: record, run: 0, duration_ns: 1, failed: false,
  error: null, input: record, output: '', expected: null, scores, ...more,
});
const none = new Set<string>();

test('what got worse comes first, the largest change before the others', () => {
  const before = [
    row('a', [score('right', { boolean_value: true })]),
    row('b', [score('grade', { score_value: 0.5 })]),
    row('c', [score('grade', { score_value: 0.9 })]),
    row('d', [score('grade', { score_value: 0.1 })]),
  ];
  const after = [
    row('d', [score('grade', { score_value: 0.1 })]),
    row('c', [score('grade', { score_value: 0.8 })]),
    row('b', [score('grade', { score_value: 0.7 })]),
    row('a', [score('right', { boolean_value: false })]),
    row('e', []),
  ];
  const compared = compareRows(before, after, none);
  expect(compared.map((one) => [one.after?.record_id, one.turn])).toEqual([
    ['a', 'worse'], ['c', 'worse'], ['b', 'better'], ['e', 'only'], ['d', 'same'],
  ]);
  const turned = compareRows(before, after, new Set(['grade']));
  expect(turned.find((one) => one.after?.record_id === 'c')?.turn).toBe('better');
});

test('a record that ran in the baseline alone is told, and a run is compared with its like', () => {
  const compared = compareRows(
    [row('a', []), row('b', [], { run: 1 })], [row('b', [], { run: 0 })], none);
  expect(compared.map((one) => [one.before?.record_id ?? null, one.turn])).toEqual([
    [null, 'only'], ['a', 'only'], ['b', 'only'],
  ]);
});

test('a task that fails is worse, and both ways at once are mixed', () => {
  const [failed] = compareRows([row('a', [])], [row('a', [], { failed: true })], none);
  expect(failed?.turn).toBe('worse');
  const [mixed] = compareRows(
    [row('a', [score('x', { score_value: 1 }), score('y', { score_value: 1 })])],
    [row('a', [score('x', { score_value: 2 }), score('y', { score_value: 0 })])], none);
  expect(mixed?.turn).toBe('mixed');
});

test('a verdict is worth more than the number, and words without one nothing', () => {
  expect(worth(score('x', { score_value: 9, assessment: 'fail' }), false)).toBe(0);
  expect(worth(score('x', { score_value: 9 }), true)).toBe(-9);
  expect(worth(score('x', { metric_type: 'categorical', categorical_value: 'rude' }), false))
    .toBeNull();
  expect(worth(score('x', { error: { message: 'no' } }), false)).toBeNull();
  expect(valueOf(score('x', { json_value: { a: 1 } }))).toBe('{"a":1}');
  expect(labelsOf([row('a', [score('y', {}), score('x', {})])])).toEqual(['x', 'y']);
});

test('a template is a text, or a chat when it is an array of messages', () => {
  expect(readTemplate('Hello {{name}}')).toBe('Hello {{name}}');
  expect(readTemplate('[not JSON')).toBe('[not JSON');
  const chat = [
    { role: 'system', content: 'Be brief.' }, { type: 'placeholder' as const, name: 'history' },
  ];
  expect(readTemplate(editedTemplate(chat))).toEqual(chat);
  expect(shownTemplate(chat)).toBe('system:\nBe brief.\n\n{{history}}');
  for (const bad of ['[]', '[1]', '[{"role":"user"}]', '[{"type":"placeholder"}]']) {
    expect(readTemplate(bad)).toBeNull();
  }
});
