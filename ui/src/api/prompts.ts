// The registry of prompts.
import { get, send } from './client';

export type Message = { role: string; content: string } | { type: 'placeholder'; name: string };
export type Template = string | Message[];
export interface Prompt {
  id: string; prompt_id: string; title: string; description: string; author: string;
  num_versions: number; created_at: string; last_version_created_at: string;
  labels: { label: string; version: number; author: string; since: string }[];
}
export interface Version {
  id: string; prompt_id: string; version: number; user_version: string; template: Template;
  description: string; author: string; labels: string[]; created_at: string;
}
interface NewVersion { template: Template; description?: string; author: string }

const path = (id: string) => `prompts/${encodeURIComponent(id)}`;

export const promptsApi = {
  list: () => get<Prompt[]>('prompts'),
  one: async (id: string) => (await get<Prompt[]>('prompts',
    new URLSearchParams({ 'filter[prompt_id]': id })))[0] ?? null,
  make: (prompt: NewVersion & { prompt_id: string; title: string }) =>
    send<Prompt>('POST', 'prompts', prompt),
  remove: (id: string) => send('DELETE', path(id)),
  versions: (id: string) => get<Version[]>(`${path(id)}/versions`),
  add: (id: string, version: NewVersion) => send<Version>('POST', `${path(id)}/versions`, version),
  // All that the version has from then on.
  label: (id: string, version: number, labels: string[], author: string) =>
    send<Version>('PATCH', `${path(id)}/versions/${version}`, { labels, author }),
};
