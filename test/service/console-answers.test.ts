import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { FacetsAnswer } from '../../schemas/answers/facets.ts';
import type { ModelAnswer } from '../../schemas/answers/model.ts';
import type { MoversAnswer } from '../../schemas/answers/movers.ts';
import type { OverviewAnswer } from '../../schemas/answers/overview.ts';
import type { SeriesAnswer } from '../../schemas/answers/series.ts';
import type { VendorAnswer } from '../../schemas/answers/vendor.ts';
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

describe('counts', () => {
  const OF_PHONES = '/v1/counts?view=model&category=phone&period=2026-10';

  test('told with other months say of each row what the overview says, whatever the page and the order', async () => {
    const overview = await server.json<OverviewAnswer>('/v1/overview?top=3');
    const answer = await server.json<CountsAnswer>(`${OF_PHONES}&compare=2026-09&trend=13`);
    expect(answer).toMatchObject({ compare: SEPTEMBER, rowsInAll: 3 });
    expect(answer.rows).toEqual(overview.models);
    const page = await server.json<CountsAnswer>(`${OF_PHONES}&compare=2026-09&trend=13&sort=name&limit=1&offset=1`);
    expect(page.rows).toEqual(overview.models?.filter(({ model }) => model === 'SIP-T46S'));
    expect(page).toMatchObject({ rowsInAll: 3, next: 2 });
  });

  test('asked for nothing of other months hold nothing of them', async () => {
    const answer = await server.json<CountsAnswer>(OF_PHONES);
    for (const name of ['compare', 'rowsInAll']) expect(answer).not.toHaveProperty(name);
    for (const name of ['before', 'change', 'rank', 'trend']) expect(answer.rows[0]).not.toHaveProperty(name);
  });

  test('show no change of an open month, nor against one, and no number that is held back', async () => {
    for (const query of ['period=2026-11&compare=2026-10', 'period=2026-10&compare=2026-11']) {
      const { compare, rows } = await server.json<CountsAnswer>(`/v1/counts?${query}`);
      expect(compare).toBeNull();
      for (const row of rows) expect([row.before, row.change, row.rankBefore]).toEqual([null, null, null]);
    }
    const { rows } = await server.json<CountsAnswer>('/v1/counts?period=2026-10&compare=2026-09&trend=60&limit=1000');
    expect(models(rows)).not.toContain('D765');
    expect((await server.get('/v1/counts?trend=61')).status).toBe(400);
  });
});

test('what changed is in the file of counts, beside the numbers', async () => {
  const { body } = await server.get('/v1/counts?view=model&category=phone&period=2026-10&compare=2026-09&format=csv');
  const [head, ...lines] = body.replace('\ufeff', '').trim().split('\r\n');
  expect(head).toBe(
    'period,platform,category,vendor,model,sites,devices,sitesShare,devicesShare,provisional,threshold,' +
      'rank,compare,beforeSites,beforeDevices,sitesShareChange,devicesShareChange,clear,few',
  );
  expect(lines[0]).toMatch(/^2026-10,,phone,Yealink,SIP-T54W,60,240,.*,1,2026-09,20,80,0\.409357,.*,true,true$/);
});

describe('movers', () => {
  const BETWEEN = '/v1/movers?from=2026-09&to=2026-10';
  const of = (query: string) => server.json<MoversAnswer>(`${BETWEEN}&${query}`);

  test('say what is clear, what rests on few, and what is held back in each month', async () => {
    const answer = await of('category=phone');
    expect(answer).toMatchObject({ provisional: false, rowsInAll: 3, suppressed: { from: 0, to: 1 } });
    expect(answer.total).toEqual({ from: 90, to: 95 });
    expect(answer.rows.map(({ model, clear, few }) => [model, clear, few])).toEqual([
      ['SIP-T46S', true, true],
      ['SIP-T54W', true, true],
      ['VVX 450', false, true],
    ]);
    expect((await of('view=model')).total).toEqual({ from: null, to: null });
  });

  test('are those of one direction, one state or one vendor', async () => {
    expect(models((await of('category=phone&direction=down')).rows)).toEqual(['SIP-T46S']);
    expect(models((await of('category=phone&direction=up')).rows)).toEqual(['SIP-T54W', 'VVX 450']);
    expect(models((await of('category=phone&vendor=poly')).rows)).toEqual(['VVX 450']);
    expect((await of('category=phone&state=both&limit=1')).rowsInAll).toBe(3);
    const platforms = async (state: string) => (await of(`view=platform&state=${state}`)).rows;
    expect((await platforms('came')).map(({ platform, fromSites }) => [platform, fromSites])).toEqual([
      ['Asterisk 20', null],
    ]);
    expect(await platforms('went')).toEqual([]);
    for (const query of ['vendor=Poly', 'view=platform&vendor=Poly', 'direction=sideways', 'state=gone'])
      expect((await server.get(`${BETWEEN}&${query}`)).status).toBe(400);
  });

  test('of an open month are clear of nothing', async () => {
    const { provisional, rows } = await server.json<MoversAnswer>('/v1/movers?category=phone');
    expect(provisional).toBe(true);
    expect(rows.some(({ clear }) => clear)).toBe(false);
  });
});

describe('a vendor', () => {
  const YEALINK = '/v1/vendors/Yealink?category=phone&period=2026-10';

  test('says what changed of its models, page by page, and what else it says is as without', async () => {
    const plain = await server.json<VendorAnswer>(YEALINK);
    const answer = await server.json<VendorAnswer>(`${YEALINK}&lineage=true&compare=2026-09`);
    expect(answer).toMatchObject({ compare: SEPTEMBER, owner: null, rowsInAll: 2, suppressed: plain.suppressed });
    expect(answer.models.map(({ brand, sold, before, change, ...row }) => row)).toEqual(plain.models);
    expect(answer.models.map(({ brand, before, change }) => [brand, before?.sites, change?.clear])).toEqual([
      ['Yealink', 20, true],
      ['Yealink', 60, true],
    ]);
    const page = await server.json<VendorAnswer>(`${YEALINK}&lineage=true&sort=sites&limit=1`);
    expect(page).toMatchObject({ models: [{ model: 'SIP-T46S', change: null }], next: 1, rowsInAll: 2, compare: null });
    for (const name of ['owner', 'brands', 'rowsInAll', 'compare']) expect(plain).not.toHaveProperty(name);
  });

  test('shows models of the brands it owns, each with its brand, and none that is held back', async () => {
    const poly = await server.json<VendorAnswer>('/v1/vendors/Poly?category=phone&period=2026-10&lineage=true');
    const owner = await server.json<VendorAnswer>(
      `/v1/vendors/${poly.owner}?category=phone&period=2026-10&lineage=true`,
    );
    expect(owner.brands).toContain('Poly');
    expect(owner.models.map(({ brand, model, sites }) => [brand, model, sites])).toEqual([['Poly', 'VVX 450', 12]]);
    const snom = await server.json<VendorAnswer>('/v1/vendors/Snom?category=phone&period=2026-10&lineage=true');
    expect([snom.models, snom.rowsInAll]).toEqual([[], 0]);
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

  test('of the catalogue says until when its maker sold it and supports it, whether anybody has it or not', async () => {
    const endOf = async (path: string) => (await server.json<ModelAnswer>(`/v1/models/${path}`)).endOfLife;
    expect(await endOf('phone/Cisco/CP-7942G')).toEqual({
      sold: '2016-02-01',
      supported: '2021-01-31',
      source: expect.stringMatching(/^cisco\.com: end-of-life notice/),
    });
    expect(await endOf('phone/Polycom/SoundPoint%20IP%20600')).toMatchObject({ sold: '2006-05', supported: null });
    expect(await endOf('phone/Yealink/SIP-T46S')).toBeNull();
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
