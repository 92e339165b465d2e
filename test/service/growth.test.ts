import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GrowthAnswer } from '../../schemas/answers/growth.ts';
import { DailyArrivals } from '../../services/aggregator/daily-arrivals.ts';
import { parsePeriod, periodStart } from '../../services/core/period.ts';
import { SetClock } from '../../services/shared/clock.ts';
import {
  type ApiServer,
  type Model,
  NOVEMBER,
  OCTOBER,
  openApiServer,
  phone,
  SEPTEMBER,
  sites,
} from '../support/api/api-server.ts';

const DAY_MS = 86_400_000;
const MODELS = ['SIP-T46S', 'SIP-T54W', 'SIP-T42S', 'SIP-T48S'].map((model) => phone('Yealink', model));
const SNOM = phone('Snom', 'D785');
const [INVENTED, RARE] = [phone('Zibble', 'ZW-9000'), phone('Snom', 'D765')];
const QUARTER: readonly Model[] = ['A', 'B', 'C', 'D'].map((word) => phone('Grandstream', `GXP-${word}`));

/** 800 sites, `more` of whom are new; each has one of four models. */
function fleet(more: number) {
  return MODELS.flatMap((model, i) =>
    sites(i * 1_000, i * 1_000 + 200 + more, [model], i % 2 ? 'FreePBX 17' : '3CX 20'),
  );
}

const AUGUST = parsePeriod('2026-08');

/** In September four models are on the same 60 sites more; then all grow by a tenth; in November nobody's phone is on 90 sites. */
let server: ApiServer;
beforeAll(async () => {
  server = await openApiServer(10);
  const august = [...fleet(0), ...sites(9_000, 9_060, [SNOM]), ...sites(8_000, 8_040, QUARTER)];
  const october = [...fleet(20), ...sites(9_000, 9_066, [SNOM]), ...sites(8_000, 8_110, QUARTER)];
  await server.say(AUGUST, august);
  await server.say(SEPTEMBER, [...august, ...sites(8_040, 8_100, QUARTER)]);
  await server.say(OCTOBER, october);
  await server.say(NOVEMBER, [...october, ...sites(7_000, 7_090, [INVENTED]), ...sites(5_000, 5_009, [RARE])]);
  for (const period of [AUGUST, SEPTEMBER, OCTOBER]) await server.finish(period);
  await server.count(NOVEMBER);
});
afterAll(() => server.close());

const growthOf = async (query: string) => GrowthAnswer.parse(await server.json(`/v1/growth${query}`));
const names = (rows: readonly { view: string; model?: string | undefined; vendor?: string | undefined }[]) =>
  rows.map(({ view, vendor, model }) => [view, vendor, model].filter((one) => one !== undefined).join(' '));

describe('growth that is not the fleet’s own', () => {
  test('is none where all grow by a tenth', async () => {
    expect(await growthOf('?period=2026-10')).toMatchObject({
      period: OCTOBER,
      before: SEPTEMBER,
      provisional: false,
      threshold: 10,
      fleet: { sites: 1_056, before: 960 },
      alone: [],
      together: [],
    });
  });

  test('names the invented phone of 90 sites and its maker, while the month is open', async () => {
    const { provisional, alone, together } = await growthOf('');
    expect(provisional).toBe(true);
    expect(names(alone).sort()).toEqual(['model Zibble ZW-9000', 'vendor Zibble']);
    expect(alone[0]).toMatchObject({ sites: 90, before: null });
    expect(alone[0]!.beyond).toBeGreaterThan(80);
    expect(together).toEqual([]);
  });

  test('names four models that rose by the same sites, and their maker, whose rise no other maker shares', async () => {
    const { alone, together } = await growthOf('?period=2026-09');
    expect(names(alone)).toEqual(['vendor Grandstream']);
    expect(together).toHaveLength(1);
    const [{ sites: rose, cells } = { sites: 0, cells: [] }] = together;
    expect(names(cells).sort()).toEqual([
      ...['A', 'B', 'C', 'D'].map((word) => `model Grandstream GXP-${word}`),
      'vendor Grandstream',
    ]);
    for (const cell of cells) expect(cell).toMatchObject({ sites: 100, before: 40 });
    // Of 60 the fleet's own growth explains three.
    expect(rose).toBe(57);
  });

  test('shows no cell and no number that counts would hold back', async () => {
    const said = JSON.stringify(await Promise.all(['', '?period=2026-10', '?period=2026-09'].map(growthOf)));
    expect(said).not.toContain('D765');
    const { rows } = await server.json<{ rows: { model: string; sites: number }[] }>('/v1/counts?limit=1000');
    const { alone, together } = await growthOf('');
    for (const { view, model, sites: told } of [...alone, ...together.flatMap(({ cells }) => cells)])
      if (view === 'model') expect(rows.find((row) => row.model === model)?.sites).toBe(told);
  });

  test('of a month with nothing before it, or that was not counted, is nothing', async () => {
    expect(await growthOf('?period=2026-08')).toMatchObject({ before: null, alone: [], together: [] });
    expect(await growthOf('?period=2025-01')).toMatchObject({ provisional: true, alone: [], together: [] });
    expect((await server.get('/v1/growth?period=x')).status).toBe(400);
  });

  test('has new sites by day as they were noted once, and another tag when there are more', async () => {
    const tag = async () => (await server.get('/v1/growth')).headers.etag;
    const before = await tag();
    const { store } = server.embedded;
    for (const [period, noise] of [
      [OCTOBER, -3],
      [NOVEMBER, 7],
    ] as const) {
      const clock = new SetClock(periodStart(period) + DAY_MS);
      for (let day = 2; day <= 4; day++) {
        await new DailyArrivals({ store, clock, noise: () => noise * day }).note(period);
        // Said again by another process, it stays what it was.
        await store.noteArrivals({ period, day, sites: 1 });
        clock.moveTo(clock.now() + DAY_MS);
      }
    }
    const { newSites } = await growthOf('');
    const shown = (await growthOf('')).fleet;
    expect(newSites).toEqual({
      margin: 28,
      soFarMargin: 20,
      soFar: { days: 3, sites: shown.sites! + 28, before: shown.before! - 12 },
      byDay: [
        { day: 1, days: 1, sites: shown.sites! + 14, before: shown.before! - 6, beyond: false },
        { day: 2, days: 1, sites: 7, before: -3, beyond: false },
        { day: 3, days: 1, sites: 7, before: -3, beyond: false },
      ],
    });
    expect(await tag()).not.toBe(before);
    const rows = await server.embedded.sql.rows<{ sites: number }>('SELECT sites FROM arrivals');
    expect(rows.map(({ sites: kept }) => kept)).not.toContain(shown.sites);
  });
});
