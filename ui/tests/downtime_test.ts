import { expect, test } from 'vitest';
import type { Downtime, Schedule } from '../src/api/downtimes';
import {
  againOf, draftOf, emptyDraft, lengthOf, readRule, ruleOf, wantedOf,
} from '../src/lib/downtime';
import { isZone, localAt, timeOf } from '../src/lib/zone';

const now = Date.parse('2026-05-28T20:26:40Z');
const draft = { ...emptyDraft(now, 'Europe/Madrid'), monitor: '7', start: '2026-06-29T22:00' };
const kept = (schedule: Schedule): Downtime => ({
  id: 'a', attributes: {
    status: 'scheduled', created: '', modified: '', canceled: null, scope: 'env:prod',
    monitor_identifier: { monitor_tags: ['team:sea', 'tier:1'] }, message: null, schedule,
    display_timezone: 'UTC', mute_first_recovery_notification: false,
    catalejo: { unsupported: [], author: '', monitors: [], monitors_count: 0, next: [] },
  },
});

test('what the form says becomes a rule, and is read of it again', () => {
  for (const [change, rule] of [
    [{ repeat: 'daily' }, 'FREQ=DAILY'],
    [{ repeat: 'daily', every: 3, ends: 'count', count: 5 }, 'FREQ=DAILY;INTERVAL=3;COUNT=5'],
    [{ repeat: 'weekly' }, 'FREQ=WEEKLY;BYDAY=MO'],
    [{ repeat: 'weekly', days: ['FR', 'TU'] }, 'FREQ=WEEKLY;BYDAY=TU,FR'],
    [{ repeat: 'monthly' }, 'FREQ=MONTHLY;BYMONTHDAY=29'],
    // The fifth Monday of June is the last: every month has one.
    [{ repeat: 'monthly', monthBy: 'weekday' }, 'FREQ=MONTHLY;BYDAY=-1MO'],
    [{ repeat: 'monthly', monthBy: 'weekday', start: '2026-06-09T22:00' },
      'FREQ=MONTHLY;BYDAY=2TU'],
    [{ repeat: 'daily', ends: 'date', until: '2026-12-31' }, 'FREQ=DAILY;UNTIL=20261231'],
  ] as const) {
    const made = { ...draft, ...change } as typeof draft;
    expect(ruleOf(made)).toBe(rule);
    expect(ruleOf({ ...made, ...readRule(rule, made.start), start: made.start })).toBe(rule);
    expect(readRule(rule, made.start).repeat).toBe(change.repeat);
  }
});

test('a rule that the form cannot say is kept as it is', () => {
  for (const rule of [
    'FREQ=YEARLY;BYMONTH=3', 'FREQ=WEEKLY;BYDAY=MO;WKST=SU', 'FREQ=DAILY;BYHOUR=1,13', 'x', '',
    'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1', 'FREQ=DAILY;UNTIL=20261231T220000Z', 'FREQ=RULE',
    'FREQ=WEEKLY',
  ]) expect(readRule(rule, draft.start)).toEqual({ repeat: 'rule', rule });
});

test('times are those of the clocks of the zone', () => {
  expect(localAt(now, 'Europe/Madrid')).toBe('2026-05-28T22:26');
  expect(localAt(now, 'Asia/Kolkata')).toBe('2026-05-29T01:56');
  for (const [local, utc] of [
    ['2026-05-28T22:26', '2026-05-28T20:26'], ['2026-01-01T00:00', '2025-12-31T23:00'],
    ['2026-03-29T02:30', '2026-03-29T01:30'], // skipped
    ['2026-10-25T02:30', '2026-10-25T00:30'], // twice
    ['2026-03-29T03:30', '2026-03-29T01:30'], ['2026-10-25T03:30', '2026-10-25T02:30'],
  ] as const)
    expect(new Date(timeOf(local, 'Europe/Madrid')).toISOString().slice(0, 16)).toBe(utc);
  expect([isZone('Europe/Madrid'), isZone('Mars'), isZone('')]).toEqual([true, false, false]);
});

test('a downtime of once is sent with its offset, one that recurs by its clocks', () => {
  const once = wantedOf({ ...draft, end: '', scope: ' ' }, null);
  expect(once.schedule).toEqual({ start: '2026-06-29T20:00:00.000Z', end: null });
  expect([once.scope, once.monitor_identifier]).toEqual(['*', { monitor_id: 7 }]);
  const often = wantedOf({ ...draft, repeat: 'weekly', rule: 'x', lasts: 8 }, null);
  expect(often.schedule).toEqual({ timezone: 'Europe/Madrid', recurrences: [
    { rrule: 'FREQ=WEEKLY;BYDAY=MO', duration: '8h', start: '2026-06-29T22:00' }] });
});

test('what is kept is the same when nothing is changed', () => {
  const other = { rrule: 'FREQ=DAILY', duration: '30m', start: '2026-06-29T04:00:00' };
  const often = kept({ timezone: 'Europe/Madrid', recurrences: [
    { rrule: 'FREQ=WEEKLY;BYDAY=MO,TU', duration: '480m', start: '2026-06-29T22:00:00' }, other] });
  const read = draftOf(often, now);
  expect([read.repeat, read.lasts, read.unit, read.tags]).toEqual(
    ['weekly', 8, 'h', 'team:sea, tier:1']);
  const wanted = wantedOf(read, often);
  expect(wanted.schedule.recurrences).toEqual([
    { rrule: 'FREQ=WEEKLY;BYDAY=MO,TU', duration: '8h', start: '2026-06-29T22:00' }, other]);
  expect(wanted.monitor_identifier).toEqual({ monitor_tags: ['team:sea', 'tier:1'] });
  const once = kept({ start: '2026-06-29T20:00:00Z', end: null });
  expect(wantedOf(draftOf(once, now), once).schedule).toEqual(
    { start: '2026-06-29T20:00:00.000Z', end: null });
  const shown = kept({ timezone: 'UTC', recurrences: [other],
    current_downtime: { start: 'x', end: null } });
  expect(againOf(shown).schedule).toEqual({ timezone: 'UTC', recurrences: [other] });
});

test('lengths are said in the largest unit that fits', () => {
  expect(lengthOf('480m')).toEqual({ lasts: 8, unit: 'h' });
  expect(lengthOf('10080m')).toEqual({ lasts: 1, unit: 'w' });
  expect(lengthOf('90m')).toEqual({ lasts: 90, unit: 'm' });
  expect(lengthOf('2d')).toEqual({ lasts: 2, unit: 'd' });
});
