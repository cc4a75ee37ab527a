// Spans and rows for tests: everything ordinary, so that a test says only what matters to it.
import type { CostSum } from '../src/api/cost_types';
import type { Row, Span, Trace } from '../src/api/types';

const startNs = 1_795_472_913_000_000_000n;

export const noCost: CostSum = {
  usd: null, complete: true, calls: 0, unknown_calls: 0, by_kind: {}, unknown: [], tokens: {},
};

export function makeSpan(
  id: string, parent: string | null, startMs: number, lengthMs: number, over: Partial<Span> = {},
): Span {
  return {
    cost: {
      usd: null, kind: 'none', reason: null, model: null, deployment: null, model_from: null,
      deployment_type: null, deployment_type_assumed: false, source: null, read: null, parts: [],
    },
    span_id: id, parent_id: parent, trace_id: 'a'.repeat(32), apm_trace_id: null, halves: 'both',
    name: `span ${id}`, apm_name: null, resource: null, apm_type: null, kind: 'task',
    service: 'shop', env: 'test', version: '1', ml_app: 'shop', model: null, provider: null,
    deployment: null, session_id: null, user_id: null, status: 'ok', error: null,
    start_ns: String(startNs + BigInt(startMs) * 1_000_000n), duration_ns: lengthMs * 1e6,
    input: null, output: null, metadata: null, metrics: {}, tags: {}, extra: null, flags: [],
    source: 'dd_apm/v0.4', received_ns: String(startNs), ...over,
  };
}

export function makeTrace(spans: Span[], lengthMs = 1000): Trace {
  return {
    id: 'a'.repeat(32), apm_trace_id: null, llm_trace_ids: ['a'.repeat(32)],
    start_ns: String(startNs), duration_ns: lengthMs * 1e6, status: 'ok', services: ['shop'],
    total_spans: spans.length, shown_spans: spans.length,
    totals: {
      llm_calls: 0, errors: 0, input_tokens: null, output_tokens: null, total_tokens: null,
      cost_usd: null, cost: noCost,
    },
    spans, evaluations: [], notes: [], windows: null,
  };
}

export function makeRow(id: string, startMs: number, over: Partial<Row> = {}): Row {
  return {
    trace_id: `t${id}`, apm_trace_id: null, span_id: id, parent_id: null, name: 'call',
    kind: 'llm', service: 'shop', env: 'test', ml_app: 'shop', model: null, provider: null,
    deployment: null, status: 'ok', error_type: null, error_message: null,
    start_ns: String(startNs + BigInt(startMs) * 1_000_000n), duration_ns: 1e6,
    session_id: null, user_id: null, input: null, output: null,
    tokens: { input: null, output: null, total: null }, cost_usd: null,
    cost: { usd: null, kind: 'none', reason: null, model: null }, source: '', flags: [], ...over,
  };
}
