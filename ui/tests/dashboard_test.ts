import { describe, expect, it } from 'vitest';
import { type Line, pictureOf, roundTop, valuesAt } from '../src/lib/chart';
import {
  type Dashboard, definitionOf, filled, isDashboard, placed, questionsOf, reduced, reductionOf,
  toneOf, valuesOf, type Widget, withoutWidget, withWidget,
} from '../src/lib/dashboard';

describe('template variables', () => {
  const values = valuesOf([
    { name: 'env', prefix: 'env', default: '*' },
    { name: 'openai.user', prefix: 'user', defaults: ['ana'] },
    { name: 'openai.user.api_key', prefix: 'key' },
    { name: 'host' },
  ], (name) => (name === 'host' ? 'h:1' : ''));
  it('become the terms they stand for, the longest name first', () => {
    expect(filled('avg:x{$env,$openai.user.api_key,$openai.user} by {service}', values))
      .toBe('avg:x{user:ana} by {service}');
    expect(filled('avg:x{$env}', values)).toBe('avg:x{*}');
    expect(filled('avg:x{team:$openai.user.value,$host}', values)).toBe('avg:x{team:ana,h:1}');
    expect(filled('avg:x{env:a AND (b:c OR d:e)}', values)).toBe('avg:x{env:a AND (b:c OR d:e)}');
  });
});

describe('what a widget asks', () => {
  it('is read from both forms of requests', () => {
    expect(questionsOf({ q: 'avg:a{*}', display_type: 'bars' }))
      .toEqual([{ text: 'avg:a{*}', name: '', display: 'bars' }]);
    expect(questionsOf({
      formulas: [{ formula: 'errors / hits * 100', alias: 'share' }],
      queries: [
        { name: 'errors', data_source: 'metrics', query: 'sum:e{*}.as_count()' },
        { name: 'hits', data_source: 'metrics', query: 'sum:h{*}.as_count()' },
      ],
    })).toEqual([{
      text: 'sum:e{*}.as_count() / sum:h{*}.as_count() * 100', name: 'share', display: 'line',
    }]);
  });
  it('is nothing when it is not metrics', () => {
    expect(questionsOf({ queries: [{ name: 'a', data_source: 'logs' }] })).toBeNull();
    expect(questionsOf({ log_query: {} })).toBeNull();
  });
  it('says how many values become one, and in which colour', () => {
    const definition = { requests: [{
      q: 'x', aggregator: 'max',
      conditional_formats: [{ comparator: '>', value: 5, palette: 'white_on_red' },
        { comparator: '<=', value: 5, palette: 'white_on_green' }],
    }] };
    expect(reductionOf(definition)).toBe('max');
    expect(toneOf(definition, 6)).toBe('bad');
    expect(toneOf(definition, 5)).toBe('good');
    expect(reduced([1, null, 3], 'avg')).toBe(2);
    expect(reduced([1, 3, null], 'last')).toBe(3);
    expect(reduced([null], 'sum')).toBeNull();
  });
});

describe('the grid', () => {
  const at = (x: number, y: number, width: number): Widget =>
    ({ definition: { type: 'note' }, layout: { x, y, width, height: 2 } });
  it('has the columns that its widgets ask for', () => {
    const { columns, places } = placed([at(0, 0, 6), at(6, 2, 20)]);
    expect(columns).toBe(26);
    expect(places[1]).toMatchObject({ column: '7 / span 20', row: '3 / span 2' });
  });
  it('lets widgets without a place follow one another', () => {
    expect(placed([{ definition: { type: 'query_value' } }]).places[0]?.column).toBe('span 3');
    const odd = { definition: {}, layout: { x: 'a' } } as unknown as Widget;
    expect(placed([odd]).places[0]?.column).toBe('span 4');
  });
  it('takes a new widget below, and one away', () => {
    const dashboard: Dashboard =
      { id: 'a', title: 't', layout_type: 'ordered', widgets: [at(0, 3, 4)] };
    const more = withWidget(dashboard, definitionOf('timeseries', 'T', 'avg:a{*}'));
    expect(more.widgets[1]?.layout).toEqual({ x: 0, y: 5, width: 4, height: 3 });
    expect(withoutWidget(more, 0).widgets).toEqual([more.widgets[1]]);
    expect(isDashboard(more)).toBe(true);
    expect(isDashboard({ title: 'x', widgets: [1] })).toBe(false);
  });
});

describe('a chart', () => {
  const line = (display: Line['display'], ...values: (number | null)[]): Line =>
    ({ name: 'a', display, stepMs: 10, points: values.map((value, i) => [i * 10, value]) });
  it('has a round scale that holds every value', () => {
    expect([0, 0.3, 7, 20, 21].map(roundTop)).toEqual([1, 0.5, 10, 20, 50]);
    expect(pictureOf([line('line', -3, 4)], 0, 10)).toMatchObject({ least: -5, most: 5 });
    // Areas stand on one another.
    expect(pictureOf([line('area', 3, 4), line('area', 3, 4)], 0, 10).most).toBe(10);
  });
  it('breaks a line where a value is missing, and shows one alone', () => {
    expect(pictureOf([line('line', 1, null, 1)], 0, 20).shapes[0]?.path)
      .toBe('M0 0h0.01M1000 0h0.01');
  });
  it('draws a bar as wide as its step', () => {
    expect(pictureOf([line('bars', 1)], 0, 100).shapes[0]?.path).toBe('M0 100V0H90V100Z');
  });
  it('tells the values before a moment', () => {
    expect(valuesAt([line('line', 1, 2, null)], 25)[0]?.value).toBe(2);
    expect(valuesAt([line('line', 1)], -1)).toEqual([]);
  });
});
