// A change as a sentence, and the address of the calls behind it. Pure.
import type { Change, Where } from '../api/insights';
import type { InsightsWords } from '../i18n/insights';
import type { Formatter } from './format';

// One more call of a hundred that is tried again is worth telling.
const noticed = 0.01;

// "gpt4o-weu (gpt-4o) in chat-api": the narrowest name first.
export function whereWords(t: InsightsWords, where: Where): string {
  const name = where.step ?? where.deployment ?? where.prompt ?? where.model;
  if (name === undefined) return where.ml_app ?? t.allCalls;
  const named = where.model !== undefined && where.model !== name
    ? t.withModel(name, where.model) : name;
  return where.ml_app === undefined ? named : t.inApp(named, where.ml_app);
}

function figure(f: Formatter, metric: Change['metric'], value: number): string {
  if (metric === 'latency') return f.duration(value);
  if (metric === 'errors' || metric === 'evaluations') return f.percent(value);
  if (metric === 'cost') return f.cost(value / 1e9);
  return f.number(Math.round(value));
}

export function changeWords(t: InsightsWords, f: Formatter, change: Change): string {
  const quantile = change.quantile === 0.5 ? t.median : t.figures.p95;
  return t.said[change.metric]({
    what: change.metric === 'evaluations' ? change.where.label ?? '' : quantile,
    where: whereWords(t, change.where),
    before: figure(f, change.metric, change.before),
    now: figure(f, change.metric, change.now),
  }, change.worse);
}

// What explains a slower deployment, where it does: its calls are refused and tried again.
export function reasonWords(t: InsightsWords, f: Formatter, change: Change): string | null {
  const { retries } = change;
  if (!retries || retries.now.calls === 0) return null;
  const now = retries.now.calls / Math.max(change.calls_now, 1);
  const before = retries.before.calls / Math.max(change.calls_before, 1);
  if (now - before < noticed) return null;
  return t.retried({
    now: f.percent(now), before: f.percent(before),
    wait: f.duration(retries.now.waited_ns / retries.now.calls),
    limited: retries.now.limited * 2 > retries.now.calls,
  });
}

// The explorer with spans under these parameters, over the same time.
export function spansAddress(query: Record<string, string>, from: string, to: string): string {
  const search = new URLSearchParams({ view: 'spans', from, to, ...query });
  return `/traces?${search.toString()}`;
}
