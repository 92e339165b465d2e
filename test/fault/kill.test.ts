import { expect, test } from 'vitest';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };
const MODELS = ['SIP-T46S', 'SIP-T54W', 'SIP-T42S', 'SIP-T48S', 'SIP-T53W', 'SIP-T57W'];
const ROUNDS = 5;
const POSTERS = 16;

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

test('after kill -9 at random moments, what was acknowledged is counted and nothing else is', async () => {
  const directory = temporaryDirectory();
  const tally: Tally = { sent: MODELS.map(() => 0), acknowledged: MODELS.map(() => 0) };
  for (let round = 0; round < ROUNDS; round++) {
    const running = await startRollcall(directory, SETTINGS);
    const posters = Array.from({ length: POSTERS }, () => postUntilGone(running.url, tally));
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1_500));
    await running.end('SIGKILL');
    await Promise.all(posters);
  }
  const { url } = await startRollcall(directory, SETTINGS);
  const acknowledged = tally.acknowledged.reduce((sum, n) => sum + n, 0);
  expect(acknowledged).toBeGreaterThan(100);
  const counts = await eventually(
    () => get<Counts>(url, '/v1/counts?sort=name'),
    (seen) => (seen.total.sites ?? 0) >= acknowledged,
  );
  // Blocks that were durable but not yet acknowledged may still be on their way from the log.
  await eventually(
    async () => (await fetch(`${url}/metrics`)).text(),
    (text) => !/rollcall_log_pending_blocks\{[^}]*\} [1-9]/.test(text),
  );
  expect(counts.rows).toHaveLength(MODELS.length);
  const final = await eventually(
    () => get<Counts>(url, '/v1/counts?sort=name'),
    (seen) => seen.snapshotAt !== null,
  );
  for (const row of final.rows) {
    const which = MODELS.indexOf(row.model as string);
    expect(row.sites).toBeGreaterThanOrEqual(tally.acknowledged[which] as number);
    expect(row.sites).toBeLessThanOrEqual(tally.sent[which] as number);
    expect(row.devices).toBe(row.sites * 3);
  }
}, 120_000);
