// A development tool: pictures of every page in both languages, both themes and three widths, and
// an accessibility check (axe) of each. Fails on any violation or any error in the console.
//   npm run build && npm run dev &   then   npm run shots [-- name]
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const only = process.argv[2];
const base = process.env.PAGE_URL ?? 'http://127.0.0.1:5199';
const out = join(import.meta.dirname, '..', 'shots');
mkdirSync(out, { recursive: true });
const axe = readFileSync(
  join(import.meta.dirname, '..', 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

const to = Date.now() + 5000;
const list = await (await fetch(`${base}/api/v1/traces?from=${to - 8e8}&to=${to}&limit=500&view=traces`)).json();
const idOf = (test) => list.rows.find(test)?.trace_id;
const failed = idOf((r) => r.name === 'support_answer');
const agent = idOf((r) => r.name === 'order_agent');
const pictures = idOf((r) => (r.input ?? '').startsWith('What is in these'));
const large = idOf((r) => r.name === 'nightly_batch');
const broken = idOf((r) => r.name === 'import_catalogue');
const deep = idOf((r) => r.name === 'level_0');
const long = idOf((r) => (r.input ?? '').startsWith('Write everything'));
const filtered = idOf((r) => (r.input ?? '').startsWith('(a prompt'));
const azure = idOf((r) => (r.input ?? '').startsWith('Compare the three plans'));
const agentTrace = await (await fetch(`${base}/api/v1/traces/${agent}`)).json();
const calls = agentTrace.spans.filter((s) => s.kind === 'llm');
const compared = `span=${calls[1].span_id}&cmp=${agent}:${calls[0].span_id}`;
const session = list.rows.find((r) => r.session_id).session_id;
const sessions = '/sessions?from=now-7d';
const script = idOf((r) => (r.input ?? '').startsWith('Translate to HTML'));

const wide = { width: 1440, height: 900 };
const narrow = { width: 360, height: 740 };
const huge = { width: 3840, height: 1600 };
const shots = [
  ['list-dark-en', '/traces?lang=en', wide, 'dark'],
  ['list-light-es', '/traces?lang=es', wide, 'light'],
  ['list-filter', '/traces?lang=en&status=error&service=-search-api&from=now-24h', wide, 'dark'],
  ['list-week', '/traces?lang=es&from=now-7d&view=spans', wide, 'light'],
  ['list-360-es', '/traces?lang=es', narrow, 'dark'],
  ['list-3840', '/traces?lang=en', huge, 'light'],
  ['drawer-failed-en', `/traces/${failed}?lang=en`, wide, 'dark'],
  ['drawer-failed-es', `/traces/${failed}?lang=es`, wide, 'light'],
  ['agent-dark', `/traces/${agent}?lang=es&full=1`, wide, 'dark'],
  ['agent-light', `/traces/${agent}?lang=en`, wide, 'light'],
  ['agent-360', `/traces/${agent}?lang=es`, narrow, 'light'],
  ['agent-3840', `/traces/${agent}?lang=en`, huge, 'dark'],
  ['pictures', `/traces/${pictures}?lang=en`, wide, 'dark'],
  ['large', `/traces/${large}?lang=en&full=1`, wide, 'dark'],
  ['broken', `/traces/${broken}?lang=es`, wide, 'light'],
  ['deep', `/traces/${deep}?lang=en`, wide, 'dark'],
  ['long', `/traces/${long}?lang=es`, wide, 'light'],
  ['script', `/traces/${script}?lang=en`, wide, 'dark'],
  ['missing', '/traces/ffffffffffffffffffffffffffffffff?lang=es', wide, 'dark'],
  ['waterfall', `/traces/${agent}?lang=es&full=1&show=waterfall`, wide, 'dark'],
  ['messages', `/traces/${agent}?lang=es&full=1&show=messages`, wide, 'light'],
  ['messages-360', `/traces/${agent}?lang=en&show=messages`, narrow, 'dark'],
  ['messages-3840', `/traces/${agent}?lang=en&full=1&show=messages`, huge, 'light'],
  ['graph', `/traces/${agent}?lang=en&full=1&show=graph`, wide, 'dark'],
  ['graph-es', `/traces/${large}?lang=es&full=1&show=graph`, wide, 'light'],
  ['graph-360', `/traces/${agent}?lang=es&show=graph`, narrow, 'light'],
  ['compare', `/traces/${agent}?lang=es&full=1&${compared}`, wide, 'light'],
  ['compare-dark', `/traces/${agent}?lang=en&${compared}`, wide, 'dark'],
  ['filtered', `/traces/${filtered}?lang=es`, wide, 'light'],
  ['azure', `/traces/${azure}?lang=en&full=1`, wide, 'dark'],
  ['azure-360', `/traces/${azure}?lang=es`, narrow, 'light'],
  ['columns', '/traces?lang=en&cols=time,status,session,user,call,deployment,duration,tokens&from=now-24h', wide, 'light'],
  ['columns-360', '/traces?lang=es&cols=time,status,name,session,call,duration', narrow, 'dark'],
  ['palette', '/traces?lang=en', wide, 'dark', 'Control+k'],
  ['palette-360', '/traces?lang=es', narrow, 'light', 'Control+k'],
  ['keys', '/traces?lang=es', wide, 'light', '?'],
  ['menu-columns', '/traces?lang=es', wide, 'dark', '[data-testid=columns]'],
  ['menu-saved', '/traces?lang=en', wide, 'light', '[data-testid=saved-views]'],
  ['menu-export', '/traces?lang=es', narrow, 'light', '[data-testid=export]'],
  ['sessions', `${sessions}&lang=en`, wide, 'dark'],
  ['sessions-es', `${sessions}&lang=es`, wide, 'light'],
  ['sessions-360', `${sessions}&lang=es`, narrow, 'dark'],
  ['sessions-3840', `${sessions}&lang=en`, huge, 'light'],
  ['sessions-none', '/sessions?lang=es&from=1500000000000&to=1500000360000', wide, 'dark'],
  ['session', `/sessions/${session}?lang=es`, wide, 'light'],
  ['session-360', `/sessions/${session}?lang=en`, narrow, 'dark'],
  ['loss-en', '/loss?lang=en', wide, 'dark'],
  ['loss-es', '/loss?lang=es', wide, 'light'],
  ['loss-360', '/loss?lang=es', narrow, 'dark'],
  ['connect-en', '/connect?lang=en', wide, 'light'],
  ['connect-es', '/connect?lang=es', narrow, 'dark'],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
let faults = 0;
for (const [name, path, viewport, colorScheme, act] of shots) {
  if (only && !only.split(',').some((word) => name.includes(word))) continue;
  const context = await browser.newContext({ viewport, colorScheme, bypassCSP: false });
  const page = await context.newPage();
  page.on('pageerror', (error) => { faults += 1; console.log(name, 'page error:', error.message); });
  page.on('dialog', async (dialog) => { faults += 1; console.log(name, 'DIALOG'); await dialog.dismiss(); });
  page.on('console', (message) => {
    // The 404 of a missing trace is part of that picture.
    if (message.type() !== 'error' || name === 'missing') return;
    faults += 1;
    console.log(name, 'console:', message.text());
  });
  page.on('request', (request) => {
    if (request.url().startsWith(base) || /^(data|blob):/.test(request.url())) return;
    faults += 1;
    console.log(name, 'outside request:', request.url());
  });
  await page.goto(base + path);
  await page.waitForSelector('[data-testid=trace-row], [data-testid=span-row], .page, [role=alert], [data-testid=thread], [data-testid=graph-box], [data-testid=compare], [data-testid=session-row], [data-testid=sessions-empty]');
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
  if (act?.startsWith('[')) await page.click(act);
  else if (act) await page.keyboard.press(act);
  await page.waitForTimeout(350);
  await page.screenshot({ path: join(out, `${name}.png`) });
  // Not as a script tag: the policy of the page forbids those, as it should.
  await page.evaluate(axe);
  const results = await page.evaluate(() => window.axe.run());
  for (const violation of results.violations) {
    faults += 1;
    console.log(name, violation.id, violation.impact, violation.nodes.length,
      violation.nodes[0].html.slice(0, 140), violation.nodes[0].any[0]?.message ?? '');
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  if (overflow) { faults += 1; console.log(name, 'scrolls sideways'); }
  await context.close();
}
await browser.close();
console.log(faults === 0 ? 'no faults' : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
