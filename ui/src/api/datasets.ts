// Datasets: names at our own paths, records where Datadog's client has them.
import { get, key, post, send } from './client';

interface Resource<T> { id: string; attributes: T }
export type Dataset = Resource<{
  name: string; description: string; current_version: number; records_count: number;
  project_id: string; updated_at: string;
}>;
export type DatasetRecord = Resource<{
  input: unknown; expected_output: unknown; metadata: Record<string, unknown>; tags: string[];
  source: { trace_id: string; span_id: string } | null; updated_at: string;
}>;
export type DatasetVersion = Resource<{
  version_number: number; records_count: number; inserted: number; updated: number;
  removed: number; author: string | null; note: string | null; created_at: string;
}>;
export interface Spans { spans: { trace_id: string; span_id: string }[] }
export interface Taken {
  version: number; spans: number; inserted: number; duplicates: number; more: boolean;
}
export interface Imported {
  version: number; inserted: number; updated: number; duplicates: number; bad_rows: number;
}
export interface Diff {
  records: { before: DatasetRecord | null; after: DatasetRecord | null }[]; cut: boolean;
}
export interface Page { data: DatasetRecord[]; meta: { after: string | null; version: number } }

const records = (id: string) => `../v2/llm-obs/v1/-/datasets/${id}`;
const changed = (id: string, attributes: Record<string, unknown>) =>
  send('POST', `${records(id)}/batch_update`, { data: { type: 'datasets', id, attributes } });

export const datasetsApi = {
  list: async () => (await get<{ data: Dataset[] }>('datasets')).data,
  one: async (id: string) => (await get<{ data: Dataset }>(`datasets/${id}`)).data,
  make: async (name: string, description: string) => (await send<{ data: Dataset }>(
    'POST', 'datasets', { data: { type: 'datasets', attributes: { name, description } } })).data,
  remove: (id: string) => send('DELETE', `datasets/${id}`),
  restore: (id: string) => send('POST', `datasets/${id}/restore`),
  versions: async (id: string) =>
    (await get<{ data: DatasetVersion[] }>(`${records(id)}/versions`)).data,
  records: (id: string, version: number, cursor: string | null) =>
    get<Page>(`${records(id)}/records`, new URLSearchParams({
      'page[limit]': '100', ...(version ? { 'filter[version]': String(version) } : {}),
      ...(cursor ? { 'page[cursor]': cursor } : {}),
    })),
  diff: (id: string, from: number, to: number) => get<Diff>(`datasets/${id}/diff`,
    new URLSearchParams({ from: String(from), to: String(to) })),
  update: (id: string, record: Record<string, unknown>, author: string) =>
    changed(id, { update_records: [record], author }),
  removeRecord: (id: string, record: string, author: string) =>
    changed(id, { delete_records: [record], author }),
  addSpans: (id: string, what: Spans | { filter: string }, author: string) =>
    send<Taken>('POST', `datasets/${id}/spans`, { ...what, author }),
  importFile: (id: string, file: Blob, query: URLSearchParams) =>
    post<Imported>(`datasets/${id}/import?${query.toString()}`, file),
  // A link cannot send a header, so a key goes as a parameter.
  exportHref: (id: string, format: 'csv' | 'jsonl', version: number) =>
    `/api/v1/datasets/${id}/export?${new URLSearchParams({
      format, version: String(version), ...(key() ? { api_key: key() } : {}),
    }).toString()}`,
};
