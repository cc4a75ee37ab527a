import { describe, expect, it } from 'vitest';
import { isDashboard, isDrawn, type Widget, widgetsIn } from '../src/lib/dashboard';
import { keysOf, offersOf, placeAt, taken } from '../src/lib/query_hints';
import { inSpanish, isTranslated, reworded } from '../src/lib/shipped';
import { askedOf } from '../src/lib/widget_asks';

const files = import.meta.glob<unknown>('../../dashboards/*.json', { eager: true, import: 'default' });
const leaves = (widget: Widget): Widget[] => [widget, ...widgetsIn(widget).flatMap(leaves)];

describe('the dashboards that come with the program', () => {
  it('are five', () => { expect(Object.keys(files)).toHaveLength(5); });
  for (const [path, file] of Object.entries(files)) {
    it(`are drawn whole: ${path}`, () => {
      expect(isDashboard(file)).toBe(true);
      if (!isDashboard(file)) return;
      for (const widget of file.widgets.flatMap(leaves)) {
        expect(isDrawn(widget)).toBe(true);
        expect(askedOf(widget.definition).how).not.toBe('other');
      }
    });
    it(`are in Spanish, too: ${path}`, () => {
      const missing: string[] = [];
      reworded(file, (text) => {
        if (!isTranslated(text)) missing.push(text);
        return inSpanish(text);
      });
      expect(missing).toEqual([]);
    });
  }
});

describe('what is offered while a query is written', () => {
  const at = (text: string) => placeAt(text.replace('|', ''), text.indexOf('|'));
  it('is what can stand at the cursor', () => {
    expect(at('avg:ml_o|')).toMatchObject({ kind: 'metric', part: 'ml_o', begin: 4, end: 8 });
    expect(at('100 * sum:a.b{*} / sum:|c')).toMatchObject({ kind: 'metric', part: '', end: 24 });
    expect(at('sum:a.b{env:p|rod,x} by {m}'))
      .toMatchObject({ kind: 'tag', metric: 'a.b', part: 'env:p', begin: 8, end: 16 });
    expect(at('sum:a.b{*} by {mo|}')).toMatchObject({ kind: 'key', metric: 'a.b', part: 'mo' });
    expect(at('av|')).toBeNull();
  });
  it('takes its place, and a metric brings its scope', () => {
    const place = placeAt('avg:ml', 6);
    expect(place && taken('avg:ml', place, 'ml_obs.span'))
      .toEqual({ text: 'avg:ml_obs.span{*}', cursor: 18 });
    const tag = placeAt('avg:a{e} by {x}', 7);
    expect(tag && taken('avg:a{e} by {x}', tag, 'env:prod').text).toBe('avg:a{env:prod} by {x}');
  });
  it('is first what begins so', () => {
    expect(offersOf(['trace.span', 'span', 'other'], 'spa')).toEqual(['span', 'trace.span']);
    expect(keysOf(['env:a', 'env:b', 'alone'])).toEqual(['env', 'alone']);
  });
});
