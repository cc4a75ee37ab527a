// What each kind of widget asks the server for. Pure.
import {
  displayOf, filled, filledSearch, type Json, listOf, type Question, questionsOf, spelled, textOf,
  type Values,
} from './dashboard';
import { type EvaluationQuery, evaluationQueries } from './evaluation_lines';

export interface MetricQuery {
  name: string; data_source: 'metrics'; query: string; aggregator: string;
}
// Of spans; what it asks of them goes to the server as it is written.
export interface SpanQuery {
  name: string; data_source: 'spans' | 'llm_observability'; search: { query: string };
  compute?: Json; group_by?: Json[];
}
export type ScalarQuery = MetricQuery | SpanQuery;
export interface ScalarFormula {
  formula: string; name: string; limit?: { count: number; order: string };
}
// One number a group: POST /api/v2/query/scalar.
export interface ScalarRequest { queries: ScalarQuery[]; formulas: ScalarFormula[] }

// Lines of it: POST /api/v2/query/timeseries, which takes searches for spans, too.
export interface DrawnRequest extends ScalarRequest { display: Question['display'] }

export type Asked =
  // With what happened meanwhile.
  | { how: 'lines'; questions: Question[]; drawn?: DrawnRequest[]; events?: string[] }
  | { how: 'scalar'; requests: ScalarRequest[] }
  | { how: 'histogram'; query: string }
  | { how: 'stream'; view: 'spans' | 'apm'; query: string; columns: string[]; sort: string }
  | { how: 'evaluations'; queries: EvaluationQuery[]; isTable: boolean }
  | { how: 'events'; query: string }
  | { how: 'timeline'; query: string }
  | { how: 'checks'; check: string; queries: string[] }
  | { how: 'other' } // of something that is not kept here
  | { how: 'nothing' };

const reducers = new Set(['avg', 'sum', 'min', 'max', 'last', 'area', 'l2norm', 'mean']);
const reducerOf = (...words: unknown[]): string =>
  words.map(textOf).find((word) => reducers.has(word)) ?? 'avg';

// The queries of an old text: commas between them, not within brackets or quotes.
export function splitQueries(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const character of text) {
    if (quote) quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ('({['.includes(character)) depth += 1;
    else if (')}]'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0 && !quote) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function queriesOf(request: Json): ScalarQuery[] | null {
  const usual = request.aggregator;
  const old = textOf(request.q);
  if (old)
    return splitQueries(old).map((query, i) => ({
      name: `query${i + 1}`, data_source: 'metrics', query, aggregator: reducerOf(usual),
    }));
  const queries = listOf(request.queries).map((one, i) =>
    namedQuery(one, textOf(one.name) || `query${i + 1}`, usual));
  const known = queries.filter((one) => one !== null);
  return known.length > 0 && known.length === queries.length ? known : null;
}

function namedQuery(one: Json, name: string, usual: unknown): ScalarQuery | null {
  const source = textOf(one.data_source);
  if (source === 'spans' || source === 'llm_observability') {
    const [search] = listOf(one.search);
    const [compute] = listOf(one.compute);
    const groups = listOf(one.group_by);
    return {
      name, data_source: source, search: { query: textOf(search?.query) },
      ...(compute ? { compute } : {}), ...(groups.length > 0 ? { group_by: groups } : {}),
    };
  }
  if (source !== 'metrics' || textOf(one.query) === '') return null;
  return {
    name, data_source: 'metrics', query: textOf(one.query),
    aggregator: reducerOf(one.aggregator, usual),
  };
}

const textOfQuery = (one: ScalarQuery): string =>
  'query' in one ? one.query : one.search.query || '*';
const queryWith = (one: ScalarQuery, values: Values): ScalarQuery => ('query' in one
  ? { ...one, query: filled(one.query, values) }
  : { ...one, search: { query: filledSearch(one.search.query, values) } });

function requestWith<Request extends ScalarRequest>(request: Request, values: Values): Request {
  return { ...request, queries: request.queries.map((one) => queryWith(one, values)) };
}

function limitOf(formula: Json, request: Json, at: number): ScalarFormula['limit'] {
  const [limit] = listOf(formula.limit);
  if (limit && Number(limit.count) > 0)
    return { count: Math.floor(Number(limit.count)), order: textOf(limit.order) || 'desc' };
  // The newer way to say it: how many rows, by which formula.
  const [sort] = listOf(request.sort);
  const by = sort && listOf(sort.order_by)[0];
  if (!sort || !(Number(sort.count) > 0) || Number(by?.index ?? 0) !== at) return undefined;
  return { count: Math.floor(Number(sort.count)), order: textOf(by?.order) || 'desc' };
}

function formulasOf(request: Json, queries: readonly ScalarQuery[]): ScalarFormula[] {
  const texts = new Map(queries.map((one) => [one.name, textOfQuery(one)]));
  const given = textOf(request.q) ? [] : listOf(request.formulas);
  const all = given.length > 0 ? given : queries.map((one): Json => ({ formula: one.name }));
  return all.map((one, i) => {
    const formula = textOf(one.formula);
    const limit = limitOf(one, request, i);
    return {
      formula, name: textOf(one.alias) || spelled(formula, texts), ...(limit ? { limit } : {}),
    };
  });
}

function scalarOf(definition: Json): Asked {
  const requests: ScalarRequest[] = [];
  for (const request of listOf(definition.requests)) {
    const queries = queriesOf(request);
    if (queries === null) return { how: 'other' };
    requests.push({ queries, formulas: formulasOf(request, queries) });
  }
  return requests.length > 0 ? { how: 'scalar', requests } : { how: 'nothing' };
}

const shifts = /\b(hour|day|week|month)_before\(|\b(timeshift|calendar_shift)\(/;
const comparisons = new Set(['hour_before', 'day_before', 'week_before', 'month_before']);
export const comparisonOf = (definition: Json): string =>
  listOf(definition.requests).map((one) => textOf(one.compare_to))
    .find((one) => comparisons.has(one)) ?? 'hour_before';

// The first number is that of now, the second that of then.
function changeOf(definition: Json): Asked {
  const asked = scalarOf(definition);
  if (asked.how !== 'scalar') return asked;
  const compared = comparisonOf(definition);
  return {
    how: 'scalar',
    requests: asked.requests.map(({ queries, formulas }) => {
      const now = formulas.find((one) => !shifts.test(one.formula)) ?? formulas[0];
      const then = formulas.find((one) => shifts.test(one.formula) && one !== now);
      if (!now) return { queries, formulas };
      const { formula, name } = now;
      return {
        queries,
        formulas: [{ formula, name },
          then ?? { formula: `${compared}(${formula})`, name: `${compared}(${name})` }],
      };
    }),
  };
}

// The bins of a distribution; of lines, for a heat map, or of one number a group.
function binsOf(definition: Json): Asked {
  for (const request of listOf(definition.requests)) {
    const [query] = listOf(request.query);
    if (textOf(request.request_type) !== 'histogram' || !query) continue;
    return textOf(query.data_source) === 'metrics' && textOf(query.query) !== ''
      ? { how: 'histogram', query: textOf(query.query) } : { how: 'other' };
  }
  if (textOf(definition.type) === 'distribution') return scalarOf(definition);
  return linesOf(definition);
}

function linesOf(definition: Json): Asked {
  const questions: Question[] = [];
  const drawn: DrawnRequest[] = [];
  for (const request of listOf(definition.requests)) {
    const ofMetrics = questionsOf(request);
    const queries = ofMetrics === null ? queriesOf(request) : null;
    if (ofMetrics !== null) questions.push(...ofMetrics);
    else if (queries === null) return { how: 'other' };
    else drawn.push({
      queries, formulas: formulasOf(request, queries), display: displayOf(request),
    });
  }
  if (questions.length + drawn.length === 0) return { how: 'nothing' };
  const events = listOf(definition.events).map((one) => textOf(one.q)).filter((one) => one !== '');
  return {
    how: 'lines', questions, ...(drawn.length > 0 ? { drawn } : {}),
    ...(events.length > 0 ? { events } : {}),
  };
}

// Streams of what is stored here: spans of the LLM side, spans of processes.
const streams: Record<string, 'spans' | 'apm'> = {
  llm_observability_stream: 'spans', trace_stream: 'apm',
};

function streamOf(definition: Json): Asked {
  const [request] = listOf(definition.requests);
  const [query] = listOf(request?.query);
  const source = textOf(query?.data_source);
  if (source === 'event_stream')
    return { how: 'events', query: textOf(query?.query_string) };
  const view = streams[source];
  if (!request || !query || !view) return { how: 'other' };
  const [sort] = listOf(query.sort);
  const column = textOf(sort?.column).replace(/^@/, '');
  const sorts: Record<string, string> = { duration: 'duration', 'trace.cost': 'cost', cost: 'cost' };
  return {
    how: 'stream', view, query: textOf(query.query_string),
    columns: listOf(request.columns).map((one) => textOf(one.field)).filter((one) => one !== ''),
    sort: `${textOf(sort?.order) === 'asc' ? '' : '-'}${sorts[column] ?? 'start'}`,
  };
}

// The newest states of a check, by its tags.
function checksOf(definition: Json): Asked {
  const tags = Array.isArray(definition.tags) ? definition.tags.map(textOf) : [];
  return {
    how: 'checks', check: textOf(definition.check),
    queries: [...tags, ...textOf(definition.group).split(',')].map((one) => one.trim())
      .filter((one) => one !== '' && one !== '*'),
  };
}

export function askedOf(definition: Json): Asked {
  const type = textOf(definition.type);
  const evaluations = evaluationQueries(definition);
  if (evaluations && type !== 'list_stream')
    return {
      how: 'evaluations', queries: evaluations, isTable: type !== 'timeseries' && type !== 'heatmap',
    };
  switch (type) {
    case 'timeseries': return linesOf(definition);
    case 'query_value': case 'toplist': case 'query_table': case 'sunburst': case 'treemap':
      return scalarOf(definition);
    case 'change': return changeOf(definition);
    case 'heatmap': case 'distribution': return binsOf(definition);
    case 'list_stream': return streamOf(definition);
    case 'event_timeline': return { how: 'timeline', query: textOf(definition.query) };
    case 'event_stream': return { how: 'events', query: textOf(definition.query) };
    case 'check_status': return checksOf(definition);
    default: return { how: 'nothing' };
  }
}

// "ml_app:shop" as the value that it names.
const plainValue = (term: string): string =>
  term.replace(/^[^:]*:/, '').replace(/^"(.*)"$/, '$1');

// The question with the variables of the dashboard in it.
export function askedWith(asked: Asked, values: Values): Asked {
  switch (asked.how) {
    case 'lines': return {
      ...asked,
      questions: asked.questions.map((one) => ({ ...one, text: filled(one.text, values) })),
      ...(asked.drawn ? { drawn: asked.drawn.map((one) => requestWith(one, values)) } : {}),
      ...(asked.events
        ? { events: asked.events.map((one) => filledSearch(one, values)) } : {}),
    };
    case 'scalar': return {
      ...asked,
      requests: asked.requests.map((one) => requestWith(one, values)),
    };
    case 'histogram': return { ...asked, query: filled(asked.query, values) };
    case 'stream': case 'events': case 'timeline': return { ...asked, query: filledSearch(asked.query, values) };
    case 'evaluations': return {
      ...asked,
      queries: asked.queries.map((one) =>
        ({ ...one, mlApp: plainValue(filledSearch(one.mlApp, values)) })),
    };
    case 'checks': return {
      ...asked, queries: asked.queries.map((one) => filledSearch(one, values))
        .filter((one) => one !== ''),
    };
    case 'other': case 'nothing': return asked;
  }
}
