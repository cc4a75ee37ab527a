import { describe, expect, it } from 'vitest';
import {
  kindOf, membersOf, queryOfList, typeOf, watchedOf, watchedSpans,
} from '../src/lib/monitor';

const list: Parameters<typeof queryOfList>[0] =
  { view: 'spans', q: '', filters: [], minMs: null, maxMs: null };

describe('queries of monitors', () => {
  it('tells what a query is of', () => {
    expect(kindOf('avg(last_5m):avg:a{*} > 2')).toBe('metric');
    expect(kindOf(' llm-observability("a && b").last("5m") > 2')).toBe('spans');
    expect(kindOf('trace-analytics("x").last("5m") > 2')).toBe('spans');
    expect(kindOf('12 && !(13 || 14)')).toBe('composite');
    expect(kindOf('')).toBe('metric');
  });

  it('gives a monitor the type of its query', () => {
    expect(typeOf('avg(last_5m):avg:a{*} > 2')).toBe('query alert');
    expect(typeOf('avg(last_5m):avg:a{*} > 2', 'metric alert')).toBe('metric alert');
    expect(typeOf('avg(last_5m):avg:a{*} > 2', 'composite')).toBe('query alert');
    expect(typeOf('x', 'log alert')).toBe('log alert');
    expect(typeOf('trace-analytics ("x").last("5m") > 2', 'metric alert'))
      .toBe('trace-analytics alert');
    expect(typeOf('1 && 2', 'query alert')).toBe('composite');
  });

  it('finds members and thresholds', () => {
    expect(membersOf('12 && !(13 || 12)')).toEqual([12, 13]);
    expect(watchedSpans('llm-observability("a").last("5m") >= 2e9')).toEqual({
      expression: '', sign: '>=', critical: 2e9, plain: true,
    });
    expect(watchedOf('llm-observability("a").last("5m") >= 2e9')).toBeNull();
  });

  it('watches what a list of the explorer shows', () => {
    expect(queryOfList(list)).toBe('llm-observability("*").rollup("count").last("5m") > 10');
    const query = queryOfList({
      ...list, view: 'traces', q: 'a OR "b c"', minMs: 500, filters: [
        { field: 'model', value: 'gpt-4o', exclude: false },
        { field: 'model', value: 'o3', exclude: false },
        { field: 'status', value: 'error', exclude: true },
        { field: 'tag', value: 'team:sea side', exclude: false },
      ],
    });
    expect(query).toBe('llm-observability("(a OR \\"b c\\") ' +
      '(@meta.model_name:\\"gpt-4o\\" OR @meta.model_name:\\"o3\\") -status:\\"error\\" ' +
      'team:\\"sea side\\" @duration:>=500ms @parent_id:undefined")' +
      '.rollup("count").last("5m") > 10');
    expect(queryOfList({ ...list, view: 'apm' })).toMatch(/^trace-analytics\(/);
  });
});
