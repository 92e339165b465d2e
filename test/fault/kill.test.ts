import { expect, test } from 'vitest';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
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
