// A downtime as a form, and what the form says as a downtime. Pure.
import type { Downtime, Schedule, Wanted } from '../api/downtimes';
import { localAt, timeOf } from './zone';

export const repeats = ['once', 'daily', 'weekly', 'monthly', 'rule'] as const;
export type Repeat = typeof repeats[number];
export const weekDays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type WeekDay = typeof weekDays[number];
export const units = ['m', 'h', 'd', 'w'] as const;
export type Unit = typeof units[number];
const minutesOf: Record<Unit, number> = { m: 1, h: 60, d: 1440, w: 10_080 };

export interface Draft {
  by: 'monitor' | 'tags'; monitor: string; tags: string; scope: string;
  repeat: Repeat; zone: string;
  // By the clocks of the zone. Empty: at once, and without end.
  start: string; end: string;
  every: number; days: WeekDay[]; monthBy: 'day' | 'weekday';
  lasts: number; unit: Unit;
  ends: 'never' | 'date' | 'count'; until: string; count: number;
  rule: string; message: string; quiet: boolean;
}

export const emptyDraft = (nowMs: number, zone: string): Draft => ({
  by: 'monitor', monitor: '', tags: '', scope: '*', repeat: 'once', zone, start: '',
  end: localAt(nowMs + 4 * 3_600_000, zone), every: 1, days: [], monthBy: 'day', lasts: 1, unit: 'h',
  ends: 'never', until: '', count: 10, rule: '', message: '', quiet: false,
});

// Of "2026-01-05": the day of the week, and which of its month it is.
function dayOf(local: string): { day: WeekDay; nth: number; date: number } {
  const time = new Date(`${local.slice(0, 10)}T00:00:00Z`);
  const date = time.getUTCDate();
  return { day: weekDays[(time.getUTCDay() + 6) % 7] ?? 'MO', nth: Math.ceil(date / 7), date };
}

// The RRULE that the form says; `start` is never empty here.
export function ruleOf(draft: Draft): string {
  if (draft.repeat === 'once' || draft.repeat === 'rule') return draft.rule;
  const parts = [`FREQ=${draft.repeat.toUpperCase()}`];
  if (draft.every > 1) parts.push(`INTERVAL=${draft.every}`);
  const { day, nth, date } = dayOf(draft.start);
  if (draft.repeat === 'weekly') {
    const days = draft.days.length > 0 ? weekDays.filter((one) => draft.days.includes(one)) : [day];
    parts.push(`BYDAY=${days.join(',')}`);
  }
  // The fifth of a weekday is not in every month: the last is.
  if (draft.repeat === 'monthly')
    parts.push(draft.monthBy === 'day' ? `BYMONTHDAY=${date}` : `BYDAY=${nth > 4 ? -1 : nth}${day}`);
  if (draft.ends === 'date' && draft.until)
    parts.push(`UNTIL=${draft.until.replaceAll('-', '')}`);
  if (draft.ends === 'count') parts.push(`COUNT=${draft.count}`);
  return parts.join(';');
}

// What the form can say of a rule; `rule` for all others.
export function readRule(rule: string, start: string): Partial<Draft> {
  const parts = new Map(rule.split(';').map((part): [string, string] => {
    const at = part.indexOf('=');
    return [part.slice(0, at), part.slice(at + 1)];
  }));
  const until = /^(\d{4})(\d\d)(\d\d)$/.exec(parts.get('UNTIL') ?? '');
  const byDay = parts.get('BYDAY') ?? '';
  const said: Partial<Draft> = {
    repeat: (parts.get('FREQ') ?? '').toLowerCase() as Repeat,
    every: Number(parts.get('INTERVAL') ?? 1), rule,
    ends: parts.has('COUNT') ? 'count' : until ? 'date' : 'never',
    until: until ? until.slice(1).join('-') : '', count: Number(parts.get('COUNT') ?? 10),
    days: weekDays.filter((one) => byDay.split(',').includes(one)),
    monthBy: parts.has('BYMONTHDAY') ? 'day' : 'weekday',
  };
  const same = { ...emptyDraft(0, 'UTC'), ...said, start };
  return (repeats as readonly string[]).includes(said.repeat ?? '') && ruleOf(same) === rule &&
    said.repeat !== 'once' && said.repeat !== 'rule' ? said : { repeat: 'rule', rule };
}

// "480m" as 8 h.
export function lengthOf(text: string): Pick<Draft, 'lasts' | 'unit'> {
  const read = /^(\d+)([mhdw])$/.exec(text);
  const minutes = Number(read?.[1] ?? 60) * minutesOf[(read?.[2] ?? 'm') as Unit];
  const unit = [...units].reverse().find((one) => minutes % minutesOf[one] === 0) ?? 'm';
  return { lasts: minutes / minutesOf[unit], unit };
}

export const minutesIn = (text: string): number => {
  const { lasts, unit } = lengthOf(text);
  return lasts * minutesOf[unit];
};

export function draftOf(one: Downtime, nowMs: number): Draft {
  const said = one.attributes;
  const whom = said.monitor_identifier;
  const first = said.schedule.recurrences?.[0];
  const zone = (first ? said.schedule.timezone : said.display_timezone) ?? 'UTC';
  const local = (time: string | null | undefined) => (time ? localAt(Date.parse(time), zone) : '');
  const draft: Draft = {
    ...emptyDraft(nowMs, zone),
    by: whom.monitor_id ? 'monitor' : 'tags', monitor: String(whom.monitor_id ?? ''),
    tags: (whom.monitor_tags ?? []).join(', '), scope: said.scope, message: said.message ?? '',
    quiet: said.mute_first_recovery_notification,
    start: first ? (first.start ?? '').slice(0, 16) : local(said.schedule.start),
    end: first ? '' : local(said.schedule.end),
  };
  return first ? { ...draft, ...lengthOf(first.duration), ...readRule(first.rrule, draft.start) }
    : draft;
}

const instant = (local: string, zone: string) =>
  (local ? new Date(timeOf(local, zone)).toISOString() : null);

// `before`: of its recurrences the form changes the first.
export function wantedOf(draft: Draft, before: Downtime | null): Wanted {
  const tags = draft.tags.split(',').map((one) => one.trim()).filter(Boolean);
  const schedule: Schedule = draft.repeat === 'once'
    ? { start: instant(draft.start, draft.zone), end: instant(draft.end, draft.zone) }
    : {
        timezone: draft.zone,
        recurrences: [
          { rrule: ruleOf(draft), duration: `${draft.lasts}${draft.unit}`, start: draft.start },
          ...(before?.attributes.schedule.recurrences ?? []).slice(1),
        ],
      };
  return {
    monitor_identifier: draft.by === 'monitor'
      ? { monitor_id: Number(draft.monitor) } : { monitor_tags: tags },
    scope: draft.scope.trim() || '*', schedule, message: draft.message.trim() || null,
    display_timezone: draft.zone, mute_first_recovery_notification: draft.quiet,
  };
}

// The same once more, for one that was canceled.
export function againOf(one: Downtime): Wanted {
  const said = one.attributes;
  const schedule = { ...said.schedule };
  delete schedule.current_downtime;
  return {
    monitor_identifier: said.monitor_identifier, scope: said.scope, schedule,
    message: said.message, display_timezone: said.display_timezone,
    mute_first_recovery_notification: said.mute_first_recovery_notification,
  };
}
