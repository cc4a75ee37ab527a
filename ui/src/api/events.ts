// Events, how many there are, and what service checks said last.
import { get } from './client';
import type { CheckState, EventCount, Happened } from '../lib/events';

interface Check {
  check: string; state: CheckState; host_name: string | null; tags: string[]; message: string;
  timestamp: number; count: number;
}
export type { Check };

const windowOf = (fromMs: number, toMs: number, query: string) => new URLSearchParams({
  start: String(Math.max(0, Math.floor(fromMs / 1000))), end: String(Math.ceil(toMs / 1000)),
  ...(query ? { query } : {}),
});

export const eventsApi = {
  // One more than `limit` when there are more.
  list: async (query: string, fromMs: number, toMs: number, limit: number) => {
    const asked = windowOf(fromMs, toMs, query);
    asked.set('limit', String(limit + 1));
    asked.set('unaggregated', 'true');
    return (await get<{ events: Happened[] }>('events', asked)).events;
  },
  counts: (query: string, fromMs: number, toMs: number) =>
    get<{ step: number; counts: EventCount[] }>('events/counts', windowOf(fromMs, toMs, query)),
  checks: (check: string, query: string, fromMs: number, toMs: number) => {
    const asked = windowOf(fromMs, toMs, query);
    if (check) asked.set('check', check);
    return get<{ checks: Check[]; more: boolean }>('service_checks', asked);
  },
};
