import { describe, expect, it } from 'vitest';
import { chooseLanguage, type Words } from '../src/i18n/language';
import { tList, tLive } from '../src/i18n/list';
import { tVerdict } from '../src/i18n/verdict';

// Every area, so that none can be left out of what is checked here.
const modules = import.meta.glob<Record<string, unknown>>('../src/i18n/*.ts', { eager: true });
const areas = Object.values(modules).flatMap((module) => Object.entries(module))
  .filter((entry): entry is [string, Words<unknown>] =>
    typeof entry[1] === 'function' && 'texts' in entry[1]);

type Leaf = [path: string, value: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('languages', () => {
  const all = (language: 'en' | 'es') =>
    new Map(areas.flatMap(([name, area]) => leaves(area.texts[language], name)));
  const english = all('en');
  const spanish = all('es');

  it('are spread over areas that are all found', () => {
    const files = Object.entries(modules).filter(([path]) => !path.endsWith('/language.ts'));
    expect(files.length).toBeGreaterThan(10);
    for (const [path, module] of files) {
      expect(areas.some(([name]) => name in module), path).toBe(true);
    }
  });

  it('say the same things', () => {
    expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('leave nothing empty and keep functions functions', () => {
    for (const [path, value] of spanish) {
      expect(typeof value, path).toBe(typeof english.get(path));
      if (typeof value === 'string') expect(value.trim(), path).not.toBe('');
    }
  });

  it('leave no English sentence in Spanish', () => {
    // Words that are the same in both, and terms of the trade.
    const same = new Set(['Tokens', 'Spans', 'JSON', 'Error', 'error', 'Python', 'Node.js', 'no',
      'Azure Functions', 'embedding', 'No', 'Total', 'rows', 'p95', 'Prompt', 'Prompts', 'Azure',
      'Token', 'az provider register --namespace Microsoft.Insights', 'Slack', 'Microsoft Teams',
      'PagerDuty', 'Opsgenie', 'Webhook', 'Host']);
    const left = [...spanish].filter(([path, value]) => typeof value === 'string' &&
      value === english.get(path) && !same.has(value));
    expect(left).toEqual([]);
  });

  it('speak of one and of many', () => {
    expect(tLive.texts.es.pill(1, false)).toBe('1 nueva');
    expect(tLive.texts.es.pill(100, true)).toBe('100+ nuevas');
    expect(tList.texts.en.sentence({ count: 1, shown: '1', span: 'now', view: 'traces' }))
      .toBe('1 call now');
    expect(tVerdict.texts.es.cutShort('el agente x')).toContain('la respuesta del agente x');
  });
});

describe('the choice of language', () => {
  it('is the address, then what was chosen, then the browser, then English', () => {
    expect(chooseLanguage('es', 'en', ['en'])).toBe('es');
    expect(chooseLanguage(null, 'es', ['en'])).toBe('es');
    expect(chooseLanguage(null, null, ['fr', 'es-MX', 'en'])).toBe('es');
    expect(chooseLanguage('xx', 'toString', ['fr'])).toBe('en');
  });
});
