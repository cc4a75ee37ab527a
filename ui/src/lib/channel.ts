// What the settings of a channel are, by kind, and what of a form is to be changed. Pure.
import type { Channel, ChannelKind, ChannelSettings } from '../api/channels';

export interface Field { name: string; required?: boolean; secret?: boolean; long?: boolean }

export const fieldsOf: Record<ChannelKind, readonly Field[]> = {
  slack: [{ name: 'url', required: true, secret: true }],
  teams: [{ name: 'url', required: true, secret: true }],
  pagerduty: [{ name: 'integration_key', required: true, secret: true }, { name: 'url' }],
  opsgenie: [{ name: 'api_key', required: true, secret: true }, { name: 'url' }],
  email: [
    { name: 'to', required: true }, { name: 'url' }, { name: 'from' }, { name: 'user' },
    { name: 'password', secret: true },
  ],
  webhook: [
    { name: 'url', required: true }, { name: 'payload', long: true },
    { name: 'custom_headers', secret: true },
  ],
};

// Secrets that are left empty stay as they are; what else is left empty is taken away.
export function settingsOf(
  kind: ChannelKind, text: (name: string) => string, before: Channel | null,
): ChannelSettings {
  const settings: ChannelSettings = {};
  for (const field of fieldsOf[kind]) {
    const value = text(field.name).trim();
    if (value !== '') settings[field.name] = value;
    else if (before && !field.secret) settings[field.name] = null;
  }
  return settings;
}

// "ana@example.org" of a mail channel, the host of an address; of what is secret nothing.
export function targetOf(one: Channel): string {
  if (one.kind === 'email') return one.settings['to'] ?? '';
  const url = one.settings['url'];
  if (url === undefined) return '';
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
