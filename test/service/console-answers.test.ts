import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { FacetsAnswer } from '../../schemas/answers/facets.ts';
import type { ModelAnswer } from '../../schemas/answers/model.ts';
import type { OverviewAnswer } from '../../schemas/answers/overview.ts';
import type { SeriesAnswer } from '../../schemas/answers/series.ts';
import {
  type ApiServer,
  NOVEMBER,
  OCTOBER,
  openApiServer,
  phone,
  SEPTEMBER,
  sites,
} from '../support/api/api-server.ts';

const t46 = phone('Yealink', 'SIP-T46S', 10);
const t54 = phone('Yealink', 'SIP-T54W', 4);
const poly = phone('Poly', 'VVX 450', 3);
const rare = phone('Snom', 'D765', 7);

/** T54W takes the place of T46S between September and October, Poly grows within chance; November is open. */
let server: ApiServer;
beforeAll(async () => {
  server = await openApiServer();
  await server.say(SEPTEMBER, [...sites(0, 60, [t46]), ...sites(60, 80, [t54]), ...sites(80, 90, [poly])]);
  await server.say(OCTOBER, [
    ...sites(0, 20, [t46]),
    ...sites(20, 80, [t54], 'Asterisk 20'),
    ...sites(80, 92, [poly]),
    ...sites(92, 95, [rare]),
  ]);
  await server.say(NOVEMBER, sites(0, 20, [t54]));
  await server.finish(SEPTEMBER);
  await server.finish(OCTOBER);
  await server.count(NOVEMBER);
});
afterAll(() => server.close());

const models = (rows: readonly { model?: string | undefined }[] | null) => rows?.map(({ model }) => model);

describe('the overview', () => {
  test('is of the newest final month against the first there is, and says what is still filling', async () => {
    const answer = await server.json<OverviewAnswer>('/v1/overview');
    expect(answer).toMatchObject({
      category: 'phone',
      period: OCTOBER,
      compare: SEPTEMBER,
      provisional: false,
      threshold: 5,
      open: { period: NOVEMBER, sites: 20 },
      total: { all: { sites: 95, devices: 476 }, category: { sites: 95, devices: 476 } },
      before: { all: { sites: 90, devices: 710 }, category: { sites: 90, devices: 710 } },
      suppressed: { models: 1, makers: 1, platforms: 0, categories: 0 },
      rowsInAll: { models: 3, makers: 2, platforms: 2, categories: 1 },
      problems: [],
    });
    expect(answer.months.map(({ period, all }) => [period, all.sites])).toEqual([
      [SEPTEMBER, 90],
      [OCTOBER, 95],
      [NOVEMBER, 20],
    ]);
  });

  test('names what rises and fades clearly, and nothing that is within chance', async () => {
    const { rising, fading, models: rows } = await server.json<OverviewAnswer>('/v1/overview');
    expect(rising?.map(({ view, model }) => [view, model])).toEqual([['model', 'SIP-T54W']]);
    expect(fading?.map(({ view, model, platform }) => [view, model ?? platform])).toEqual([
      ['platform', 'FreePBX 17'],
      ['model', 'SIP-T46S'],
    ]);
    expect(rising?.[0]).toMatchObject({
      sites: 60,
      before: { sites: 20, devices: 80 },
      change: { sitesShare: 0.409357, clear: true, few: true },
      rank: 1,
      rankBefore: 2,
    });
    expect(rows?.find(({ model }) => model === 'VVX 450')?.change).toMatchObject({ clear: false, few: true });
  });

  test('says of each row what counts say of it', async () => {
    const answer = await server.json<OverviewAnswer>('/v1/overview?top=2');
    const counts = await server.json<CountsAnswer>('/v1/counts?view=model&category=phone&period=2026-10&limit=2');
    expect(answer.models?.map(({ before, change, rank, rankBefore, trend, ...row }) => row)).toEqual(counts.rows);
    expect(models(answer.models)).toEqual(['SIP-T54W', 'SIP-T46S']);
    expect(answer.models?.[1]?.trend.map(({ period, sites }) => [period, sites])).toEqual([
      [SEPTEMBER, 60],
      [OCTOBER, 20],
    ]);
  });

  test('shows no change of a month that is open, nor against one', async () => {
    for (const [query, provisional] of [
      ['period=2026-11&compare=2026-10', true],
      ['period=2026-10&compare=2026-11', false],
      ['period=2026-09', false],
    ] as const) {
      const answer = await server.json<OverviewAnswer>(`/v1/overview?${query}`);
      expect([query, answer.compare, answer.before, answer.provisional]).toEqual([query, null, null, provisional]);
      expect([answer.rising, answer.fading]).toEqual([[], []]);
      for (const row of [...(answer.models ?? []), ...(answer.makers ?? []), ...(answer.platforms ?? [])])
        expect([row.before, row.change, row.rankBefore]).toEqual([null, null, null]);
    }
  });

  test('of a month that was never counted has nothing in it', async () => {
    expect(await server.json<OverviewAnswer>('/v1/overview?period=2025-01')).toMatchObject({
      total: { all: { sites: null, devices: null } },
      makers: [],
      models: [],
      rising: [],
      rowsInAll: { models: 0 },
    });
  });
});

describe('a chart', () => {
  test('of devices puts the other shown cells together, and no held-back one', async () => {
    const answer = await server.json<SeriesAnswer>('/v1/series?view=model&category=phone&by=devices&top=1');
    expect(answer.periods.map(({ total, provisional }) => [total, provisional])).toEqual([
      [710, false],
      [476, false],
      [80, true],
    ]);
    expect(answer.series.map(({ model, points }) => [model, points.map(({ value }) => value)])).toEqual([
      ['SIP-T46S', [600, 200, null]],
    ]);
    expect(answer.other).toEqual({
      cells: 1,
      points: [
        { value: 110, share: 0.15493 },
        { value: 276, share: 0.579832 },
        { value: 80, share: 1 },
      ],
    });
  });

  test('of sites is stacked for platforms alone', async () => {
    for (const { view, stacks } of (await server.json<FacetsAnswer>('/v1/facets')).views)
      for (const by of ['sites', 'devices'] as const) {
        const { status, body } = await server.get(`/v1/series?view=${view}&by=${by}`);
        if (status !== 200) expect([view, by]).toEqual([view.startsWith('platform') ? view : '', 'devices']);
        else expect([view, by, JSON.parse(body).other !== null]).toEqual([view, by, stacks.includes(by)]);
        expect([view, by, stacks.includes(by)]).toEqual([
          view,
          by,
          by === 'sites' ? view === 'platform' : !['site', 'platform', 'platform_vendor'].includes(view),
        ]);
      }
  });

  test('is the same as a table, the others in its last rows', async () => {
    const { body } = await server.get('/v1/series?view=platform&top=1&format=csv');
    expect(body.trim().split('\r\n').slice(1)).toEqual([
      'platform,sites,cell,FreePBX 17,,,,2026-09,false,90,1',
      'platform,sites,cell,FreePBX 17,,,,2026-10,false,35,0.368421',
      'platform,sites,cell,FreePBX 17,,,,2026-11,true,20,1',
    ]);
  });

  test('is not asked for by what its view does not have', async () => {
    const { status, body } = await server.get('/v1/series?view=platform&by=devices');
    expect([status, JSON.parse(body).errors]).toEqual([400, [{ parameter: 'by', reason: 'no-devices-in-this-view' }]]);
    expect((await server.get('/v1/series?view=platform&category=phone')).status).toBe(400);
  });
});

test('facets name what is shown, who owns whom, and the months', async () => {
  const answer = await server.json<FacetsAnswer>('/v1/facets');
  expect(answer).toMatchObject({
    period: OCTOBER,
    categories: [{ category: 'phone', sites: 95 }],
    platforms: [
      { platform: 'Asterisk 20', sites: 60 },
      { platform: 'FreePBX 17', sites: 35 },
    ],
  });
  expect(answer.vendors.map(({ vendor, categories }) => [vendor, categories])).toEqual([
    ['Yealink', ['phone']],
    ['Poly', ['phone']],
  ]);
  expect(answer.vendors[1]).toMatchObject({ owner: 'HP', brands: expect.arrayContaining(['Polycom']) });
  expect(answer.periods.map(({ period, provisional, sites }) => [period, provisional, sites])).toEqual([
    [NOVEMBER, true, 20],
    [OCTOBER, false, 95],
    [SEPTEMBER, false, 90],
  ]);
});

describe('a model', () => {
  test('has its place, its months and its siblings', async () => {
    const answer = await server.json<ModelAnswer>('/v1/models/phone/yealink/sip-t46s');
    expect(answer).toMatchObject({
      vendor: 'Yealink',
      model: 'SIP-T46S',
      period: OCTOBER,
      compare: SEPTEMBER,
      total: { sites: 95, devices: 476 },
      before: { sites: 90, devices: 710 },
      row: { sites: 20, devices: 200, before: { sites: 60 }, change: { clear: true, few: true } },
      place: { rank: 2, of: 3, before: 1 },
      siblingsInAll: 2,
      released: null,
      catalogue: 'test',
    });
    expect(models(answer.siblings)).toEqual(['SIP-T54W', 'SIP-T46S']);
    expect(answer.trend.map(({ period, provisional, sites }) => [period, provisional, sites])).toEqual([
      [SEPTEMBER, false, 60],
      [OCTOBER, false, 20],
      [NOVEMBER, true, null],
    ]);
  });

  test('of the catalogue that is held back is one that nobody has', async () => {
    const [held, none] = await Promise.all(
      ['D765', 'D385'].map(async (model) => (await server.get(`/v1/models/phone/Snom/${model}`)).body),
    );
    expect(held?.replaceAll('D765', 'D385')).toBe(none);
    expect(JSON.parse(held as string)).toMatchObject({ row: null, place: null, siblings: [], released: null });
    expect((await server.get('/v1/models/phone/Snom/NoSuchPhone')).status).toBe(404);
  });
});
