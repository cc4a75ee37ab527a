import { expect, test } from 'vitest';
import type { QueueRule } from '../src/api/queues';
import { fieldsOf, listHref, newRule, otherFilters, ruleOf } from '../src/lib/rule';

const rule = (filter: string, more: Partial<QueueRule> = {}): QueueRule => ({
  filter, type: 'trace', sample: 1, daily_max: 100, since: '', author: null, problem: null, ...more,
});

test('a form gives the rule it was made of', () => {
  const one = rule('view=spans&ml_app=shop&query=%40status%3Aerror',
    { type: 'span', sample: 0.07, daily_max: 5 });
  const fields = fieldsOf(one);
  expect(fields).toEqual({ query: '@status:error', type: 'span', percent: 7, dailyMax: 5 });
  expect(ruleOf(fields, one)).toEqual({
    filter: 'view=spans&ml_app=shop&query=%40status%3Aerror', type: 'span', sample: 0.07,
    daily_max: 5,
  });
  expect(otherFilters(one)).toEqual(['ml_app=shop']);
});

test('times of a list do not count, and steps are searched among spans', () => {
  const list = rule('from=1&to=2&view=traces&ml_app=shop');
  expect(listHref(list)).toBe('/traces?view=traces&ml_app=shop');
  expect(ruleOf({ ...fieldsOf(list), type: 'span' }, list).filter).toBe('ml_app=shop&view=spans');
  expect(ruleOf(newRule, null).filter).toBe('');
  const steps = rule('view=spans', { type: 'span' });
  expect(ruleOf({ ...fieldsOf(steps), type: 'session' }, steps).filter).toBe('');
});
