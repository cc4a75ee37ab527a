// Times in which nothing is told, at Datadog's path; and what one would do that is not kept.
import { get, send } from './client';

export interface Recurrence { rrule: string; duration: string; start?: string }
export interface Window { start: string; end: string | null }
export interface Schedule {
  start?: string | null; end?: string | null; timezone?: string; recurrences?: Recurrence[];
  current_downtime?: Window;
}
export interface Whom { monitor_id?: number; monitor_tags?: string[] }
export interface Affected { id: number; name: string; groups: number; covered: number }
export interface Effect {
  monitors: Affected[]; monitors_count: number; next: Window[]; unsupported: string[];
}
// What is said of one when it is made or changed.
export interface Wanted {
  monitor_identifier: Whom; scope: string; schedule: Schedule; message: string | null;
  display_timezone: string; mute_first_recovery_notification: boolean;
}
export type Status = 'active' | 'scheduled' | 'ended' | 'canceled';
export interface Downtime {
  id: string;
  attributes: Wanted & {
    status: Status; created: string; modified: string; canceled: string | null;
    catalejo: Effect & { author: string };
  };
}

const path = (id: string) => `../v2/downtime/${encodeURIComponent(id)}`;
const of = (attributes: Wanted) => ({ data: { type: 'downtime', attributes } });

export const downtimesApi = {
  list: async () => (await get<{ data: Downtime[] }>('../v2/downtime', new URLSearchParams(
    { effects: 'true', 'page[limit]': '1000' }))).data,
  make: (wanted: Wanted) => send('POST', '../v2/downtime', of(wanted)),
  change: (id: string, wanted: Wanted) => send('PATCH', path(id), of(wanted)),
  cancel: (id: string) => send('DELETE', path(id)),
  preview: (wanted: Wanted) => send<Effect>('POST', 'downtimes/preview', of(wanted)),
};
