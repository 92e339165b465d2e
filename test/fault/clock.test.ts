import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PeriodsAnswer } from '../../schemas/answers/periods.ts';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import { clickhouseReleases } from '../../services/adapters/clickhouse/releases/clickhouse-releases.ts';
import { addMonths, closableFrom, periodAt, periodEnd } from '../../services/core/period.ts';
import { type ClickHouseHttp, startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { shiftedClock } from '../support/clock/shifted-clock.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };
const DAY = 24 * 60 * 60;
const THIS_MONTH = periodAt(Date.now());

/** How many of them were answered 202. */
async function postSites(url: string, sites: number, period: string = THIS_MONTH): Promise<number> {
  const answers = await Promise.all(Array.from({ length: sites }, () => post(url, reportOf({ period }))));
  return answers.filter(({ status }) => status === 202).length;
}

const counted = (url: string, sites: number) =>
  eventually(
    () => get<Counts>(url, `/v1/counts?view=site&period=${THIS_MONTH}`),
    ({ rows }) => rows[0]?.sites === sites,
  );

const monthOf = async (url: string, month: string) =>
  (await get<PeriodsAnswer>(url, '/v1/periods')).periods.find(({ period }) => period === month);
const thisMonth = (url: string) => monthOf(url, THIS_MONTH);

test('a boot 50 days ahead closes nothing, and what is reported when the clock is right again is counted', async () => {
  const directory = temporaryDirectory();
  const clock = shiftedClock();
  const before = await startRollcall(directory, SETTINGS);
  expect(await postSites(before.url, 20)).toBe(20);
  await counted(before.url, 20);
  await before.end('SIGTERM');

  clock.set(50 * DAY);
  const ahead = await startRollcall(directory, { ...SETTINGS, ...clock.env });
  const refused = await eventually(
    () => thisMonth(ahead.url),
    (row) => row?.failure !== null || row?.step !== null,
  );
  expect(refused).toMatchObject({ step: null, failure: 'clock-leapt' });
  expect(ahead.output()).toContain('the clock has leapt');

  clock.set(0);
  await eventually(
    () => thisMonth(ahead.url),
    (row) => row?.state === 'open',
  );
  expect(await postSites(ahead.url, 15)).toBe(15);
  await counted(ahead.url, 35);
  expect(await thisMonth(ahead.url)).toMatchObject({ state: 'open', step: null, failure: null });
});

test('a server that was off from the last minute of a month until behind its grace closes it by itself', async () => {
  const [directory, clock, month] = [temporaryDirectory(), shiftedClock(), addMonths(THIS_MONTH, -1)];
  const setTo = (ms: number) => clock.set((ms - Date.now()) / 1_000);
  setTo(periodEnd(month) - 50_000);
  const before = await startRollcall(directory, { ...SETTINGS, ...clock.env });
  expect(await postSites(before.url, 5, month)).toBe(5);
  await before.end('SIGTERM');

  setTo(closableFrom(month) + 20_000);
  const after = await startRollcall(directory, { ...SETTINGS, ...clock.env });
  const closed = await eventually(
    () => monthOf(after.url, month),
    (row) => row !== undefined && (row.step === 'RELEASED' || row.failure !== null),
  );
  expect(closed).toMatchObject({ step: 'RELEASED', failure: null });
  expect(after.output()).toContain('the clock is further than this host has run');
});

describe('an ingest host beside a store where others close', () => {
  let store: ClickHouseHttp;
  beforeAll(async () => {
    store = await startClickHouseHttp();
  });
  afterAll(() => store?.stop());

  test('answers 422 and never 202 for a month whose close has begun, by whatever clock', async () => {
    const env = { ...SETTINGS, ROLLCALL_STORE_URL: `${store.url}/rollcall` };
    const { url } = await startRollcall(temporaryDirectory(), env, 'start');
    await eventually(
      () => post(url, reportOf()),
      ({ status }) => status === 202,
    );
    const clients = openServerClients(`${store.url}/rollcall`);
    const begun = { period: THIS_MONTH, seq: 1, step: 'CLOSING', at: Date.now(), nonce: 'other', detail: {} } as const;
    await clickhouseReleases(clients).addTransition(begun);
    await clients.close();
    const answer = await eventually(
      () => post(url, reportOf()),
      ({ status }) => status !== 202,
    );
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ type: '/problems/period-not-open', open: [] });
    expect(await thisMonth(url)).toMatchObject({ step: 'CLOSING', state: 'closing' });
  });
});
