import { describe, expect, it } from 'vitest';
import { eventsNear, eventValues, type Happened, timelineOf } from '../src/lib/events';

const event = (seconds: number, title = 'deployed'): Happened => ({
  id_str: String(seconds), title, text: 'version 2', date_happened: seconds, alert_type: 'success',
  priority: 'normal', host: null, source: 'jenkins', tags: ['env:prod', 'team:ia'],
});

describe('events', () => {
  it('stand on one another over time, the worst at the bottom', () => {
    const { bars, most, totals } = timelineOf([
      { begin: 60, alert_type: 'info', count: 2 }, { begin: 0, alert_type: 'success', count: 1 },
      { begin: 60, alert_type: 'snapshot', count: 1 }, { begin: 60, alert_type: 'error', count: 4 },
    ]);
    expect(most).toBe(7);
    expect(totals).toEqual({ bad: 4, warn: 0, good: 1, plain: 3 });
    expect(bars).toEqual([
      { atMs: 0, tone: 'good', from: 0, to: 1, count: 1 },
      { atMs: 60_000, tone: 'bad', from: 0, to: 4, count: 4 },
      { atMs: 60_000, tone: 'plain', from: 4, to: 7, count: 3 },
    ]);
    expect(timelineOf([])).toMatchObject({ bars: [], most: 0 });
  });
  it('are found near a moment, the nearest first', () => {
    const near = eventsNear([event(10), event(13), event(30)], 12_000, 5_000);
    expect(near.map((one) => one.date_happened)).toEqual([13, 10]);
  });
  it('are rows of a sheet', () => {
    expect(eventValues(event(0))).toEqual(['1970-01-01T00:00:00.000Z', 'deployed', 'version 2',
      'success', 'normal', '', 'jenkins', 'env:prod,team:ia', '0']);
  });
});
