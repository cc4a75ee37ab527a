// Dashboards at Datadog's paths, and the lines of metrics that their widgets draw.
import { download, get, send } from './client';
import type { Dashboard } from '../lib/dashboard';
import type { Heat } from '../lib/heat';
import type { ScalarColumn } from '../lib/scalar_table';
import type { ScalarRequest } from '../lib/widget_asks';

export interface DashboardEntry {
  id: string; title: string; layout_type: string; author_handle: string | null;
  created_at: string; modified_at: string; is_read_only: boolean;
}
// One line of an answer: values by time, [milliseconds, value].
export interface MetricLine {
  expression: string; scope: string; tag_set: string[]; query_index: number; interval: number;
  pointlist: [number, number | null][];
}

const path = (id: string) => `dashboard/${encodeURIComponent(id)}`;

// `values` has one list a line, a value or null for each of `times` (milliseconds).
export interface DrawnLines {
  series: { group_tags: string[]; query_index: number }[];
  times: number[];
  values: (number | null)[][];
}

async function formulas<Attributes>(
  kind: 'scalar' | 'timeseries', asked: ScalarRequest, fromMs: number, toMs: number,
): Promise<Attributes> {
  const answer = await send<{ data: { attributes: Attributes } }>('POST', `../v2/query/${kind}`, {
    data: {
      type: `${kind}_request`,
      attributes: {
        from: Math.floor(fromMs), to: Math.ceil(toMs), queries: asked.queries,
        formulas: asked.formulas.map(({ formula, limit }) => ({ formula, limit })),
      },
    },
  });
  return answer.data.attributes;
}

export const dashboardsApi = {
  list: async () => (await get<{ dashboards: DashboardEntry[] }>('dashboard')).dashboards,
  one: (id: string) => get<Dashboard>(path(id)),
  file: (id: string) => download(
    path(id), new URLSearchParams(), new AbortController().signal, () => undefined),
  make: (dashboard: unknown) => send<Dashboard>('POST', 'dashboard', dashboard),
  put: (id: string, dashboard: unknown) => send<Dashboard>('PUT', path(id), dashboard),
  remove: (id: string) => send('DELETE', path(id)),
  restore: (id: string) =>
    send('PATCH', 'dashboard', { data: [{ id, type: 'dashboard' }] }),
  tagsOf: async (metric: string) =>
    (await get<{ data: { attributes: { tags: string[] } } }>(
      `../v2/metrics/${encodeURIComponent(metric)}/all-tags`)).data.attributes.tags,
  metricNames: async (part: string) =>
    (await get<{ results: { metrics: string[] } }>(
      'search', new URLSearchParams({ q: `metrics:${part}` }))).results.metrics,
  lines: async (query: string, fromMs: number, toMs: number) =>
    (await get<{ series: MetricLine[] }>('query', new URLSearchParams({
      query, from: String(Math.floor(fromMs / 1000)), to: String(Math.ceil(toMs / 1000)),
    }))).series,
  // One number a group, by the way of Datadog's API.
  scalars: async (asked: ScalarRequest, fromMs: number, toMs: number) =>
    (await formulas<{ columns: ScalarColumn[] }>('scalar', asked, fromMs, toMs)).columns,
  // Lines, likewise.
  drawn: (asked: ScalarRequest, fromMs: number, toMs: number) =>
    formulas<DrawnLines>('timeseries', asked, fromMs, toMs),
  histogram: async (query: string, fromMs: number, toMs: number): Promise<Heat> => {
    const answer = await get<{
      times: number[]; interval: number; bounds: number[]; counts: number[][];
    }>('histogram', new URLSearchParams({
      query, from: String(Math.floor(fromMs / 1000)), to: String(Math.ceil(toMs / 1000)),
    }));
    return { ...answer, stepMs: answer.interval * 1000 };
  },
};
