import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-embedded.ts';
import type { SqlClient } from '../services/adapters/clickhouse/client/sql-client.ts';
import { type Store, storeOver } from '../services/adapters/clickhouse/store.ts';
import { openMemoryRequestCounters } from '../services/adapters/memory/memory-request-counters.ts';
import { api } from '../services/compose/api.ts';
import { sharedIn } from '../services/compose/environment.ts';
import { buildApp } from '../services/compose/http.ts';
import { addMonths, periodAt, periodNumber } from '../services/core/period.ts';
import { systemClock } from '../services/shared/clock.ts';
import { loadConfig } from '../services/shared/config.ts';
import { silentLog } from '../services/shared/log.ts';
import { median, percentile, print } from './compare.ts';

// How long somebody waits for the console: until a page is painted, before its numbers are there, and until a filter's
// numbers are. Over twelve final months of three thousand shown models. `node dist/bench/console-speed.js`

const MONTHS = 12;
const MODELS = 3_000;
const MAKERS = 60;
/** Each model is at so many sites, some more at others: all are shown. */
const SITES = [10, 29] as const;
const ROUNDS = 15;
const KEY = 'rc_admin_seed_of_the_console_bench_1';

/** Facts of sites that have one model each: a site's key is that of its row. */
const FACTS = `
INSERT INTO {table:Identifier}
SELECT {period:UInt32}, v.1, v.2, v.3, v.4, v.5, v.6, v.7, 1
FROM (
  SELECT arrayJoin([
    ('site', '', '', '', '', k, 1), ('platform', p, '', '', '', k, 1), ('category', '', 'phone', '', '', k, 1),
    ('vendor', '', 'phone', maker, '', k, 1), ('platform_vendor', p, '', maker, '', k, 1),
    ('model', '', 'phone', maker, concat('Model ', toString(m)), k, 1 + n % 9)
  ]) AS v
  FROM (
    SELECT number AS n, bitShiftRight(intHash64(bitShiftLeft({period:UInt64}, 40) + number), 11) AS k,
           number % {models:UInt32} AS m, concat('Maker ', toString(m % {makers:UInt32})) AS maker,
           concat('Platform ', toString(number % 12)) AS p
    FROM numbers({facts:UInt64})
    WHERE intDiv(number, {models:UInt32}) < {least:UInt32} + m % {spread:UInt32}
  )
)`;

async function fill(sql: SqlClient, { counts }: Store): Promise<void> {
  for (let i = 0; i < MONTHS; i++) {
    const period = addMonths(periodAt(systemClock.now()), i - MONTHS);
    await createMonthTable(sql, 'facts', period);
    const [least, most] = SITES;
    await sql.run(FACTS, {
      ...{ period: periodNumber(period), table: monthTable('facts', period), models: MODELS, makers: MAKERS },
      ...{ facts: MODELS * most, least: least + (i % 3), spread: most - least },
    });
    const order = { period, threshold: 10, catalogue: 'bench', takenAt: systemClock.now() };
    await counts.showFinal(order, await counts.freeze(order));
  }
}

async function serve(store: Store, directory: string) {
  const config = loadConfig({ ROLLCALL_DATA_DIR: directory, ROLLCALL_ADMIN_KEY: KEY });
  const shared = sharedIn({ config: { ...config, readsPerMinute: 0 }, clock: systemClock, journal: silentLog });
  const none = { deadLetters: async () => [], replay: async () => 0, drop: async () => 0 };
  const requests = openMemoryRequestCounters();
  const rest = { requests, jobs: { enqueue: async () => {} }, onAdded: async () => {}, deadLetters: async () => none };
  const app = buildApp(silentLog);
  api({ ...shared, ...store, ...rest }).serve?.(app);
  return { app, url: await app.listen({ port: 0, host: '127.0.0.1' }) };
}

async function signedIn(url: string): Promise<{ name: string; value: string; url: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/session`, { method: 'POST', headers, body: JSON.stringify({ key: KEY }) });
  const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
  return { name, value, url };
}

/** First contentful paint of a page that is loaded anew, in ms. */
async function firstPaint(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
  return (await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")) as number;
}

/**
 * From a change of a filter, in ms: until the frame with its numbers in the chart and in all rows in view is painted, and
 * until the frame after the one in which the rows below have them too.
 */
const FILTER = `(async (act) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const painted = () => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(0);
  });
  const none = (selector) => !document.querySelector('main ' + selector);
  const before = location.href;
  const began = performance.now();
  act();
  do await frame(); while (location.href === before || !none('[aria-busy=true]:not(tbody)') || !none('.old'));
  await painted();
  const seen = performance.now() - began;
  while (!none('[aria-busy=true]')) await frame();
  await frame();
  return [seen, performance.now() - began];
})`;

const choose = (name: string, index: number) =>
  `() => { const select = [...document.querySelectorAll('label.sel')].find((one) => one.textContent.startsWith('${name}')).querySelector('select'); select.selectedIndex = ${index}; select.dispatchEvent(new Event('change', { bubbles: true })); }`;
const press = (name: string) =>
  `() => [...document.querySelectorAll('main thead button')].find((one) => one.textContent.startsWith('${name}')).click()`;

/** A different one each round, so that none is answered from what the browser still has. */
const FILTERS: Readonly<Record<string, (round: number) => string>> = {
  'a maker': (round) => choose('Maker', 1 + (round % MAKERS)),
  'sorted by name or by sites': (round) => press(round % 2 === 0 ? 'Model' : 'Sites'),
  'an earlier month': () => `() => document.querySelector('[aria-label="Earlier month"]').click()`,
};

const load = () => loadavg()[0]?.toFixed(1);

function report(what: string, values: readonly number[], goal: number): void {
  const [p50, p95] = [median(values), percentile(values, 0.95)].map((ms) => ms.toFixed(0));
  print(`${what}: ${p50} ms (median), ${p95} ms (95 of 100), of ${values.length}; wanted ${goal} ms; load ${load()}`);
}

const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
const clients = await openEmbeddedClients(join(directory, 'store'));
const store = storeOver(clients);
await store.server.migrate();
await fill(clients.write, store);
const { app, url } = await serve(store, directory);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addCookies([await signedIn(url)]);
  const page = await context.newPage();
  const { rowsInAll } = await ask(page, '/v1/counts?view=model&category=phone&trend=1&limit=1');
  print(`${MONTHS} months of ${rowsInAll} models; load ${load()} on this machine`);
  await firstPaint(page, url);
  const paints: number[] = [];
  for (let round = 0; round < ROUNDS; round++) paints.push(await firstPaint(page, `${url}/`));
  report('first paint of the overview', paints, 300);
  for (const [name, act] of Object.entries(FILTERS)) {
    const times: [seen: number, whole: number][] = [];
    for (let round = 0; round < Math.min(ROUNDS, name === 'an earlier month' ? MONTHS - 2 : ROUNDS); round++) {
      if (round === 0) await fresh(page, url);
      times.push((await page.evaluate(`${FILTER}(${act(round)})`)) as [number, number]);
    }
    report(
      `a filter, ${name}`,
      times.map(([seen]) => seen),
      150,
    );
    print(`  with the rows below what is in view: ${median(times.map(([, whole]) => whole)).toFixed(0)} ms (median)`);
  }
  for (const path of [
    '/v1/overview',
    '/v1/counts?view=model&category=phone&trend=13&limit=100',
    '/v1/series?view=model&category=phone&top=5',
  ]) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await timed(page, path));
    report(`GET ${path}`, times, 150);
  }
} finally {
  await browser.close();
  await app.close();
  await store.server.close();
  rmSync(directory, { recursive: true, force: true });
}

async function fresh(page: Page, to: string): Promise<void> {
  await page.goto(`${to}/explore`, { waitUntil: 'load' });
  await page.locator('main tbody tr').first().waitFor();
  await page.waitForLoadState('networkidle');
}

async function ask(page: Page, path: string): Promise<{ rowsInAll: number }> {
  await page.goto(url, { waitUntil: 'load' });
  return (await page.evaluate(`fetch(${JSON.stringify(path)}).then((answer) => answer.json())`)) as {
    rowsInAll: number;
  };
}

async function timed(page: Page, path: string): Promise<number> {
  const script = `(async () => { const began = performance.now(); await (await fetch(${JSON.stringify(path)}, { cache: 'no-store' })).arrayBuffer(); return performance.now() - began; })()`;
  return (await page.evaluate(script)) as number;
}
