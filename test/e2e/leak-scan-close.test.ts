import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PeriodsAnswer } from '../../schemas/answers/periods.ts';
import type { ReleasesAnswer } from '../../schemas/answers/releases.ts';
import type { ReportLine } from '../../schemas/report.ts';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import type { Whole } from '../../services/compose/start.ts';
import { closableFrom, parsePeriod, periodStart } from '../../services/core/period.ts';
import { eventually, newToken, post, reportOf } from '../support/client.ts';
import { OverheardServer } from '../support/overheard-server.ts';
import { textsInFiles } from '../support/scan-files.ts';
import { CANARY_TEXTS, sprinkle, staffCanaries } from '../support/sprinkle.ts';
import { openWebhookListener } from '../support/webhook-listener.ts';

const PERIOD = parsePeriod('2026-09');
/** Enough for a release of models. */
const HONEST_SITES = 1_150;
const IN_FLIGHT = 32;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** No catalogue has it, and too few sites: it is sealed in the facts, and nowhere after the close. */
const RARE = 'GXP9988';
/** Listed, so it is in the facts as it is. */
const LISTED = 'D785';
/** Of a site like any other. */
const HONEST_TOKEN = newToken();
const FORBIDDEN = [...CANARY_TEXTS, HONEST_TOKEN];

const phone = (vendor: string, model: string, count: number): ReportLine => ({
  category: 'phone',
  vendor,
  model,
  count,
});

/** Sites as there should be, and three with the rare model. */
async function postHonestSites(url: string): Promise<void> {
  const reports = Array.from({ length: HONEST_SITES }, (_, i) =>
    reportOf({
      period: PERIOD,
      token: i === 0 ? HONEST_TOKEN : newToken(),
      devices: [
        phone('Yealink', 'SIP-T46S', 5),
        ...(i % 2 === 0 ? [phone('Snom', LISTED, 2)] : []),
        ...(i < 3 ? [phone('Grandstream', RARE, 1)] : []),
      ],
    }),
  );
  const next = reports.values();
  const postRest = async () => {
    for (const report of next) expect((await post(url, report)).status).toBe(202);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, postRest));
}

/** What a curious member of staff would look at. */
async function readAround(month: OverheardServer, running: Whole): Promise<void> {
  const { url } = running;
  const paths = ['model', 'vendor', 'platform', 'platform_vendor'].map((view) => `/v1/counts?view=${view}`);
  for (const path of [...paths, '/v1/counts?format=csv', '/v1/catalog/unlisted', '/v1/agreements', '/v1/audit'])
    await month.ask(url, 'GET', path);
  for (const path of ['/v1/platforms', '/v1/vendors/Yealink', '/v1/held', '/v1/ledger', '/v1/ledger?format=csv'])
    await month.ask(url, 'GET', path);
  for (const path of ['/v1/periods', '/v1/releases', '/v1/keys', '/openapi.json', '/readyz'])
    await month.ask(url, 'GET', path);
  month.said.metrics.push(await running.metrics());
}

async function agree(month: OverheardServer, url: string, party: string, delivery: object): Promise<void> {
  const agreement = { party, vendors: [party], platforms: [], contact: 'somebody', delivery };
  expect((await month.ask(url, 'POST', '/v1/agreements', agreement)).status).toBe(201);
}

/** Asks for the close, waits for it and downloads every file. */
async function closeAndDownload(month: OverheardServer, url: string): Promise<void> {
  month.clock.moveTo(closableFrom(PERIOD));
  expect((await month.ask(url, 'POST', `/v1/periods/${PERIOD}/close`)).status).toBe(202);
  await eventually(
    () => month.read<PeriodsAnswer>(url, '/v1/periods'),
    ({ periods }) => periods.some(({ period, state }) => period === PERIOD && state === 'released'),
  );
  const { releases } = await month.read<ReleasesAnswer>(url, '/v1/releases');
  expect(releases.map(({ party }) => party)).toEqual(['Snom', 'Yealink']);
  for (const { party, files } of releases)
    for (const { name } of files) {
      const { status, text } = await month.ask(url, 'GET', `/v1/releases/${PERIOD}/${party}/${name}`);
      expect(status).toBe(200);
      month.said.files.push(text);
    }
}

/** Every row of every table as text, by the table's name. */
async function tablesIn(directory: string): Promise<Map<string, string>> {
  const { read, write } = await openEmbeddedClients(join(directory, 'store'));
  const tables = await read.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  );
  const rows = new Map<string, string>();
  for (const { name } of tables) rows.set(name, JSON.stringify(await read.rows(`SELECT * FROM ${name}`)));
  await read.close();
  await write.close();
  return rows;
}

function expectNone(where: string, text: string): void {
  const small = text.toLowerCase();
  expect(
    FORBIDDEN.filter((forbidden) => small.includes(forbidden.toLowerCase())),
    where,
  ).toEqual([]);
}

test('nothing personal leaves a month or outlives it: reported, counted, closed, released, delivered', async () => {
  const month = new OverheardServer(periodStart(PERIOD) + 10 * DAY_MS);
  const party = await openWebhookListener();
  const running = await month.open();
  const { url } = running;
  try {
    month.said.answers.push(...(await sprinkle(url, PERIOD)));
    await postHonestSites(url);
    await running.drain();
    await running.snapshot();
    await agree(month, url, 'Yealink', { kind: 'webhook', url: party.url });
    await agree(month, url, 'Snom', { kind: 'download' });
    for (const [method, path, body] of staffCanaries(PERIOD)) {
      const { status } = await month.ask(url, method, path, body);
      expect([400, 404], `${method} ${path}`).toContain(status);
    }
    await readAround(month, running);
    // Open: the facts are in the store's files, and nothing that is forbidden is anywhere.
    const found = textsInFiles(month.directory, [LISTED, RARE, ...FORBIDDEN]);
    expect(new Set(found.map(({ text }) => text))).toEqual(new Set([LISTED]));
    expect(found.some(({ path }) => path.startsWith(join(month.directory, 'store')))).toBe(true);
    expect(existsSync(join(month.directory, 'log', PERIOD))).toBe(true);

    expect(readdirSync(month.keys)).toContain(`${PERIOD}.key`);
    await closeAndDownload(month, url);
    // Its reports are refused from now on, and that too is told without them.
    month.said.answers.push(...(await sprinkle(url, PERIOD)));
    await readAround(month, running);
    await eventually(
      async () => party.calls,
      (calls) => calls.length > 0,
    );
  } finally {
    await running.close();
    await party.close();
  }

  const tables = await tablesIn(month.directory);
  for (const [where, texts] of Object.entries({ ...month.said, webhook: party.calls, tables: [...tables.values()] })) {
    expect(texts.length, where).toBeGreaterThan(0);
    expectNone(where, texts.join('\n'));
    expect(texts.join('\n'), where).not.toContain(RARE);
  }
  expect(textsInFiles(month.directory, [RARE, ...FORBIDDEN])).toEqual([]);

  // No fact is left, nor the log of the month, nor the key that its names were sealed with.
  expect(readdirSync(month.keys)).not.toContain(`${PERIOD}.key`);
  expect([...tables.keys()].filter((name) => /_[0-9]{6}$/.test(name))).toEqual([]);
  expect(tables.get('noise_keys')).toBe('[]');
  expect(existsSync(join(month.directory, 'log', PERIOD))).toBe(false);

  // The scan bites: what may be stored and sent is found wherever it may be.
  for (const text of [tables.get('cube'), tables.get('release_files'), month.said.files.join(), party.calls.join()])
    expect(text).toContain('SIP-T46S');
  expect(textsInFiles(month.directory, ['SIP-T46S']).map(({ path }) => path)).not.toEqual([]);
  expect(month.said.journal.join()).toContain('close: step done');
  expect(month.said.metrics.at(-1)).toContain(`rollcall_close_steps{period="${PERIOD}"} 7`);
});
