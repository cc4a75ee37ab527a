import { describe, expect, it } from 'vitest';
import { defaultColumns, gridColumns, moved, parseColumns } from '../src/lib/columns';
import { csvField, exportAll, exportText, isoOfNs, rowSheet } from '../src/lib/export_rows';
import { blobOf, soundOf } from '../src/lib/media';
import { localViews, moveViews } from '../src/lib/saved_views';
import { hasMarkdown } from '../src/lib/text_mode';
import { parsePicked } from '../src/lib/picked';
import { parseState, writeState } from '../src/lib/url_state';
import { makeRow } from './make';

describe('columns', () => {
  it('stand in the address only when they are not the usual ones', () => {
    expect(parseColumns(defaultColumns.join(','))).toBeNull();
    expect(parseColumns('nope,')).toBeNull();
    expect(parseColumns('time,session,time,<b>')).toEqual(['time', 'session']);
    const state = parseState(new URLSearchParams('cols=call,time&sort=start&query=x'));
    expect(writeState(state).toString()).toBe('query=x&sort=start&cols=call%2Ctime');
    expect(gridColumns(null)).toBeNull();
  });

  it('move without falling off the end', () => {
    expect(moved(['time', 'call', 'cost'], 'cost', -1)).toEqual(['time', 'cost', 'call']);
    expect(moved(['time', 'call'], 'call', 5)).toEqual(['time', 'call']);
    expect(moved(['time'], 'cost', 1)).toEqual(['time']);
  });
});

describe('an export', () => {
  it('quotes, disarms formulas, and keeps nanoseconds', () => {
    expect(csvField('=HYPERLINK("http://evil")')).toBe('"\'=HYPERLINK(""http://evil"")"');
    expect(csvField('a\nb')).toBe('"a\nb"');
    expect(csvField(-5)).toBe('-5');
    expect(csvField('-5')).toBe("'-5");
    expect(isoOfNs('1795472913308242728')).toBe('2026-11-23T22:28:33.308242728Z');
    const text = exportText([makeRow('1', 0, { input: '¿Sí, "no"?' })], 'csv', true, rowSheet);
    expect(text.startsWith(`\ufeff${rowSheet.columns.join(',')}\r\n`)).toBe(true);
    expect(text).toContain('"¿Sí, ""no""?"');
  });

  it('walks all pages, tells how far it is, and can be stopped', async () => {
    const pages = [
      { rows: [makeRow('1', 0), makeRow('2', 1)], next: 'c' }, { rows: [makeRow('3', 2)], next: null },
    ];
    let page = 0;
    const told: number[] = [];
    const control = new AbortController();
    const blob = await exportAll(
      () => Promise.resolve(pages[page++] ?? { rows: [], next: null }), 'jsonl', control.signal,
      (rows) => told.push(rows), rowSheet);
    expect(told).toEqual([2, 3]);
    expect((await blob.text()).trim().split('\n').map((line) => (JSON.parse(line) as { span_id: string }).span_id))
      .toEqual(['1', '2', '3']);
    control.abort();
    await expect(exportAll(() => Promise.reject(new Error('asked')), 'csv', control.signal,
      () => undefined, rowSheet)).rejects.toThrow(/abort/i);
  });
});

describe('saved views', () => {
  it('of this browser are moved one by one; what the server refuses stays', async () => {
    let kept: string | null = '{"not": "a list"}';
    const storage = {
      getItem: () => kept, setItem: (_: string, value: string) => { kept = value; },
      removeItem: () => { kept = null; },
    };
    expect(localViews(storage)).toEqual([]);
    kept = '[{"name":"x","path":"//evil.example","query":""},1]';
    expect(localViews(storage)).toEqual([]);
    const views = [{ name: 'Fallos', path: '/traces', query: 'status=error' },
      { name: 'Largas', path: '/sessions', query: '' }];
    kept = JSON.stringify(views);
    const taken: string[] = [];
    await expect(moveViews(storage, (view) => {
      if (view.name === 'Largas') return Promise.reject(new Error('no'));
      taken.push(view.name);
      return Promise.resolve();
    })).rejects.toThrow('no');
    expect(taken).toEqual(['Fallos']);
    expect(localViews(storage)).toEqual([views[1]]);
    await moveViews(storage, () => Promise.resolve());
    expect(kept).toBeNull();
  });
});

describe('texts and bytes', () => {
  it('are laid out only when they have marks', () => {
    for (const text of ['# Title', 'a **b** c', '- one\n- two', '```\nx\n```', '| a | b |', '1. x']) {
      expect(hasMarkdown(text), text).toBe(true);
    }
    for (const text of ['Plain words.', '2 * 3 * 4', 'a-b', 'snake_case_name', '3.5 s']) {
      expect(hasMarkdown(text), text).toBe(false);
    }
  });

  it('become blobs only when they are what they say', () => {
    expect(blobOf('aGk=', 'image/png')?.size).toBe(2);
    expect(blobOf('%%%', 'image/png')).toBeNull();
    expect(soundOf({ mime_type: 'audio/wav', content: 'aGk=' })).toBe('audio/wav');
    expect(soundOf({ mime_type: 'text/html', content: 'aGk=' })).toBeNull();
  });

  it('name a span of another trace', () => {
    expect(parsePicked('ab12:77')).toEqual({ traceId: 'ab12', spanId: '77' });
    expect(parsePicked('../x:1')).toBeNull();
    expect(parsePicked(null)).toBeNull();
  });
});
