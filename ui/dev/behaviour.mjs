// A development tool: drives the page on the mock server the way a person does, by mouse and by
// keyboard alone, and fails on the first thing that does not behave.
//   npm run build && npm run behaviour
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const servers = [];
process.on('exit', () => { for (const server of servers) server.kill(); });
async function serve(...options) {
  const child = spawn(process.execPath,
    [join(import.meta.dirname, 'mock-server.mjs'), '--port', '0', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(child);
  const line = await new Promise((resolve) => child.stdout.once('data', resolve));
  return String(line).trim();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const wide = { width: 1440, height: 900 };
const open = async (url, options = {}) => {
  const context = await browser.newContext({ viewport: wide, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  page.on('pageerror', (error) => pageErrors.push(error));
  await page.goto(url);
  return page;
};
const rows = (page) => page.getByTestId('trace-row');
const query = (page) => new URL(page.url()).searchParams;
const steps = [];
const pageErrors = [];
const step = (name, run) => steps.push([name, run]);

const base = await serve();
const empty = await serve('--empty');
const locked = await serve('--keys');

step('the root shows the list, with its sentence', async () => {
  const page = await open(base);
  await rows(page).first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/traces');
  assert.match(await page.getByTestId('list-sentence').innerText(), /calls in the last hour/);
});

step('keyboard alone: down, open, read on, close, and focus is back in the list', async () => {
  const page = await open(`${base}/traces`);
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByTestId('verdict').waitFor();
  assert.match(await page.getByTestId('verdict').innerText(), /^Failed: 429 rate limit/);
  const first = new URL(page.url()).pathname;
  await page.keyboard.press('j');
  await page.waitForFunction((was) => location.pathname !== was, first);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => location.pathname === '/traces');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'grid');
});

step('in the tree: arrows move, fold, and go to the parent', async () => {
  const page = await open(`${base}/traces`);
  await rows(page).filter({ hasText: 'order_agent' }).click();
  const spans = page.getByTestId('span-row');
  await spans.first().waitFor();
  const before = await spans.count();
  await page.getByRole('tree').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await spans.count(), 1);
  await page.keyboard.press('ArrowRight');
  assert.equal(await spans.count(), before);
  await page.keyboard.press('ArrowDown');
  assert.match(await page.getByTestId('span-pane').innerText(), /^search_policies/);
  assert.ok(query(page).get('span'));
});

step('a tool call stands with its result', async () => {
  const page = await open(`${base}/traces`);
  await rows(page).filter({ hasText: 'order_agent' }).click();
  await page.getByTestId('span-row').filter({ hasText: 'createChat' }).last().click();
  const turn = page.getByTestId('message').filter({ hasText: 'get_order' }).first();
  await turn.waitFor();
  assert.match(await turn.innerText(), /order_id[\s\S]*result[\s\S]*in_transit/);
});

step('facets filter and exclude; chips take it back; Back restores', async () => {
  const page = await open(`${base}/traces`);
  const facet = page.getByTestId('facet-service');
  await facet.getByRole('button', { name: /search-api/ }).first().click();
  await page.waitForFunction(() => location.search.includes('service=search-api'));
  await page.getByRole('button', { name: /Remove filter/ }).click();
  await page.waitForFunction(() => location.search === '');
  await facet.getByRole('button', { name: 'Exclude search-api' }).click();
  await page.waitForFunction(() => location.search.includes('service=-search-api'));
  await page.goBack();
  await page.waitForFunction(() => location.search === '');
});

step('search by /', async () => {
  const page = await open(`${base}/traces`);
  await rows(page).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('haiku');
  await page.waitForFunction(() => location.search === '?query=haiku');
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-testid=trace-row]')].every((r) => /haiku/.test(r.innerText)));
});

step('dragging over the histogram chooses a time range', async () => {
  const page = await open(`${base}/traces`);
  await rows(page).first().waitFor();
  const box = await page.locator('.histogram-plot').boundingBox();
  await page.mouse.move(box.x + 200, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 600, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => /from=\d+&to=\d+/.test(location.search));
});

step('the whole list can be scrolled, a page at a time', async () => {
  const page = await open(`${base}/traces?from=now-30d`);
  await rows(page).first().waitFor();
  await page.getByRole('grid').focus();
  for (let i = 0; i < 12; i += 1) {
    await page.keyboard.press('End');
    await page.waitForTimeout(120);
  }
  await page.getByText('That is all in this time range.').waitFor();
  assert.ok(await rows(page).count() < 80, 'only rows on screen exist');
});

step('news is announced, then shown by . ; live inserts it', async () => {
  const page = await open(`${base}/traces`);
  await rows(page).first().waitFor();
  await page.waitForTimeout(300);
  const top = await rows(page).first().getAttribute('data-trace-id');
  await fetch(`${base}/dev/insert?n=3`);
  await page.getByTestId('live-pill').waitFor();
  assert.equal(await page.getByTestId('live-pill').innerText(), '3 new');
  assert.equal(await rows(page).first().getAttribute('data-trace-id'), top);
  await page.keyboard.press('.');
  await page.getByTestId('live-pill').waitFor({ state: 'detached' });
  assert.notEqual(await rows(page).first().getAttribute('data-trace-id'), top);
  await page.keyboard.press('l');
  await page.waitForFunction(() => location.search.includes('live=1'));
  const now = await rows(page).first().getAttribute('data-trace-id');
  await fetch(`${base}/dev/insert?n=1`);
  await page.waitForFunction((was) =>
    document.querySelector('[data-testid=trace-row]').dataset.traceId !== was, now);
});

step('an empty server teaches how to connect, then shows the first call', async () => {
  const page = await open(`${empty}/traces`);
  await page.getByTestId('connect-guide').waitFor();
  await page.waitForTimeout(300);
  await fetch(`${empty}/dev/insert?n=1`);
  await rows(page).first().waitFor();
});

step('a quiet hour points to the newest call', async () => {
  const page = await open(`${base}/traces?from=1500000000000&to=1500000360000`);
  await page.getByRole('button', { name: 'Show the time around it' }).click();
  await rows(page).first().waitFor();
});

step('a server with keys asks for one, and is read with it', async () => {
  const page = await open(`${locked}/traces`);
  await page.getByTestId('key-input').fill('secret');
  await page.keyboard.press('Enter');
  await rows(page).first().waitFor();
});

step('the language changes at once and stays', async () => {
  const page = await open(`${base}/loss`);
  await page.getByTestId('loss-sentence').waitFor();
  await page.getByTestId('lang-switch').selectOption('es');
  assert.match(await page.getByTestId('loss-sentence').innerText(), /localizados/);
  await page.reload();
  await page.getByText('Libro de pérdidas').first().waitFor();
});

step('text of a model is never run', async () => {
  const page = await open(`${base}/traces?query=red+warning`);
  page.on('dialog', () => { throw new Error('a script of the model ran'); });
  await rows(page).first().click();
  await page.getByTestId('message').last().waitFor();
  assert.match(await page.getByTestId('message').last().innerText(), /<script>alert/);
  assert.equal(await page.locator('main script, main img[src="x"]').count(), 0);
});

step('a trace of 5 000 spans opens and moves quickly', async () => {
  const page = await open(`${base}/traces`);
  const started = Date.now();
  await rows(page).filter({ hasText: 'nightly_batch' }).click();
  await page.getByTestId('span-row').first().waitFor();
  console.log(`   opened in ${Date.now() - started} ms`);
  await page.getByRole('tree').focus();
  await page.keyboard.press('End');
  await page.getByTestId('span-row').filter({ hasText: 'save' }).last().waitFor();
  assert.ok(await page.getByTestId('span-row').count() < 80);
});

const only = process.argv[2];
let failed = 0;
for (const [name, run] of steps) {
  if (only && !name.includes(only)) continue;
  try {
    await run();
    if (pageErrors.length > 0) throw pageErrors[0];
    console.log(`ok  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`NOT ${name}\n    ${String(error.message).split('\n').slice(0, 6).join('\n    ')}`);
  }
  pageErrors.length = 0;
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
