// Dashboards at Datadog's paths, and the lines of metrics that their widgets draw.
import { download, get, send } from './client';
import type { Dashboard } from '../lib/dashboard';

export interface DashboardEntry {
  id: string; title: string; layout_type: string; author_handle: string | null;
  created_at: string; modified_at: string;
}
// One line of an answer: values by time, [milliseconds, value].
export interface MetricLine {
  expression: string; scope: string; tag_set: string[]; query_index: number; interval: number;
  pointlist: [number, number | null][];
}

const path = (id: string) => `dashboard/${encodeURIComponent(id)}`;

export const dashboardsApi = {
  list: async () => (await get<{ dashboards: DashboardEntry[] }>('dashboard')).dashboards,
  one: (id: string) => get<Dashboard>(path(id)),
  file: (id: string) => download(
    path(id), new URLSearchParams(), new AbortController().signal, () => undefined),
  make: (dashboard: unknown) => send<Dashboard>('POST', 'dashboard', dashboard),
  put: (id: string, dashboard: unknown) => send<Dashboard>('PUT', path(id), dashboard),
  remove: (id: string) => send('DELETE', path(id)),
  lines: async (query: string, fromMs: number, toMs: number) =>
    (await get<{ series: MetricLine[] }>('query', new URLSearchParams({
      query, from: String(Math.floor(fromMs / 1000)), to: String(Math.ceil(toMs / 1000)),
    }))).series,
};
