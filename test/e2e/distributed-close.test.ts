import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PeriodsAnswer } from '../../schemas/answers/periods.ts';
import type { ReleasesAnswer } from '../../schemas/answers/releases.ts';
import type { Period } from '../../schemas/period.ts';
import { CLOSE_STEPS } from '../../schemas/release.ts';
import { ApiClient } from '../../services/cli/client.ts';
import { saveRelease } from '../../services/cli/release/save-release.ts';
import { addMonths, periodAt, periodNumber } from '../../services/core/period.ts';
import { CLOSE_DUE_JOB } from '../../services/releases/close/close-jobs.ts';
import { type Counts, eventually, get } from '../support/client.ts';
import { CANARY, type CloseCluster, runCommand, SITES, startCloseCluster } from '../support/close-cluster.ts';
import { clusterAvailable } from '../support/cluster.ts';
import { monthTablesIn } from '../support/month-tables.ts';
import { ADMIN_KEY, temporaryDirectory } from '../support/rollcall-process.ts';
import { piecesOf } from '../support/scan-files.ts';
import { textsOfServers } from '../support/scan-running.ts';

const missing = clusterAvailable();
/** Both are long over by the system's clock, which the processes go by. */
const [EARLIER, LATER] = [-3, -2].map((months) => addMonths(periodAt(Date.now()), months)) as [Period, Period];

let home: CloseCluster;
const api = () => home.cluster.of('api')[0]?.url as string;

const ask = (method: string, path: string, body?: unknown, key = ADMIN_KEY) =>
  fetch(api() + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** The sum of a metric over the processes of a role that still run. */
async function metric(role: string, name: string): Promise<number> {
  const running = home.cluster.of(role).filter((member) => !member.process.exited());
  const texts = await Promise.all(running.map(async (member) => (await fetch(member.process.metricsUrl)).text()));
  const values = texts.map((text) => text.split('\n').find((line) => line.startsWith(`${name} `)));
  return values.reduce((sum, line) => sum + Number(line?.split(' ')[1] ?? 0), 0);
}

const inKafka = (...texts: string[]) => textsOfServers(home.cluster.kafka.dataDirs, texts);
const inStore = (...texts: string[]) => textsOfServers([home.cluster.store.directory], texts);
/** In any file of any server or process. */
const found = async (...texts: string[]) => textsOfServers(await home.directories(), texts);

async function untilGone(...texts: string[]): Promise<void> {
  await eventually(
    () => found(...texts),
    (left) => left.length === 0,
  );
  for (const text of texts) expect(await home.tablesWith(text)).toEqual([]);
}

const rowOf = async (period: Period) =>
  (await get<PeriodsAnswer>(api(), '/v1/periods')).periods.find((one) => one.period === period);

const stepsOf = async (period: Period) =>
  (await home.releases.transitions()).filter((one) => one.period === period).map(({ step }) => step);

async function untilReleased(period: Period): Promise<void> {
  await eventually(
    () => rowOf(period),
    (row) => row?.state === 'released',
  );
}

/** One close, one cost, one release for each party, and counts of every site that reported. */
async function expectOneClose(period: Period): Promise<void> {
  expect(await stepsOf(period)).toEqual([...CLOSE_STEPS]);
  expect((await home.releases.ledger()).filter((entry) => entry.period === period)).toHaveLength(1);
  const made = (await home.releases.releases()).filter((one) => one.period === period);
  expect(made.map(({ party, revision }) => [party, revision])).toEqual([
    ['Snom', 0],
    ['Yealink', 0],
  ]);
  expect(await home.releases.noiseKey(period)).toBeUndefined();
  expect(await monthTablesIn(home.sql)).toEqual([]);
  expect(await home.log.periods()).not.toContain(period);
  expect(await rowOf(period)).toMatchObject({ state: 'released', step: 'RELEASED', sites: SITES });
}

describe.skipIf(missing)(missing ?? 'a close on Kafka, a store and Redis', () => {
  beforeAll(async () => {
    home = await startCloseCluster();
    for (const party of ['Yealink', 'Snom']) {
      const agreement = { party, vendors: [party], platforms: [], contact: 'somebody' };
      const made = await ask('POST', '/v1/agreements', { ...agreement, delivery: { kind: 'download' } });
      expect(made.status).toBe(201);
    }
  });
  afterAll(() => home?.stop());

  test('asked for many times at once and worked on by two workers is one close, and leaves no fact on any disk', async () => {
    await Promise.all([home.cluster.join('jobs'), home.cluster.join('jobs')]);
    await home.bring(EARLIER);
    expect(await found(CANARY)).toEqual([CANARY]);
    expect(inKafka(CANARY)).toEqual([CANARY]);
    expect(inStore(CANARY)).toEqual([CANARY]);
    expect(await home.tablesWith(CANARY)).toContain(`facts_${periodNumber(EARLIER)}`);

    const asked = [1, 2, 3, 4, 5].map(() => ask('POST', `/v1/periods/${EARLIER}/close`));
    // The scheduled run, which is another job than the one that was asked for.
    const due = home.queue.enqueue(CLOSE_DUE_JOB, 'now', {});
    const command = runCommand('close', '--period', EARLIER, '--url', api());
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(202);
    expect(await command).toMatchObject({ code: 0, output: expect.stringContaining('closed and released') });
    await due;
    await untilReleased(EARLIER);
    await expectOneClose(EARLIER);
    await untilGone(CANARY);
    const steps = await metric('jobs', `rollcall_close_steps{period="${EARLIER}"}`);
    expect(steps).toBe(CLOSE_STEPS.length * home.cluster.of('jobs').length);
  });

  test("a party's key downloads its own release and no other, and the files verify", async () => {
    const made = await ask('POST', '/v1/keys', { owner: 'Yealink', scopes: ['manufacturer:Yealink'] });
    const { key } = (await made.json()) as { key: string };
    const listed = await ask('GET', '/v1/releases', undefined, key);
    const { releases } = (await listed.json()) as ReleasesAnswer;
    expect(releases.map(({ period, party }) => [period, party])).toEqual([[EARLIER, 'Yealink']]);
    const directory = temporaryDirectory();
    const read = (path: string) => ask('GET', path, undefined, key);
    expect(await saveRelease(releases[0]!, directory, new ApiClient(api(), key))).toBe(0);
    expect(await runCommand('verify', directory)).toMatchObject({
      code: 0,
      output: expect.stringContaining('whole and signed'),
    });
    expect((await read(`/v1/releases/${EARLIER}/Snom/release.json`)).status).toBe(403);
  });

  test('a block of a closed month that comes late is not counted and is destroyed again', async () => {
    const counts = () => get<Counts>(api(), `/v1/counts?period=${EARLIER}`);
    const before = await counts();
    // Of two workers one may have failed and try again: it would destroy the block before anybody has read it.
    await home.idle();
    await home.late(EARLIER);
    expect(await found(CANARY)).toEqual([CANARY]);
    await eventually(
      () => metric('aggregate', 'rollcall_blocks_skipped_total'),
      (blocks) => blocks >= 1,
    );
    await home.queue.enqueue(CLOSE_DUE_JOB, 'again', {});
    await eventually(
      () => metric('jobs', 'rollcall_destroyed_again_total'),
      (times) => times >= 1,
    );
    await untilGone(CANARY);
    await expectOneClose(EARLIER);
    expect(await counts()).toEqual(before);
  });

  test('a close whose workers are killed in the middle, one after another, is finished by others as one close', async () => {
    await Promise.all(home.cluster.of('jobs').map((worker) => worker.process.end('SIGTERM')));
    const doomed = await home.cluster.join('jobs', { ROLLCALL_FAIL_AT: 'NOISED:recorded' });
    await home.bring(LATER);
    expect((await ask('POST', `/v1/periods/${LATER}/close`)).status).toBe(202);
    await doomed.process.ended;
    expect((await stepsOf(LATER)).at(-1)).toBe('NOISED');
    const noise = (await home.releases.noiseKey(LATER))?.key as string;
    expect(await found(CANARY)).toEqual([CANARY]);
    expect(await found(...piecesOf(noise))).not.toEqual([]);
    expect(await home.tablesWith(noise)).toEqual(['noise_keys']);

    // The first job belongs to the dead until it is missed; the scheduled run is another one.
    const next = await home.cluster.join('jobs', { ROLLCALL_FAIL_AT: 'DESTROYED:log' });
    await home.queue.enqueue(CLOSE_DUE_JOB, 'meanwhile', {});
    await next.process.ended;
    expect((await stepsOf(LATER)).at(-1)).toBe('VERIFIED');
    await eventually(
      async () => inKafka(CANARY),
      (left) => left.length === 0,
    );
    expect(inStore(CANARY)).toEqual([CANARY]);
    expect(inStore(...piecesOf(noise))).not.toEqual([]);

    await Promise.all([home.cluster.join('jobs'), home.cluster.join('jobs')]);
    await untilReleased(LATER);
    await expectOneClose(LATER);
    await expectOneClose(EARLIER);
    await untilGone(CANARY, ...piecesOf(noise));
  });
});
