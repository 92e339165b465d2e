import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UnlistedAnswer } from '../../schemas/answers/catalog.ts';
import type { CountedReceipt } from '../../schemas/report.ts';
import { type Counts, eventually, get, newToken, post, reportOf } from '../support/client.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };
const MODELS = ['SIP-T46S', 'SIP-T54W', 'SIP-T42S', 'SIP-T48S', 'SIP-T53W', 'SIP-T57W'];
const ROUNDS = 5;
const POSTERS = 16;
/** Acknowledged in each round before the kill: however slow the machine is, there is something to lose. */
const AT_LEAST = 40;

interface Tally {
  readonly sent: number[];
  readonly acknowledged: number[];
}

/** Posts one new site after another until the server is gone. */
async function postUntilGone(url: string, tally: Tally): Promise<void> {
  for (;;) {
    const which = Math.floor(Math.random() * MODELS.length);
    const model = MODELS[which] as string;
    tally.sent[which]!++;
    try {
      const response = await post(
        url,
        reportOf({ devices: [{ category: 'phone', vendor: 'Yealink', model, count: 3 }] }),
      );
      if (response.status === 202) tally.acknowledged[which]!++;
      await response.arrayBuffer();
    } catch {
      return;
    }
  }
}

const acknowledgedIn = ({ acknowledged }: Tally): number => acknowledged.reduce((sum, n) => sum + n, 0);

test('after kill -9 at random moments, what was acknowledged is counted and nothing else is', async () => {
  const directory = temporaryDirectory();
  const tally: Tally = { sent: MODELS.map(() => 0), acknowledged: MODELS.map(() => 0) };
  for (let round = 0; round < ROUNDS; round++) {
    const running = await startRollcall(directory, SETTINGS);
    const before = acknowledgedIn(tally);
    const posters = Array.from({ length: POSTERS }, () => postUntilGone(running.url, tally));
    await eventually(
      async () => acknowledgedIn(tally) - before,
      (taken) => taken >= AT_LEAST,
    );
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_000));
    await running.end('SIGKILL');
    await Promise.all(posters);
  }
  const { url, metricsUrl } = await startRollcall(directory, SETTINGS);
  // Blocks that were durable but not yet acknowledged may still be on their way from the log.
  await eventually(
    async () => (await fetch(metricsUrl)).text(),
    (text) => !/rollcall_log_pending_blocks\{[^}]*\} [1-9]/.test(text),
  );
  // Each model by itself: while the total is enough, one may lack what another has beyond what was acknowledged.
  const counted = ({ rows }: Counts, which: number) => rows.find(({ model }) => model === MODELS[which])?.sites ?? 0;
  const final = await eventually(
    () => get<Counts>(url, '/v1/counts?sort=name'),
    (seen) => tally.acknowledged.every((sites, which) => counted(seen, which) >= sites),
  );
  expect(final.rows).toHaveLength(MODELS.length);
  for (const row of final.rows) {
    const which = MODELS.indexOf(row.model as string);
    expect(row.sites).toBeLessThanOrEqual(tally.sent[which] as number);
    expect(row.devices).toBe(row.sites * 3);
  }
});

test('the key of the month survives kill -9: ten sites before and ten after are twenty of one name; without it they are not', async () => {
  const [directory, keys] = [temporaryDirectory(), temporaryDirectory()];
  const settings = { ...SETTINGS, ROLLCALL_MONTH_KEY_DIR: keys };
  const tokens = new Map<string, string>();
  const ticketOf = async (url: string, site: string) => {
    const token = tokens.get(site) ?? newToken();
    tokens.set(site, token);
    const devices = [{ category: 'phone', vendor: 'Zibblewort', model: site.slice(0, 7), count: 1 }] as const;
    const response = await post(url, reportOf({ token, devices: [...devices] }));
    expect(response.status).toBe(202);
    return ((await response.json()) as CountedReceipt).ticket;
  };
  const tenOf = async (url: string, name: string, from: number) => {
    for (let site = from; site < from + 10; site++) await ticketOf(url, `${name}-${site}`);
  };
  const opened = async (url: string, wanted: number) => {
    const { rows } = await eventually(
      () => get<UnlistedAnswer>(url, '/v1/catalog/unlisted'),
      ({ rows }) => rows.length >= wanted,
    );
    return rows.map(({ model, sites }) => [model, sites]);
  };

  const first = await startRollcall(directory, settings);
  await tenOf(first.url, 'KPT-100', 0);
  await tenOf(first.url, 'LST-100', 0);
  const ticket = await ticketOf(first.url, 'KPT-100-0');
  await first.end('SIGKILL');
  const [file] = readdirSync(keys);

  const second = await startRollcall(directory, settings);
  expect(await ticketOf(second.url, 'KPT-100-0')).toBe(ticket);
  await tenOf(second.url, 'KPT-100', 10);
  expect(await opened(second.url, 1)).toEqual([['KPT-100', 20]]);
  await second.end('SIGKILL');

  // A reboot: the memory that the key was in is empty.
  rmSync(join(keys, file!));
  const third = await startRollcall(directory, settings);
  expect(await ticketOf(third.url, 'KPT-100-0')).not.toBe(ticket);
  await tenOf(third.url, 'LST-100', 10);
  // Twenty of after the reboot are enough again, and by then the ten and ten have been counted: they stay two names of ten.
  await tenOf(third.url, 'MDE-100', 0);
  await tenOf(third.url, 'MDE-100', 10);
  const rows = await opened(third.url, 2);
  expect(rows.filter(([model]) => model !== 'KPT-100')).toEqual([['MDE-100', 20]]);
  for (const { output } of [first, second, third]) expect(output()).not.toMatch(/KPT-|LST-|MDE-|Zibble/i);
});
