// The rule of a queue as its form has it. What the form does not show of a filter, such as
// `ml_app=`, stays as it is; its time does not count, for a rule takes what comes.
import type { Interaction, NewRule, QueueRule } from '../api/queues';

const times = ['from', 'to'];
const shown = ['query', 'view', ...times];

export function withoutTimes(filter: string): string {
  const kept = new URLSearchParams(filter);
  for (const name of times) kept.delete(name);
  return kept.toString();
}

export interface RuleFields {
  query: string; type: Interaction['type']; percent: number; dailyMax: number;
}

export const newRule: RuleFields = { query: '', type: 'trace', percent: 100, dailyMax: 100 };

export function fieldsOf(rule: QueueRule): RuleFields {
  return {
    query: new URLSearchParams(rule.filter).get('query') ?? '', type: rule.type,
    percent: Number((rule.sample * 100).toPrecision(12)), dailyMax: rule.daily_max,
  };
}

// "ml_app=shop" for each parameter that has no field.
export function otherFilters(rule: QueueRule): string[] {
  return [...new URLSearchParams(rule.filter)].filter(([name]) => !shown.includes(name))
    .map(([name, value]) => `${name}=${value}`);
}

export function ruleOf(fields: RuleFields, before: QueueRule | null): NewRule {
  const filter = new URLSearchParams(withoutTimes(before?.filter ?? ''));
  filter.delete('query');
  if (fields.query !== '') filter.set('query', fields.query);
  // A step is found by its own attributes, a trace or a conversation by those of a root.
  if (fields.type !== before?.type) filter.delete('view');
  if (fields.type === 'span' && !filter.has('view')) filter.set('view', 'spans');
  return {
    filter: filter.toString(), type: fields.type, sample: fields.percent / 100,
    daily_max: fields.dailyMax,
  };
}

// The list in which one sees what the rule would take.
export function listHref(rule: QueueRule): string {
  return `/traces?${withoutTimes(rule.filter)}`;
}
