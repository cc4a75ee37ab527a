import { expect, test } from 'vitest';
import type { Channel } from '../src/api/channels';
import { settingsOf, targetOf } from '../src/lib/channel';

const pager: Channel = {
  name: 'pagerduty-a', kind: 'pagerduty', settings: { url: 'https://events.eu.pagerduty.com/' },
  secrets: ['integration_key'], author: 'a', modified: '2026-01-01T00:00:00Z',
};
const texts = (all: Record<string, string>) => (name: string) => all[name] ?? '';

test('a secret that is left empty stays, what else is empty goes', () => {
  expect(settingsOf('pagerduty', texts({}), pager)).toEqual({ url: null });
  expect(settingsOf('pagerduty', texts({ integration_key: ' k ', url: 'https://x' }), pager))
    .toEqual({ integration_key: 'k', url: 'https://x' });
  expect(settingsOf('pagerduty', texts({ integration_key: 'k' }), null))
    .toEqual({ integration_key: 'k' });
});

test('a channel says where it goes without a secret', () => {
  expect(targetOf(pager)).toBe('events.eu.pagerduty.com');
  expect(targetOf({ ...pager, kind: 'email', settings: { to: 'ana@example.org' } }))
    .toBe('ana@example.org');
  expect(targetOf({ ...pager, kind: 'slack', settings: {} })).toBe('');
});
