// Made-up traces for development: ordinary ones, and every difficult case a page must bear.
const cases = [];
let seed = 7;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const pick = (list) => list[Math.floor(random() * list.length)];
const hex = (n) => Array.from({ length: n }, () => Math.floor(random() * 16).toString(16)).join('');
const ms = 1e6;
let spanIds = 1000000;
const costSum = (usd) => ({
  usd, complete: true, calls: usd === null ? 0 : 1, unknown_calls: 0,
  by_kind: usd === null ? {} : { catalogue: usd }, unknown: [], tokens: {},
});
const noCost = {
  usd: null, kind: 'none', reason: null, model: null, deployment: null, model_from: null,
  deployment_type: null, deployment_type_assumed: false, source: null, read: null, parts: [],
};

const models = [
  ['gpt-4o-2024-11-20', 'gpt4o-weu'], ['gpt-4o-mini-2024-07-18', 'gpt4o-mini-swc'],
  ['o3-mini-2025-01-31', 'o3mini-eus2'],
];
const questions = [
  ['Resume este correo en una frase para el equipo de soporte: «El pedido 24 llegó roto»', 'El pedido 24 llegó dañado y el cliente pide un reembolso.'],
  ['Resume este correo en una frase para el equipo de soporte: «No puedo entrar en mi cuenta desde ayer»', 'Un cliente no puede acceder a su cuenta desde ayer.'],
  ['Resume este correo en una frase para el equipo de soporte: «Gracias, todo perfecto»', 'El cliente da las gracias; no hay que hacer nada.'],
  ['¿Dónde está mi pedido 24?', 'Tu pedido 24 salió ayer de Valencia y llega mañana antes de las 14:00.'],
  ['What is your refund policy for opened items?', 'Opened items can be returned within 30 days if they are complete.'],
  ['Write a haiku about queues 🚚📦', 'Boxes wait in line / the scanner blinks — a heartbeat / 🚚 night trucks roll away'],
  ['כתוב לי תשובה קצרה ללקוח שמחכה למשלוח', 'שלום, המשלוח שלך בדרך ויגיע מחר. תודה על הסבלנות!'],
  ['Translate to HTML: a red warning', '<script>alert("owned")</script><img src=x onerror=alert(1)><b style="color:red">Warning</b>'],
];

function span(over) {
  spanIds += 1;
  return {
    span_id: String(spanIds), cost: noCost, parent_id: null, trace_id: '', apm_trace_id: '', halves: 'both',
    name: 'span', apm_name: null, resource: null, apm_type: 'llm', kind: 'workflow',
    service: 'shop-api', env: 'prod', version: '2.4.1', ml_app: 'shop-assistant', model: null,
    provider: null, deployment: null, session_id: 'session-81', user_id: 'user-3', status: 'ok',
    error: null, offset: 0, duration_ns: 100 * ms, input: null, output: null, metadata: null,
    metrics: {}, tags: { env: 'prod', 'ddtrace.version': '4.16.0', language: 'python' },
    extra: null, flags: [], source: 'dd_apm/v0.4', ...over,
  };
}

function llm(over, [question, reply] = pick(questions), [model, deployment] = pick(models)) {
  const input = 40 + Math.floor(random() * 900);
  const output = 10 + Math.floor(random() * 300);
  const failed = over.status === 'error';
  return span({
    name: 'AzureOpenAI.createChatCompletion', apm_name: 'openai.request', kind: 'llm',
    resource: 'createChatCompletion', model: failed ? deployment : model,
    provider: 'azure_openai', deployment,
    input: { messages: [
      { role: 'system', content: 'You are the assistant of a shop. Be short and kind.' },
      { role: 'user', content: question },
    ] },
    output: { messages: [{ role: 'assistant', content: failed ? '' : reply }] },
    metadata: failed ? {} : { temperature: 0.2, max_tokens: 400, finish_reason: 'stop' },
    metrics: failed ? {} : {
      input_tokens: input, output_tokens: output, total_tokens: input + output,
      cache_read_input_tokens: 32, time_to_first_token: 0.312,
    },
    ...over,
  });
}

const http = (over, status) => span({
  name: 'http.request', apm_name: 'http.request', halves: 'apm', kind: '', apm_type: 'http',
  resource: 'POST /openai/deployments/gpt4o-weu/chat/completions', ml_app: '',
  status: status >= 400 ? 'error' : 'ok',
  tags: {
    'http.status_code': String(status), 'http.method': 'POST', component: 'httpx',
    'http.url': 'https://shop-weu.openai.azure.com/openai/deployments/gpt4o-weu/chat/completions?api-version=2024-10-21',
  },
  ...over,
});

const rateLimited = {
  type: 'openai.RateLimitError',
  message: "Error code: 429 - {'error': {'code': '429', 'message': 'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current pricing tier. Please retry after 6 seconds.'}}",
  stack: Array.from({ length: 40 }, (_, i) =>
    `  File "/srv/app/module_${i}.py", line ${i * 7 + 3}, in call_${i}\n    return call_${i + 1}(request)`).join('\n'),
};

function under(parent, ...children) {
  for (const child of children) child.parent_id = parent.span_id;
  return [parent, ...children];
}

// Deployment out of quota: three attempts, all refused.
cases.push(() => {
  const root = span({
    name: 'support_answer', duration_ns: 6240 * ms, status: 'error', error: rateLimited,
    input: { value: '¿Por qué no ha llegado mi pedido?' }, output: null,
  });
  const call = llm({ offset: 30 * ms, duration_ns: 6190 * ms, status: 'error', error: rateLimited },
    ['¿Por qué no ha llegado mi pedido?', ''], models[0]);
  call.parent_id = root.span_id;
  const tries = [0, 1, 2].map((i) =>
    http({ offset: (40 + i * 2050) * ms, duration_ns: 160 * ms, parent_id: call.span_id }, 429));
  return [root, call, ...tries];
});

// An agent with a retrieval, a tool that fails inside, and a good answer in the end.
cases.push(() => {
  const agent = span({
    name: 'order_agent', kind: 'agent', duration_ns: 4820 * ms,
    input: { value: '¿Dónde está mi pedido 24 y puedo cambiar la dirección?' },
    output: { value: 'Tu pedido 24 llega mañana. La dirección ya no se puede cambiar. 📦' },
  });
  const search = span({
    name: 'search_policies', kind: 'retrieval', offset: 20 * ms, duration_ns: 310 * ms,
    input: { value: 'cambio de dirección de envío' },
    output: { documents: [
      { name: 'envios.md', id: 'doc-12', score: 0.91, text: 'La dirección puede cambiarse hasta que el paquete sale del almacén. '.repeat(6) },
      { name: 'devoluciones.md', id: 'doc-3', score: 0.42, text: 'Treinta días para devolver.' },
    ] },
  });
  const plan = llm({ offset: 350 * ms, duration_ns: 1400 * ms, output: { messages: [{
    role: 'assistant', content: '', tool_calls: [
      { name: 'get_order', arguments: { order_id: 24, fields: ['status', 'eta'] }, tool_id: 'call_a1', type: 'function' },
      { name: 'change_address', arguments: { order_id: 24, address: 'Calle Mayor 5, 3.º B' }, tool_id: 'call_a2', type: 'function' },
    ],
  }] } }, ['¿Dónde está mi pedido 24 y puedo cambiar la dirección?', ''], models[0]);
  const tool = span({
    name: 'get_order', kind: 'tool', offset: 1800 * ms, duration_ns: 220 * ms,
    input: { value: '{"order_id":24}' }, output: { value: '{"status":"in_transit","eta":"2026-11-25","carrier":{"name":"Correos","stops":["Valencia","Madrid"]}}' },
  });
  const broken = span({
    name: 'change_address', kind: 'tool', offset: 1810 * ms, duration_ns: 640 * ms, status: 'error',
    error: { type: 'TimeoutError', message: 'warehouse did not answer within 600 ms', stack: rateLimited.stack },
    input: { value: '{"order_id":24,"address":"Calle Mayor 5, 3.º B"}' },
  });
  const embed = span({
    name: 'AzureOpenAI.createEmbedding', kind: 'embedding', offset: 25 * ms, duration_ns: 90 * ms,
    model: 'text-embedding-3-small', deployment: 'embed-weu', provider: 'azure_openai',
    input: { documents: [{ text: 'cambio de dirección de envío' }] },
    output: { value: '[1 embedding(s) returned with size 1536]' },
    metrics: { input_tokens: 8, total_tokens: 8 },
  });
  const final = llm({ offset: 2500 * ms, duration_ns: 2290 * ms, input: { messages: [
    { role: 'system', content: 'You are the assistant of a shop.' },
    { role: 'user', content: '¿Dónde está mi pedido 24 y puedo cambiar la dirección?' },
    { role: 'assistant', content: '', tool_calls: plan.output.messages[0].tool_calls },
    { role: 'tool', content: '', tool_results: [{ name: 'get_order', result: '{"status":"in_transit","eta":"2026-11-25"}', tool_id: 'call_a1', type: 'tool_result' }] },
    { role: 'tool', content: '', tool_results: [{ name: 'change_address', result: 'TimeoutError: warehouse did not answer', tool_id: 'call_a2', type: 'tool_result' }] },
  ] }, output: { messages: [
    { role: 'reasoning', content: 'The address change failed, so I must say it is not possible.' },
    { role: 'assistant', content: 'Tu pedido 24 llega mañana. La dirección ya no se puede cambiar. 📦' },
  ] }, metrics: { input_tokens: 612, output_tokens: 118, total_tokens: 730, reasoning_output_tokens: 64 } },
  undefined, models[0]);
  const all = under(agent, search, plan, tool, broken, final);
  embed.parent_id = search.span_id;
  final.evaluations = true;
  return [...all, embed, http({ parent_id: final.span_id, offset: 2520 * ms, duration_ns: 2200 * ms }, 200)];
});

// Answered after one retry.
cases.push(() => {
  const call = llm({ duration_ns: 4100 * ms }, questions[4], models[0]);
  return under(call, http({ offset: 5 * ms, duration_ns: 120 * ms }, 429),
    http({ offset: 3200 * ms, duration_ns: 880 * ms }, 200));
});

// Images, of which one may not be shown; text with hidden and bidirectional characters.
cases.push(() => [llm({
  duration_ns: 2210 * ms, flags: ['attachment_cut', 'invalid_utf8'],
  input: { messages: [{
    role: 'user', content: 'What is in these pictures?\u0007 user\u202Etxt.exe \ufffd',
    image_parts: [
      { mime_type: 'image/png', content: picture },
      { mime_type: 'image/svg+xml', content: Buffer.from('<svg onload="alert(1)"/>').toString('base64') },
      { mime_type: 'image/jpeg', cut: { bytes: 3145728, sha256: '9f86d081884c7d659a2feaa0c55ad015', reason: 'over 1 MiB' } },
      { mime_type: 'image/png', attachment_key: 'att-81' },
    ],
  }] },
  output: { messages: [{ role: 'assistant', content: 'A teal square with a lighter stripe.' }] },
})]);

// A very long answer.
cases.push(() => [llm({ duration_ns: 9800 * ms, metadata: { finish_reason: 'length', max_tokens: 4096 } },
  ['Write everything you know about container ships.', Array.from({ length: 600 }, (_, i) =>
    `${i + 1}. A container ship carries boxes of one size, which is why ports became fast and towns around them quiet.`).join('\n')])]);

// Content filter of Azure.
cases.push(() => [llm({ duration_ns: 380 * ms, status: 'error', error: {
  type: 'openai.BadRequestError', stack: rateLimited.stack,
  message: "Error code: 400 - {'error': {'code': 'content_filter', 'message': \"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.\", 'innererror': {'code': 'ResponsibleAIPolicyViolation', 'content_filter_result': {'hate': {'filtered': False, 'severity': 'safe'}, 'jailbreak': {'filtered': True, 'detected': True}, 'self_harm': {'filtered': False, 'severity': 'safe'}, 'sexual': {'filtered': False, 'severity': 'safe'}, 'violence': {'filtered': True, 'severity': 'medium'}}}}}",
} }, ['(a prompt that the filter refuses)', ''])]);

// What our own tracer keeps about Azure, and an answer with every kind of mark.
cases.push(() => [llm({
  duration_ns: 3400 * ms, name: 'AzureOpenAI.createChatCompletion',
  metadata: { temperature: 0.7, top_p: 0.9, finish_reason: 'stop', azure: {
    request_id: 'b1f0a7e2-5c1d-4f1e-9a51-0d1a9a3c1f55', status: 200, retries: 2, retry_ms: 1840.5,
    rate_limit: { limit_tokens: 120000, remaining_tokens: 3120, limit_requests: 720, remaining_requests: 655 },
    content_filter: {
      prompt: { hate: { filtered: false, severity: 'safe' }, violence: { filtered: false, severity: 'low' }, jailbreak: { filtered: false, detected: false } },
      completion: { hate: { filtered: false, severity: 'safe' }, protected_material_text: { filtered: false, detected: false } },
    },
  } },
  metrics: { input_tokens: 412, output_tokens: 690, total_tokens: 1102, time_to_first_token: 0.412, time_per_output_token: 0.0021 },
}, ['Compare the three plans in a table and show how to call the API', [
  '## The three plans', '', 'In short: **Team** is enough for most. See [the price list](https://example.com/prices) or [this](javascript:alert(1)).', '',
  '| plan | calls a month | price |', '|:--|--:|--:|', '| Free | 1 000 | 0 € |', '| **Team** | 50 000 | 49 € |', '| Scale | unlimited | on request |', '',
  '1. Make a key.', '2. Put it into `SHOP_KEY`:', '   - never in the code', '   - never in a log', '',
  '```python', 'import os, httpx', '', 'answer = httpx.post("https://api.example.com/v1/orders", headers={"key": os.environ["SHOP_KEY"]})', 'print(answer.json())', '```', '',
  '> Prices are without tax.', '', '![tracking pixel](https://evil.example/pixel.png) <img src=x onerror=alert(1)>',
].join('\n')], models[0])]);

// Parents that are not here, and two spans naming each other.
cases.push(() => {
  const root = span({ name: 'import_catalogue', duration_ns: 900 * ms });
  const lost = span({ name: 'orphaned_step', kind: 'task', parent_id: '999', offset: 200 * ms });
  const a = span({ name: 'circle_a', kind: 'task', offset: 300 * ms });
  const b = span({ name: 'circle_b', kind: 'task', offset: 320 * ms, parent_id: a.span_id });
  a.parent_id = b.span_id;
  const spans = [root, lost, a, b];
  spans.notes = ['missing_parent', 'cycle_in_parents'];
  return spans;
});

// 60 levels deep.
cases.push(() => {
  const spans = [span({ name: 'level_0', duration_ns: 3000 * ms })];
  for (let i = 1; i < 60; i += 1) {
    spans.push(span({
      name: `level_${i}`, kind: i % 2 ? 'task' : 'workflow', parent_id: spans.at(-1).span_id,
      offset: i * 20 * ms, duration_ns: (3000 - i * 40) * ms,
    }));
  }
  spans.push(llm({ parent_id: spans.at(-1).span_id, offset: 1300 * ms, duration_ns: 500 * ms }));
  return spans;
});

// 5 000 spans.
cases.push(() => {
  const root = span({ name: 'nightly_batch', duration_ns: 60000 * ms, input: { value: '4,999 reviews' } });
  const spans = [root];
  for (let i = 0; i < 1666; i += 1) {
    const step = span({
      name: `review_${i}`, kind: 'task', parent_id: root.span_id, offset: i * 36 * ms, duration_ns: 90 * ms,
    });
    const failed = i % 211 === 17;
    spans.push(step,
      llm({ parent_id: step.span_id, offset: (i * 36 + 4) * ms, duration_ns: 70 * ms,
        ...(failed ? { status: 'error', error: rateLimited } : {}) }),
      span({ name: 'save', kind: 'tool', parent_id: step.span_id, offset: (i * 36 + 76) * ms, duration_ns: 9 * ms }));
  }
  return spans;
});

const picture = 'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAaElEQVR42u3PQQ0AAAjEsFOHf0OYQAaPJk3WXDXtvRYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD7vAGzHAwGqVxVvAAAAAElFTkSuQmCC';

function evaluationsOf(target, id, startMs) {
  const one = (label, over) => ({
    id: hex(12), trace_id: id, span_id: target.span_id, session_id: null, join: null,
    event_kind: 'evaluation', scope: 'span', label, metric_type: 'score', value: 0.92,
    assessment: null, reasoning: null, status: 'ok', ml_app: 'shop-assistant', tags: {},
    metadata: null, timestamp_ms: startMs + 9000, ...over,
  });
  return [
    one('faithfulness', { assessment: 'pass', reasoning: 'The date and the refusal both follow from the tool results.' }),
    one('tone', { metric_type: 'categorical', value: 'friendly' }),
    one('solved', { metric_type: 'boolean', value: false, assessment: 'fail', reasoning: 'The customer still cannot change the address, and no alternative was offered.' }),
    one('thumbs', { event_kind: 'feedback', metric_type: 'categorical', value: 'down' }),
  ];
}

function traceOf(spans, startMs) {
  const id = hex(32);
  const apm = hex(32);
  const talk = Math.floor(random() * 30);
  const origin = BigInt(startMs) * 1000000n;
  const first = spans[0];
  for (const one of spans) {
    one.session_id = talk > 22 ? null : `conversation-${1000 + talk}`;
    one.user_id = `user-${talk % 9}`;
    one.trace_id = one.halves === 'apm' ? null : id;
    one.apm_trace_id = apm;
    one.start_ns = String(origin + BigInt(one.offset));
    one.received_ns = String(origin + BigInt(one.offset + one.duration_ns) + 1200000000n);
    delete one.offset;
  }
  const calls = spans.filter((one) => one.kind === 'llm');
  const sum = (name) => calls.some((one) => one.metrics[name] !== undefined)
    ? calls.reduce((total, one) => total + (one.metrics[name] ?? 0), 0) : null;
  const judged = spans.find((one) => one.evaluations);
  if (judged) delete judged.evaluations;
  const total = sum('total_tokens');
  return {
    id, apm_trace_id: apm, llm_trace_ids: [id], start_ns: String(origin),
    duration_ns: first.duration_ns, status: first.status, services: ['shop-api'],
    total_spans: spans.length, shown_spans: spans.length,
    totals: {
      llm_calls: calls.length, errors: spans.filter((one) => one.status === 'error').length,
      input_tokens: sum('input_tokens'), output_tokens: sum('output_tokens'),
      total_tokens: total, cost_usd: total === null ? null : total * 0.0000061,
      cost: costSum(total === null ? null : total * 0.0000061),
    },
    spans: [...spans], evaluations: judged ? evaluationsOf(judged, id, startMs) : [],
    notes: spans.notes ?? [],
    windows: null,
  };
}

export function makeTraces(nowMs, count = 420, fresh = false) {
  const traces = [];
  for (let i = 0; i < count; i += 1) {
    const recent = i < 160;
    const age = fresh ? 0 : recent ? random() * 3.4e6 : 3.6e6 + random() ** 2 * 5e8;
    const failed = random() < 0.05;
    const make = !fresh && i < cases.length ? cases[i]
      : () => [llm({
        duration_ns: Math.floor((300 + random() ** 3 * 5000) * ms),
        ...(failed ? { status: 'error', error: rateLimited } : {}),
        ...(random() < 0.2 ? { service: 'search-api', ml_app: 'semantic-search', env: 'dev' } : {}),
      })];
    const startMs = Math.floor(!fresh && i < cases.length ? nowMs - 20000 - i * 9000 : nowMs - age);
    traces.push(traceOf(make(), startMs));
  }
  return traces;
}

const lastText = (io) => {
  if (!io) return null;
  if (io.messages) {
    const said = io.messages.filter((m) => typeof m.content === 'string' && m.content);
    return said.at(-1)?.content?.slice(0, 300) ?? (io.messages.at(-1)?.tool_calls ? `[tool call] ${io.messages.at(-1).tool_calls.map((c) => c.name).join(', ')}` : '');
  }
  if (io.value !== undefined) return String(io.value).slice(0, 300);
  return io.documents?.[0]?.text?.slice(0, 300) ?? null;
};

export function toRow(trace, one = trace.spans[0]) {
  const m = one.metrics;
  const total = m.total_tokens ?? null;
  return {
    trace_id: trace.id, apm_trace_id: trace.apm_trace_id, span_id: one.span_id,
    parent_id: one.parent_id, name: one.name, kind: one.kind, service: one.service, env: one.env,
    ml_app: one.ml_app, model: one.model, provider: one.provider, deployment: one.deployment,
    status: one.status, error_type: one.error?.type ?? null,
    error_message: one.error?.message ?? null, start_ns: one.start_ns,
    duration_ns: one.duration_ns, session_id: one.session_id, user_id: one.user_id,
    input: lastText(one.input), output: lastText(one.output),
    tokens: { input: m.input_tokens ?? null, output: m.output_tokens ?? null, total },
    cost_usd: total === null ? null : total * 0.0000061,
    cost: { ...noCost, usd: total === null ? null : total * 0.0000061, kind: total === null ? 'none' : 'catalogue' },
    source: one.source, flags: one.flags,
  };
}

export function rowsOf(traces, view) {
  if (view === 'traces') {
    return traces.map((trace) => ({
      ...toRow(trace),
      cost_usd: trace.totals.cost_usd,
      trace: {
        spans: trace.total_spans, errors: trace.totals.errors,
        llm_calls: trace.totals.llm_calls, tokens_total: trace.totals.total_tokens,
        cost: trace.totals.cost,
      },
    }));
  }
  const wanted = (one) => (view === 'apm' ? one.halves !== 'llm' : one.halves !== 'apm');
  return traces.flatMap((trace) => trace.spans.filter(wanted).map((one) => toRow(trace, one)));
}
