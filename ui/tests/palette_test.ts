import { describe, expect, it } from 'vitest';
import { type Command, matching, scoreOf, traceIdIn } from '../src/lib/palette';

const command = (title: string, words?: string): Command => ({
  id: title, group: 'page', title, run: () => undefined, ...(words ? { words } : {}),
});

describe('the palette', () => {
  it('finds words without their accents and case, beginnings first', () => {
    const found = matching('sesion', [command('Ver la sesión'), command('Sesiones'), command('Trazas')]);
    expect(found.map((c) => c.title)).toEqual(['Sesiones', 'Ver la sesión']);
  });

  it('finds letters in order, but not scattered over a title', () => {
    expect(scoreOf('gpt4w', 'Deployment: gpt4o-weu')).toBeGreaterThan(0);
    expect(scoreOf('xq', 'Deployment: gpt4o-weu')).toBe(0);
    expect(scoreOf('gwh', 'Go to the loss ledger, the place where it all ends')).toBe(0);
  });

  it('knows an id of a trace in all its spellings', () => {
    const id = '0123456789abcdef0123456789abcdef';
    expect(traceIdIn(` "${id.toUpperCase()}" `)).toBe(id);
    expect(traceIdIn('0x0123456789abcdef')).toBe('0123456789abcdef');
    expect(traceIdIn('12345678901234567890')).toBe('12345678901234567890');
    expect(traceIdIn('refund policy')).toBeNull();
    expect(traceIdIn('4711')).toBeNull();
  });
});
