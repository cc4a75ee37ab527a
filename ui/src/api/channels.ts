// Where notices go, at the program's own paths.
import { get, send } from './client';

export const kinds = ['slack', 'teams', 'pagerduty', 'opsgenie', 'email', 'webhook'] as const;
export type ChannelKind = typeof kinds[number];
export type ChannelSettings = Record<string, string | null>;
export interface Channel {
  name: string; kind: ChannelKind; settings: Record<string, string>; secrets: string[];
  author: string; modified: string;
}
export interface Tried { delivered: boolean; http_status: number | null; problem: string }

const path = (name: string) => `channels/${encodeURIComponent(name)}`;

export const channelsApi = {
  list: () => get<{ channels: Channel[]; mail: boolean }>('channels'),
  make: (name: string, settings: ChannelSettings) =>
    send<Channel>('POST', 'channels', { name, settings }),
  put: (name: string, settings: ChannelSettings) => send<Channel>('PUT', path(name), { settings }),
  remove: (name: string) => send('DELETE', path(name)),
  attempt: (name: string) => send<Tried>('POST', `${path(name)}/try`),
};
