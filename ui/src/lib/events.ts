// Events and service checks as they are drawn. Pure.

export type AlertType =
  | 'info' | 'error' | 'warning' | 'success' | 'user_update' | 'recommendation' | 'snapshot';
export interface Happened {
  id_str: string; title: string; text: string; date_happened: number; alert_type: AlertType;
  priority: string; host: string | null; source: string; tags: string[];
}
export interface EventCount { begin: number; alert_type: AlertType; count: number }
export type CheckState = 'ok' | 'warning' | 'critical' | 'unknown';

// Four are told apart by the eye; what is neither good nor bad is one.
export type Tone = 'bad' | 'warn' | 'good' | 'plain';
export const tones: readonly Tone[] = ['bad', 'warn', 'good', 'plain'];
export function toneOfEvent(type: AlertType): Tone {
  switch (type) {
    case 'error': return 'bad';
    case 'warning': return 'warn';
    case 'success': return 'good';
    case 'info': case 'user_update': case 'recommendation': case 'snapshot': return 'plain';
  }
}
export const toneOfCheck = (state: CheckState): Tone =>
  ({ ok: 'good', warning: 'warn', critical: 'bad', unknown: 'plain' } as const)[state];

export const timeOfEvent = (event: Happened): number => event.date_happened * 1000;

export interface Bar { atMs: number; tone: Tone; from: number; to: number; count: number }
export interface Timeline { bars: Bar[]; most: number; totals: Record<Tone, number> }

// Bars that stand on one another, the worst at the bottom.
export function timelineOf(counts: readonly EventCount[]): Timeline {
  const totals: Record<Tone, number> = { bad: 0, warn: 0, good: 0, plain: 0 };
  const steps = new Map<number, Record<Tone, number>>();
  for (const { begin, alert_type: type, count } of counts) {
    const step = steps.get(begin) ?? { bad: 0, warn: 0, good: 0, plain: 0 };
    steps.set(begin, step);
    step[toneOfEvent(type)] += count;
    totals[toneOfEvent(type)] += count;
  }
  const bars: Bar[] = [];
  let most = 0;
  for (const [begin, step] of [...steps].sort(([a], [b]) => a - b)) {
    let height = 0;
    for (const tone of tones) {
      if (step[tone] === 0) continue;
      bars.push({
        atMs: begin * 1000, tone, from: height, to: height + step[tone], count: step[tone],
      });
      height += step[tone];
    }
    most = Math.max(most, height);
  }
  return { bars, most, totals };
}

// Those that stand near a moment, the nearest first.
export const eventsNear = (
  events: readonly Happened[], atMs: number, withinMs: number,
): Happened[] =>
  events.filter((one) => Math.abs(timeOfEvent(one) - atMs) <= withinMs)
    .sort((a, b) => Math.abs(timeOfEvent(a) - atMs) - Math.abs(timeOfEvent(b) - atMs));

export const eventColumns = [
  'time', 'title', 'text', 'alert_type', 'priority', 'host', 'source', 'tags', 'id',
];
export const eventValues = (event: Happened): string[] => [
  new Date(timeOfEvent(event)).toISOString(), event.title, event.text, event.alert_type,
  event.priority, event.host ?? '', event.source, event.tags.join(','), event.id_str,
];
