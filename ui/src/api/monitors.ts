// Monitors at Datadog's paths, what became of them, and the channels that they tell.
import { download, get, send } from './client';

export type State = 'Alert' | 'Warn' | 'No Data' | 'OK' | 'Ignored' | 'Unknown' | 'Skipped';
// Until when nothing is told, null: for ever. `alone`: unmuting ends it.
export interface Muted { until: number | null; alone: boolean }
export interface GroupState {
  name: string; status: State; since: number | null; value: number | null;
  last_triggered_ts: number | null; last_notified_ts: number | null; muted: Muted | null;
}
export interface MonitorOptions {
  thresholds?: Record<string, number | null>; silenced?: Record<string, number | null>;
  on_missing_data?: string; renotify_interval?: number | null; evaluation_delay?: number | null;
  [other: string]: unknown;
}
export interface Monitor {
  id: number; name: string; type: string; query: string; message?: string; tags?: string[];
  options?: MonitorOptions; overall_state: State; overall_state_modified?: string;
  state?: { groups: Record<string, GroupState> };
  catalejo: {
    problem: string; shipped: string; unsupported: string[]; looked_at: number | null;
    muted: Muted | null;
  };
}
export interface MonitorEvent {
  id: number; at: number; group: string; from: State; to: State; value: number | null;
  what: 'changed' | 'muted' | 'reminded' | 'gone';
}
export interface MonitorNotice {
  id: number; group: string; channel: string; state: 'waiting' | 'delivered' | 'given_up';
  attempts: number; created: number; next: number | null; http_status: number | null;
  problem: string; title: string; message: string; monitor: number;
}

// What it would have said of a time that is over.
export interface ReplayChange {
  at: number; group: string; from: State; to: State; value: number | null; told: boolean;
  title: string; message: string;
}
export interface Replay {
  looks: number; next: number | null; state: unknown; changes: ReplayChange[];
  lines: { group: string; values: [number, number][] }[];
}
// A monitor that is kept, or a whole one that is not.
export type Replayed = { id: number } | { monitor: Draft };

const path = (id: number | string) => `monitor/${encodeURIComponent(id)}`;
// A whole monitor, or some of its fields.
export type Draft = Partial<Pick<Monitor, 'name' | 'type' | 'query' | 'message' | 'options'>>;

export const monitorsApi = {
  list: () => get<Monitor[]>('monitor', new URLSearchParams({ group_states: 'all' })),
  one: (id: string) => get<Monitor>(path(id)),
  file: (id: number) => download(
    path(id), new URLSearchParams(), new AbortController().signal, () => undefined),
  make: (draft: Draft) => send<Monitor>('POST', 'monitor', draft),
  take: (whole: unknown) => send<Monitor>('POST', 'monitors/import', whole),
  put: (id: number, draft: Draft) => send<Monitor>('PUT', path(id), draft),
  remove: (id: number) => send('DELETE', path(id)),
  check: (draft: Draft) => send('POST', 'monitor/validate', draft),
  mute: (id: number, scope: string, endMs: number | null) => send<Monitor>('POST', `${path(id)}/mute`,
    { scope, end: endMs === null ? null : Math.floor(endMs / 1000) }),
  unmute: (id: number, scope: string) => send<Monitor>('POST', `${path(id)}/unmute`, { scope }),
  replay: (of: Replayed, fromMs: number, toMs: number) => send<Replay>(
    'POST', 'monitors/replay', {
      ...of, from: Math.floor(fromMs / 1000), to: Math.floor(toMs / 1000), points: true,
    }),
  events: async (id: number) =>
    (await get<{ events: MonitorEvent[] }>(`monitors/${id}/events`)).events,
  notices: async (id: number) => (await get<{ notices: MonitorNotice[] }>(
    'monitors/notices', new URLSearchParams({ monitor: String(id) }))).notices,
  allNotices: async () => (await get<{ notices: MonitorNotice[] }>('monitors/notices')).notices,
};
