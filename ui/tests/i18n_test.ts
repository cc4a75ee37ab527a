import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('navigator', { languages: ['en'] });
const { chooseLanguage, languages } = await import('../src/i18n');

type Leaf = [path: string, value: unknown];

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('languages', () => {
  const english = new Map(leaves(languages.en));
  const spanish = new Map(leaves(languages.es));

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
    const same = new Set(['Tokens', 'Spans', 'JSON', 'Error', 'error', 'Python', 'Node.js',
      'Azure Functions', 'embedding', 'No', 'Total', 'rows', 'p95', 'Prompt', 'Prompts']);
    const left = [...spanish].filter(([path, value]) => typeof value === 'string' &&
      value === english.get(path) && !same.has(value) && !path.endsWith('locale'));
    expect(left).toEqual([]);
  });

  it('speak of one and of many', () => {
    expect(languages.es.live.pill(1, false)).toBe('1 nueva');
    expect(languages.es.live.pill(100, true)).toBe('100+ nuevas');
    expect(languages.en.list.sentence({ count: 1, shown: '1', span: 'now', view: 'traces' }))
      .toBe('1 call now');
    expect(languages.es.verdict.cutShort('el agente x')).toContain('la respuesta del agente x');
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
