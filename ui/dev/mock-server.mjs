// A development tool, not shipped: serves dist/ under the policy of the real server and answers
// the read API with made-up traces, the difficult ones included.
//   npm run build && npm run dev [-- --port 5199] [--empty] [--keys]
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { makeTraces, rowsOf, toRow } from './mock-data.mjs';

const args = process.argv.slice(2);
const option = (name) => args.includes(name) && args[args.indexOf(name) + 1];
const port = Number(option('--port') || 5199);  // 0 = any that is free
const dist = join(import.meta.dirname, '..', 'dist');
const wantsKey = args.includes('--keys');
const traces = args.includes('--empty') ? [] : makeTraces(Date.now());
const policy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; style-src 'self' 'unsafe-inline'";
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const streams = new Set();
const startedNs = String(BigInt(Date.now() - 5.4e6) * 1000000n);

const fields = {
  service: (r) => r.service, ml_app: (r) => r.ml_app, env: (r) => r.env, kind: (r) => r.kind,
  model: (r) => r.model, deployment: (r) => r.deployment, status: (r) => r.status,
  error_type: (r) => r.error_type, provider: (r) => r.provider, name: (r) => r.name,
  session: (r) => r.session_id, user: (r) => r.user_id, source: (r) => r.source,
};

function selectRows(query) {
  const from = BigInt(query.get('from')) * 1000000n;
  const to = BigInt(query.get('to')) * 1000000n;
  const words = (query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rowsOf(traces, query.get('view') ?? 'traces').filter((row) => {
    const start = BigInt(row.start_ns);
    if (start < from || start > to) return false;
    for (const [field, get] of Object.entries(fields)) {
      const all = query.getAll(field);
      const value = get(row) ?? '';
      const wanted = all.filter((v) => !v.startsWith('-'));
      if (wanted.length > 0 && !wanted.includes(value)) return false;
      if (all.includes(`-${value}`)) return false;
    }
    const text = `${row.input ?? ''}\n${row.output ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }).sort((a, b) => (BigInt(a.start_ns) < BigInt(b.start_ns) === (query.get('sort') !== 'start') ? 1 : -1));
}

function rowPage(query) {
  const rows = selectRows(query);
  const at = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return {
    rows: rows.slice(at, at + limit),
    next: at + limit < rows.length ? String(at + limit) : null,
    from_ns: `${query.get('from')}000000`, to_ns: `${query.get('to')}000000`,
  };
}

function facets(query) {
  const rows = selectRows(query);
  const names = (query.get('fields') ?? Object.keys(fields).join()).split(',');
  const found = {};
  for (const name of names) {
    const counts = new Map();
    for (const row of rows) {
      const value = fields[name]?.(row) ?? '';
      if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    found[name] = [...counts].map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count).slice(0, 10);
  }
  return { facets: found, total: rows.length };
}

function series(query) {
  const span = (Number(query.get('to')) - Number(query.get('from'))) / 1000;
  const interval = Number(query.get('interval') ?? Math.max(1, Math.ceil(span / 60)));
  const buckets = new Map();
  for (const row of selectRows(query)) {
    const ms = Number(BigInt(row.start_ns) / 1000000n);
    const t = Math.floor(ms / interval / 1000) * interval * 1000;
    const list = buckets.get(t) ?? [];
    list.push(row);
    buckets.set(t, list);
  }
  const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))];
  return {
    interval_ms: interval * 1000,
    buckets: [...buckets].sort(([a], [b]) => a - b).map(([t, rows]) => {
      const lengths = rows.map((r) => r.duration_ns).sort((a, b) => a - b);
      return {
        t, group: '', count: rows.length, errors: rows.filter((r) => r.status === 'error').length,
        p50_ns: at(lengths, 0.5), p95_ns: at(lengths, 0.95), p99_ns: at(lengths, 0.99),
        tokens: null, cost_usd: null,
      };
    }),
  };
}

function sessions(query) {
  const plain = new URLSearchParams(query);
  plain.set('view', 'traces');
  const byId = new Map();
  for (const row of selectRows(plain)) {
    if (row.session_id) byId.set(row.session_id, [...(byId.get(row.session_id) ?? []), row]);
  }
  const add = (rows, get) => rows.reduce((sum, row) => sum + (get(row) ?? 0), 0);
  const rows = [...byId].map(([id, found]) => {
    const last = found[0];
    const first = found.at(-1);
    return {
      session_id: id, user_id: first.user_id, ml_app: first.ml_app, start_ns: first.start_ns,
      last_ns: last.start_ns, busy_ns: add(found, (r) => r.duration_ns), traces: found.length,
      failed_traces: found.filter((r) => r.status === 'error').length,
      spans: add(found, (r) => r.trace.spans), errors: add(found, (r) => r.trace.errors),
      llm_calls: add(found, (r) => r.trace.llm_calls),
      tokens: { input: null, output: null, total: add(found, (r) => r.trace.tokens_total) || null },
      cost_usd: add(found, (r) => r.cost_usd) || null,
      // One thumb down where something failed, one up where nothing did.
      feedback: found.some((r) => r.status === 'error')
        ? { count: 1, good: 0, bad: 1 } : { count: 1, good: 1, bad: 0 },
      input: first.input ?? '',
      output: last.output ?? '',
    };
  });
  return { rows, next: null, from_ns: '0', to_ns: '0' };
}

function ledger() {
  const account = (stored, rejected) => ({
    received: stored + 4 + 37 + 12 + Object.values(rejected).reduce((a, b) => a + b, 0),
    stored, cut: 4, duplicate: 37, sampled_out: 12, rejected, in_flight: 0, accounted: 0,
  });
  return {
    since_ns: startedNs, spans: account(128443, { too_old: 2, bad_id: 1 }),
    evaluations: { ...account(310, {}), received: 310, cut: 0, duplicate: 0, sampled_out: 0 },
    metric_points: account(91_204, { no_value: 5 }), events: account(42, { no_title: 1 }),
    requests_rejected: { body_too_large: 3, bad_json: 11 },
    store: {
      ready: true, problem: '', database: 'embedded libchdb 26.7.3', log_bytes: 3_412_992,
      rows_waiting: 214, rows_inserted: 128233, child_restarts: 0,
    },
  };
}

function answer(url) {
  const path = url.pathname.replace('/api/v1/', '');
  if (path === 'traces' || path === 'spans') return rowPage(url.searchParams);
  if (path === 'sessions') return sessions(url.searchParams);
  if (path === 'facets') return facets(url.searchParams);
  if (path === 'series') return series(url.searchParams);
  if (path === 'ledger') return ledger();
  if (path === 'info') {
    return {
      version: '0.1.0', started_ns: startedNs, keys_exist: wantsKey, data_dir: '/tmp',
      listeners: [{ name: 'apm', address: '127.0.0.1:8126' }], counters: [],
    };
  }
  const id = path.startsWith('traces/') && decodeURIComponent(path.slice(7));
  return traces.find((trace) => trace.id === id || trace.apm_trace_id === id);
}

function live(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('event: hello\ndata: {}\n\n');
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

// POST /dev/insert?n=3 : so many new traces arrive now.
function insert(n) {
  const fresh = makeTraces(Date.now(), n, true);
  traces.push(...fresh);
  for (const stream of streams) {
    stream.write(`event: inserted\ndata: ${JSON.stringify({
      spans: fresh.reduce((sum, trace) => sum + trace.spans.length, 0), traces: n,
      start_max_ns: toRow(fresh[0]).start_ns,
    })}\n\n`);
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === '/dev/insert') {
    insert(Number(url.searchParams.get('n') ?? 1));
    return json(200, {});
  }
  if (url.pathname.startsWith('/api/')) {
    if (wantsKey && request.headers['dd-api-key'] !== 'secret' &&
        url.searchParams.get('api_key') !== 'secret') {
      return json(401, { errors: [{ code: 'unauthorized', number: 201, detail: 'no key' }] });
    }
    if (url.pathname === '/api/v1/live') return live(response);
    const body = answer(url);
    return body ? json(200, body) : json(404, {
      errors: [{ code: 'not_found', number: 104, detail: 'no span of this trace is stored' }],
    });
  }
  const asked = join(dist, normalize(url.pathname));
  const file = extname(asked) && existsSync(asked) ? asked : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': policy, 'x-content-type-options': 'nosniff',
  });
  return createReadStream(file).pipe(response);
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
