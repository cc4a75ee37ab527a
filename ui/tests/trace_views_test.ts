import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../src/api/types';
import { azureFacts, verdictsInText } from '../src/lib/azure';
import { compareSpans } from '../src/lib/compare';
import { diffRecords, diffWords } from '../src/lib/diff';
import { graphOf, nodeHeight } from '../src/lib/graph';
import * as jump from '../src/lib/jump';
import { threadOf } from '../src/lib/thread';
import { buildTree } from '../src/lib/tree';
import { makeSpan, makeTrace } from './make';

const said = (...messages: [string, string][]) =>
  ({ messages: messages.map(([role, content]) => ({ role, content })) });

describe('the conversation of a trace', () => {
  const call = { name: 'find', arguments: '{"id":1}', tool_id: 'c1' };
  const trace = makeTrace([
    makeSpan('1', null, 0, 900, { kind: 'agent' }),
    makeSpan('2', '1', 10, 100, {
      kind: 'llm', input: said(['system', 'Be kind.'], ['user', 'Where?']),
      output: { messages: [{ role: 'assistant', content: '', tool_calls: [call] }] },
    }),
    makeSpan('3', '1', 120, 50, { kind: 'tool' }),
    makeSpan('4', '1', 200, 100, {
      kind: 'llm',
      input: { messages: [
        ...said(['system', 'Be kind.'], ['user', 'Where?']).messages,
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', content: '', tool_results: [{ tool_id: 'c1', result: 'Madrid' }] },
      ] },
      output: said(['assistant', 'In Madrid.']),
    }),
  ]);
  const items = threadOf(buildTree(trace));

  it('says each message once and what was repeated', () => {
    expect(items.map((item) => `${item.kind} ${item.node.span.span_id}`))
      .toEqual(['step 1', 'call 2', 'step 3', 'call 4']);
    const second = items[3];
    expect(second?.kind === 'call' && second.repeated).toBe(3);
    const turns = second?.kind === 'call' ? second.turns : [];
    expect(turns.map((turn) => turn.text)).toEqual(['In Madrid.']);
  });

  it('puts the result of a tool with its call, though another call brought it', () => {
    const first = items[1];
    const turns = first?.kind === 'call' ? first.turns : [];
    expect(turns.at(-1)?.calls[0]?.result?.result).toBe('Madrid');
  });

  it('keeps what is said twice, and knows a history again under another system prompt', () => {
    const calls = [
      [['system', 'A'], ['user', 'yes']], [['system', 'B'], ['user', 'yes'], ['user', 'yes']],
    ].map((messages, i) => makeSpan(String(i), null, i * 10, 5, {
      kind: 'llm', input: said(...messages as [string, string][]), output: said(['assistant', 'ok']),
    }));
    const shown = threadOf(buildTree(makeTrace(calls)));
    expect(shown.map((item) => item.kind === 'call' && item.turns.map((turn) => turn.text)))
      .toEqual([['A', 'yes', 'ok'], ['B', 'yes', 'ok']]);
  });

  it('takes values where there are no messages', () => {
    const plain = threadOf(buildTree(makeTrace([
      makeSpan('1', null, 0, 10, { kind: 'workflow', input: { value: 'a' }, output: { value: 'b' } }),
    ])));
    expect(plain.filter((i) => i.kind === 'value').map((i) => i.kind === 'value' && i.text))
      .toEqual(['a', 'b']);
  });
});

describe('the graph of a trace', () => {
  it('joins siblings that repeat and leaves requests out', () => {
    const spans = [makeSpan('1', null, 0, 900, { kind: 'agent', name: 'plan' })];
    for (let i = 0; i < 40; i += 1) {
      spans.push(makeSpan(`t${i}`, '1', i, 5, { kind: 'tool', name: 'find',
        status: i === 7 ? 'error' : 'ok' }));
      spans.push(makeSpan(`h${i}`, `t${i}`, i, 4, { halves: 'apm', kind: '' }));
      spans.push(makeSpan(`l${i}`, `h${i}`, i, 4, { kind: 'llm', name: 'ask',
        metrics: { total_tokens: 10 } }));
    }
    const graph = graphOf(buildTree(makeTrace(spans)));
    expect(graph.nodes.map((n) => [n.name, n.spans.length, n.errors, n.tokens]))
      .toEqual([['plan', 1, 0, 0], ['find', 40, 1, 0], ['ask', 40, 0, 400]]);
    expect(graph.leftOut).toBe(0);
  });

  it('lays no two boxes on each other and bears 20 000 levels', () => {
    const spans = [makeSpan('0', null, 0, 900, { name: 'n0' })];
    for (let i = 1; i < 20_000; i += 1) {
      spans.push(makeSpan(String(i), String(i - 1), i, 900, { name: `n${i}` }));
    }
    for (let i = 0; i < 9; i += 1) spans.push(makeSpan(`s${i}`, '0', i, 9, { name: `s${i}` }));
    const graph = graphOf(buildTree(makeTrace(spans)));
    expect(graph.leftOut).toBeGreaterThan(19_000);
    const places = graph.nodes.map((n) => `${n.x} ${Math.round(n.y / nodeHeight * 4)}`);
    expect(new Set(places).size).toBe(graph.nodes.length);
  });
});

describe('where to look next', () => {
  const tree = buildTree(makeTrace([
    makeSpan('1', null, 0, 900, { kind: 'agent' }),
    makeSpan('2', '1', 0, 300, { kind: 'llm', status: 'error', metrics: { total_tokens: 9 } }),
    makeSpan('3', '1', 300, 500, { kind: 'llm', metrics: { input_tokens: 8, output_tokens: 4 } }),
    makeSpan('4', '1', 800, 20, { kind: 'tool', status: 'error' }),
  ]));
  const failed = (span: string | null) =>
    ({ span_id: span, assessment: 'fail', status: 'ok' }) as Evaluation;

  it('goes to the next error and around', () => {
    expect(jump.nextError(tree, null)).toBe('2');
    expect(jump.nextError(tree, '2')).toBe('4');
    expect(jump.nextError(tree, '3')).toBe('4');
    expect(jump.nextError(tree, '4')).toBe('2');
  });

  it('knows the slowest, the largest and what an evaluation failed', () => {
    expect(jump.slowest(tree)).toBe('3');
    expect(jump.dearest(tree)).toBe('3');
    expect(jump.nextEvaluationFailure(tree, [failed('3'), failed(null)], '1')).toBe('3');
    expect(jump.nextEvaluationFailure(tree, [failed('3'), failed(null)], '3')).toBe('1');
    expect(jump.nextEvaluationFailure(tree, [], null)).toBeNull();
  });
});

describe('a difference', () => {
  const side = (changes: ReturnType<typeof diffWords>, gone: string) =>
    changes.filter((c) => c.kind === 'same' || c.kind === gone).map((c) => c.text).join('');

  it('is word by word, and both texts can be read out of it', () => {
    expect(diffWords('Be short and kind.', 'Be very short and kind!')).toEqual([
      { kind: 'same', text: 'Be ' }, { kind: 'new', text: 'very ' },
      { kind: 'same', text: 'short and kind' }, { kind: 'gone', text: '.' },
      { kind: 'new', text: '!' },
    ]);
    let seed = 7;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    for (let i = 0; i < 300; i += 1) {
      const text = () => Array.from({ length: random(30) }, () => ['a', 'b', ' ', 'ñandú', '\n'][random(5)]).join('');
      const [a, b] = [text(), text()];
      const changes = diffWords(a, b);
      expect(side(changes, 'gone')).toBe(a);
      expect(side(changes, 'new')).toBe(b);
    }
  });

  it('of texts that share nothing takes no longer than a blink', () => {
    const a = Array.from({ length: 40_000 }, (_, i) => `a${i}`).join(' ');
    const b = Array.from({ length: 40_000 }, (_, i) => `b${i}`).join(' ');
    const began = performance.now();
    expect(side(diffWords(a, b), 'gone')).toBe(a);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('of records and spans shows what differs first', () => {
    expect(diffRecords({ a: '1', b: '2' }, { a: '1', b: '3' }).map((r) => r.name)).toEqual(['b', 'a']);
    const before = makeSpan('1', null, 0, 5, { input: said(['user', 'Hola']), model: 'm',
      metadata: { temperature: 0 }, metrics: { input_tokens: 4 } });
    const after = makeSpan('2', null, 0, 9, { input: said(['user', 'Hola'], ['user', '¿Sí?']),
      model: 'm', metadata: { temperature: 1 } });
    const compared = compareSpans(before, after);
    expect(compared.texts.map((x) => x.same)).toEqual([true, false]);
    expect(compared.parameters[0]).toEqual(
      { name: 'temperature', before: '0', after: '1', differs: true });
    expect(compared.figures[1]).toEqual({ name: 'input_tokens', before: 4, after: null });
  });
});

describe('what Azure said', () => {
  const message = `Error code: 400 - {'error': {'innererror': {'code': 'ResponsibleAIPolicyViolation', 'content_filter_result': {'hate': {'filtered': False, 'severity': 'safe'}, 'jailbreak': {'filtered': True, 'detected': True}, "violence": {"filtered": true, "severity": "high"}}}}}`;
  const llm = (over: Parameters<typeof makeSpan>[4]) =>
    buildTree(makeTrace([makeSpan('1', null, 0, 900, { kind: 'llm', ...over })])).order[0];

  it('is read out of a refusal, in Python and JSON', () => {
    expect(verdictsInText(message)).toEqual([
      { side: 'prompt', category: 'hate', filtered: false, severity: 'safe', detected: null },
      { side: 'prompt', category: 'jailbreak', filtered: true, severity: null, detected: true },
      { side: 'prompt', category: 'violence', filtered: true, severity: 'high', detected: null },
    ]);
    const node = llm({ status: 'error', error: { type: 'BadRequestError', message, stack: null } });
    const facts = node && azureFacts(node);
    expect(facts?.refusal).toEqual({ code: 'ResponsibleAIPolicyViolation',
      categories: ['jailbreak', 'violence'], jailbreak: true });
  });

  it('is taken from our own tracer when it is there', () => {
    const node = llm({ metrics: { time_to_first_token: 0.25 }, metadata: { azure: {
      request_id: 'r', retries: 2, retry_ms: 1500, retry_after_ms: 900,
      rate_limit: { remaining_tokens: '12' }, inner_error: { code: 'c', jailbreak: false, categories: ['hate'] },
    } } });
    const facts = node && azureFacts(node);
    expect(facts?.retries).toEqual({ count: 2, waitedMs: 1500, status: null });
    expect(facts?.retryAfterMs).toBe(900);
    expect(facts?.rateLimit?.remainingTokens).toBe(12);
    expect(facts?.refusal?.categories).toEqual(['hate']);
    expect(facts?.firstTokenNs).toBe(250_000_000);
  });

  it('tells that another deployment answered', () => {
    const node = llm({ tags: { 'azure.spilled_from': 'chat-ptu', deployment: 'chat' },
      metadata: { azure: { spillover_status: '429' } } });
    expect(node && azureFacts(node)?.spilled).toEqual({ from: 'chat-ptu', to: 'chat', status: 429 });
  });

  it('is told by the requests below the call when nothing else does', () => {
    const http = (id: string, at: number, status: string) => makeSpan(id, '1', at, 50,
      { halves: 'apm', kind: '', apm_type: 'http', tags: { 'http.status_code': status } });
    const tree = buildTree(makeTrace([makeSpan('1', null, 0, 900, { kind: 'llm' }),
      http('2', 0, '429'), http('3', 600, '200')]));
    const node = tree.order[0];
    expect(node && azureFacts(node)?.retries).toEqual({ count: 1, waitedMs: 600, status: 429 });
  });

  it('is nothing for other spans and for odd shapes', () => {
    expect(llm({ kind: 'tool' }) && azureFacts(llm({ kind: 'tool' }) as never)).toBeNull();
    const odd = llm({ metadata: { azure: { content_filter: { prompt: { hate: 'x' } }, rate_limit: [] } } });
    expect(odd && azureFacts(odd)).toBeNull();
  });
});
