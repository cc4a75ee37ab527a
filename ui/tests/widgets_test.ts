import { describe, expect, it } from 'vitest';
import type { Counts } from '../src/api/evaluators';
import type { Line } from '../src/lib/chart';
import {
  type Dashboard, filled, filledSearch, presetInUse, presetValues, valuesOf, withoutPreset,
  withPreset,
} from '../src/lib/dashboard';
import { evaluationLines, evaluationQueries, evaluationTable } from '../src/lib/evaluation_lines';
import { binsOf, coarser, heatOfLines, summedUp } from '../src/lib/heat';
import type { ScalarTable } from '../src/lib/scalar_table';
import { boxesIn, ringsOf, sharesOf, treemapOf } from '../src/lib/shares';
import { askedOf, askedWith, splitQueries } from '../src/lib/widget_asks';
import {
  changesOf, changeTone, firstNumber, rankOf, sheetOf, streamColumns, tableOf,
} from '../src/lib/widget_data';

const metrics = (query: string, name = 'a') => ({ data_source: 'metrics', name, query });
const words = {
  time: 'time', from: 'from', to: 'to', count: 'count', name: 'name', now: 'now', before: 'before',
  change: 'change', share: 'share',
};

describe('what a widget asks', () => {
  it('is one number a group, by both forms of requests', () => {
    expect(askedOf({ type: 'toplist', requests: [{ q: 'sum:a{x:y,z:w} by {m}, avg:b{*}' }] }))
      .toEqual({ how: 'scalar', requests: [{
        queries: [
          { name: 'query1', data_source: 'metrics', query: 'sum:a{x:y,z:w} by {m}', aggregator: 'avg' },
          { name: 'query2', data_source: 'metrics', query: 'avg:b{*}', aggregator: 'avg' },
        ],
        formulas: [{ formula: 'query1', name: 'sum:a{x:y,z:w} by {m}' },
          { formula: 'query2', name: 'avg:b{*}' }],
      }] });
    expect(askedOf({ type: 'query_table', requests: [{
      queries: [{ ...metrics('sum:a{*}'), aggregator: 'percentile' }],
      formulas: [{ formula: 'a * 2', limit: { count: 5, order: 'asc' } }],
      sort: { count: 9 },
    }] })).toMatchObject({ requests: [{
      queries: [{ aggregator: 'avg' }],
      formulas: [{ formula: 'a * 2', name: 'sum:a{*} * 2', limit: { count: 5, order: 'asc' } }],
    }] });
    expect(splitQueries("top(avg:a{*}, 10, 'a,b'), avg:c{*}")).toHaveLength(2);
  });
  it('is of spans, too, with the variables in their search', () => {
    const group = { facet: 'service', limit: 3 };
    const asked = askedOf({ type: 'query_value', requests: [{
      queries: [metrics('sum:b{*}', 'b'), {
        data_source: 'llm_observability', name: 'c', search: { query: '@ml_app:x $env' },
        compute: { aggregation: 'count' }, group_by: [group], indexes: ['*'],
      }],
      formulas: [{ formula: 'c / b' }],
    }] });
    expect(asked).toMatchObject({ requests: [{
      queries: [{ query: 'sum:b{*}' },
        { name: 'c', compute: { aggregation: 'count' }, group_by: [group] }],
      formulas: [{ formula: 'c / b', name: '@ml_app:x $env / sum:b{*}' }],
    }] });
    expect(askedWith(asked, new Map([['env', { prefix: 'env', value: 'prod' }]])))
      .toMatchObject({ requests: [{ queries: [{}, { search: { query: '@ml_app:x env:prod' } }] }] });
    expect(askedOf({ type: 'query_value', requests: [{
      queries: [{ data_source: 'logs', name: 'a', search: { query: '' } }],
    }] })).toEqual({ how: 'other' });
  });
  it('is lines of spans beside those of metrics', () => {
    const asked = askedOf({ type: 'timeseries', requests: [
      { q: 'avg:a{*}' },
      { display_type: 'bars', formulas: [{ formula: 'n * 2', alias: 'twice' }],
        queries: [{ data_source: 'spans', name: 'n', search: { query: 'service:$s' } }] },
    ] });
    expect(askedWith(asked, new Map([['s', { prefix: '', value: 'web' }]]))).toMatchObject({
      how: 'lines', questions: [{ text: 'avg:a{*}' }],
      drawn: [{ display: 'bars', formulas: [{ formula: 'n * 2', name: 'twice' }],
        queries: [{ search: { query: 'service:web' } }] }],
    });
    expect(askedOf({ type: 'timeseries', requests: [{ log_query: {} }] })).toEqual({ how: 'other' });
  });
  it('is now and then of a change, however it is said', () => {
    const formulas = (asked: ReturnType<typeof askedOf>) =>
      (asked.how === 'scalar' ? asked.requests[0]?.formulas.map((one) => one.formula) : null);
    expect(formulas(askedOf({ type: 'change', requests: [{ q: 'avg:a{*}', compare_to: 'week_before' }] })))
      .toEqual(['query1', 'week_before(query1)']);
    expect(formulas(askedOf({ type: 'change', requests: [{
      queries: [metrics('avg:a{*}')], formulas: [{ formula: 'day_before(a)' }, { formula: 'a' }],
    }] }))).toEqual(['a', 'day_before(a)']);
  });
  it('is the bins of a distribution, or of lines', () => {
    const request = { request_type: 'histogram', query: metrics('histogram:a{*}') };
    expect(askedOf({ type: 'heatmap', requests: [request] }))
      .toEqual({ how: 'histogram', query: 'histogram:a{*}' });
    expect(askedOf({ type: 'heatmap', requests: [{ q: 'avg:a{*} by {h}' }] }).how).toBe('lines');
    expect(askedOf({ type: 'distribution', requests: [{ q: 'avg:a{*} by {h}' }] }).how)
      .toBe('scalar');
    expect(askedOf({ type: 'distribution', requests: [{
      request_type: 'histogram', query: { data_source: 'logs', query: 'x' },
    }] }).how).toBe('other');
  });
  it('is a list of spans, events, or nothing that is kept here', () => {
    const stream = (query: object) => askedOf({ type: 'list_stream', requests: [{ query, columns: [] }] });
    expect(stream({ data_source: 'llm_observability_stream', query_string: '@status:error',
      sort: { column: 'duration', order: 'desc' } }))
      .toEqual({ how: 'stream', view: 'spans', query: '@status:error', columns: [], sort: '-duration' });
    expect(stream({ data_source: 'logs_stream' }).how).toBe('other');
    expect(stream({ data_source: 'event_stream', query_string: 'source:deploy' }))
      .toEqual({ how: 'events', query: 'source:deploy' });
    expect(askedOf({ type: 'event_timeline', query: 'x' })).toEqual({ how: 'timeline', query: 'x' });
    expect(askedOf({ type: 'event_stream' })).toEqual({ how: 'events', query: '' });
    expect(askedOf({ type: 'check_status', check: 'db.up', tags: ['*', 'env:prod'], group: 'host:a' }))
      .toEqual({ how: 'checks', check: 'db.up', queries: ['env:prod', 'host:a'] });
    expect(askedOf({
      type: 'timeseries', requests: [{ q: 'avg:a{*}' }], events: [{ q: 'source:deploy' }, {}],
    })).toMatchObject({ how: 'lines', events: ['source:deploy'] });
    expect(askedOf({ type: 'note' }).how).toBe('nothing');
  });
  it('has the variables in it, several values as any of them', () => {
    const values = valuesOf([{ name: 'env', prefix: 'env', defaults: ['prod', 'dev'] },
      { name: 'app', prefix: 'ml_app' }], (name) => (name === 'app' ? 'help desk' : ''));
    expect(filled('sum:a{$env,$app}', values)).toBe('sum:a{env IN (prod,dev),ml_app:help desk}');
    expect(filledSearch('@status:error $env $app', values))
      .toBe('@status:error env:(prod OR dev) ml_app:"help desk"');
    const all = valuesOf([{ name: 'env', prefix: 'env' }], () => '');
    expect(filledSearch('$env @status:error', all)).toBe('@status:error');
    expect(askedWith(askedOf({ type: 'timeseries', requests: [{ q: 'avg:a{$env}' }] }), all))
      .toMatchObject({ questions: [{ text: 'avg:a{*}' }] });
  });
});

const table: ScalarTable = tableOf(
  [{ queries: [], formulas: [{ formula: 'a', name: 'A' }, { formula: 'b', name: 'B' }] },
    { queries: [], formulas: [{ formula: 'c', name: 'C' }] }],
  [[
    { name: 'team', type: 'group', values: [['core'], ['web']] },
    { name: 'model', type: 'group', values: [['4o'], ['o3']] },
    { name: 'a', type: 'number', values: [6, 2] },
    { name: 'b', type: 'number', values: [3, null] },
  ], [
    { name: 'team', type: 'group', values: [['web']] },
    { name: 'model', type: 'group', values: [['o3']] },
    { name: 'c', type: 'number', values: [9] },
  ]]);

describe('an answer', () => {
  it('is one table, in which rows of the same tags are one', () => {
    expect(table.columns).toEqual(['A', 'B', 'C']);
    expect(table.rows.map((row) => row.values)).toEqual([[6, 3, null], [2, null, 9]]);
    expect(firstNumber(table)).toBe(6);
    expect(rankOf({}, table).map((one) => one.value)).toEqual([9, 6, 3, 2]);
    expect(sheetOf({ type: 'query_table' }, { how: 'scalar', table }, words)).toEqual({
      columns: ['team', 'model', 'A', 'B', 'C'],
      rows: [['core', '4o', 6, 3, null], ['web', 'o3', 2, null, 9]],
    });
  });
  it('is what changed, the largest first unless it is said otherwise', () => {
    const pairs = { ...table, columns: ['now', 'then'] };
    const [first, second] = changesOf({}, pairs);
    expect(first).toEqual({ name: 'core, 4o', now: 6, before: 3, change: 3, share: 1 });
    expect(second).toMatchObject({ now: 2, before: null, change: null, share: null });
    expect(changesOf({ requests: [{ order_by: 'name', order_dir: 'desc' }] }, pairs)[0]?.name)
      .toBe('web, o3');
    expect(changeTone({ requests: [{ increase_good: false }] }, 3)).toBe('bad');
    expect(changeTone({ requests: [{}] }, 3)).toBe('');
  });
  it('of lines is a row a time', () => {
    const lines: Line[] = [
      { name: 'a', display: 'line', stepMs: 10, points: [[0, 1], [10, 2]] },
      { name: 'b', display: 'line', stepMs: 10, points: [[10, 5]] },
    ];
    expect(sheetOf({ type: 'timeseries' }, { how: 'lines', lines }, words)).toEqual({
      columns: ['time', 'a', 'b'],
      rows: [['1970-01-01T00:00:00.000Z', 1, null], ['1970-01-01T00:00:00.010Z', 2, 5]],
    });
  });
  it('of a stream has the columns that are known, and names the others', () => {
    expect(streamColumns(['timestamp', '@meta.model_name', 'host', 'start']))
      .toEqual({ columns: ['time', 'model'], unknown: ['host'] });
    expect(streamColumns([]).columns).toContain('duration');
  });
});

describe('parts of a whole', () => {
  const root = sharesOf({ ...table, columns: ['A'] }, 'others');
  it('are a tree, the largest first, whose sums hold', () => {
    expect(root.value).toBe(8);
    expect(root.children.map((one) => [one.name, one.value])).toEqual([['core', 6], ['web', 2]]);
    expect(root.children[0]?.children[0]?.name).toBe('4o');
  });
  it('of many are few and the rest', () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      ({ tags: new Map([['m', `m${i}`]]), values: [i] }));
    const many = sharesOf({ keys: ['m'], columns: ['A'], rows }, 'others');
    expect(many.children).toHaveLength(12);
    expect(many.children.at(-1)?.name).toBe('others');
    expect(many.children.reduce((sum, one) => sum + one.value, 0)).toBe(many.value);
  });
  it('are rings that close and boxes that fill', () => {
    const arcs = ringsOf(root);
    expect(arcs.filter((one) => one.depth === 0).reduce((sum, one) => sum + one.part, 0))
      .toBeCloseTo(1);
    const boxes = treemapOf(root);
    expect(boxes.reduce((sum, one) => sum + one.width * one.height, 0)).toBeCloseTo(10_000);
    expect(boxes[0]?.names).toEqual(['core', '4o']);
    expect(boxesIn([0], { x: 0, y: 0, width: 1, height: 1 })).toEqual([]);
    // One part is a whole ring.
    const [only] = ringsOf(sharesOf({ keys: [], columns: ['A'],
      rows: [{ tags: new Map(), values: [5] }] }, 'others'));
    expect(only?.part).toBe(1);
    expect(only?.path).not.toContain('NaN');
  });
});

describe('bins', () => {
  it('hold every value once, the highest too', () => {
    const { bounds, counts } = binsOf([0, 5, 10]);
    expect(counts.reduce((a, b) => a + b)).toBe(3);
    expect([counts[0], counts.at(-1)]).toEqual([1, 1]);
    expect(bounds).toHaveLength(counts.length + 1);
    expect(binsOf([7, 7]).counts).toEqual([2]);
    expect(binsOf([])).toEqual({ bounds: [], counts: [] });
  });
  it('of lines are by time, and of many times fewer', () => {
    const points = Array.from({ length: 200 }, (_, i): [number, number] => [i * 10, i % 7]);
    const heat = heatOfLines([{ name: 'a', display: 'line', stepMs: 10, points }]);
    expect(heat.times).toHaveLength(200);
    const few = coarser(heat);
    expect(few.times.length).toBeLessThanOrEqual(80);
    expect(summedUp(few).counts).toEqual(summedUp(heat).counts);
  });
});

describe('presets', () => {
  const dashboard: Dashboard = {
    id: 'a', title: 't', layout_type: 'ordered', widgets: [],
    template_variables: [{ name: 'env', prefix: 'env', defaults: ['*'] }],
    template_variable_presets: [
      { name: 'P', template_variables: [{ name: 'env', values: ['prod', 'dev'] }] },
    ],
  };
  const values = (env: string) => valuesOf(dashboard.template_variables ?? [], () => env);
  it('set the variables, are found by them, kept and removed', () => {
    expect(presetValues(dashboard, { name: 'P', template_variables: [{ name: 'env', value: 'x' }] }))
      .toEqual({ env: 'x' });
    expect(presetInUse(dashboard, values('prod,dev'))?.name).toBe('P');
    expect(presetInUse(dashboard, values('prod'))).toBeUndefined();
    const more = withPreset(withPreset(dashboard, 'Q', values('x')), 'Q', values('y,z'));
    expect(more.template_variable_presets).toHaveLength(2);
    expect(more.template_variable_presets?.[1]?.template_variables)
      .toEqual([{ name: 'env', values: ['y', 'z'] }]);
    expect(withoutPreset(more, 'P').template_variable_presets?.[0]?.name).toBe('Q');
  });
});

describe('evaluations', () => {
  const counts: Counts = {
    interval_ms: 60_000, from_ns: '0', to_ns: '1',
    lines: [
      { id: '1', evaluator: 'pii', version: 1, app: 'shop', judged: 10, failed: 1,
        buckets: [{ start_ms: 0, judged: 6, failed: 1 },
          { start_ms: 60_000, judged: 4, failed: 0 }] },
      { id: '2', evaluator: 'pii', version: 2, app: null, judged: 10, failed: 3,
        buckets: [{ start_ms: 0, judged: 10, failed: 3 }] },
    ],
  };
  const query = (measure: string, by: string[]) =>
    ({ data_source: 'catalejo_evaluations', name: measure, measure, group_by: by });
  it('are lines and tables by what is asked', () => {
    const asked = evaluationQueries({ requests: [{
      display_type: 'bars', queries: [query('share', ['evaluator'])],
    }] }) ?? [];
    expect(evaluationLines(asked, [counts])).toEqual([
      { name: 'pii', display: 'bars', stepMs: 60_000, points: [[0, 25], [60_000, 0]] }]);
    const both = evaluationQueries({ requests: [{
      queries: [query('judged', ['ml_app']), query('failed', ['ml_app'])],
      formulas: [{ formula: 'failed', alias: 'bad' }],
    }] }) ?? [];
    const { columns, rows } = evaluationTable(both, [counts, counts]);
    expect(columns).toEqual(['judged', 'bad']);
    expect(rows.map((row) => [...row.tags.values(), ...row.values]))
      .toEqual([['shop', 10, 1], ['', 10, 3]]);
  });
  it('are not asked when something else is', () => {
    expect(evaluationQueries({ requests: [{ queries: [{ data_source: 'metrics' }] }] })).toBeNull();
    expect(evaluationQueries({ requests: [] })).toBeNull();
  });
});
