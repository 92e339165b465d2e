import { parquetReadObjects } from 'hyparquet';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { InstallBaseAnswer } from '../../schemas/answers/install-base.ts';
import { type ApiServer, apiOver, NOVEMBER, OCTOBER, openApiServer, phone } from '../support/api/api-server.ts';
import { fc } from '../support/fast-check.ts';
import { emptyCounts } from '../support/month-tables.ts';
import { countByHand, type SaidBySite } from '../support/site-oracle.ts';

const THRESHOLD = 5;
const MODELS = Array.from({ length: 7 }, (_, i) => ({ vendor: `Vendor${i % 3}x`, model: `Model${i}x` }));
const PLATFORMS = ['PlatformAx 1', 'PlatformBx 2', 'PlatformCx 3'];

let server: ApiServer;
beforeAll(async () => {
  server = await openApiServer(THRESHOLD);
});
afterEach(async () => {
  await emptyCounts(server.embedded.sql);
});
afterAll(() => server.close());

const fleetArbitrary = fc
  .array(
    fc.record({
      platform: fc.integer({ min: 0, max: PLATFORMS.length - 1 }),
      models: fc.uniqueArray(fc.integer({ min: 0, max: MODELS.length - 1 }), { maxLength: 4 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 4, maxLength: 40 },
  )
  .map((sites): SaidBySite[] =>
    sites.map(({ platform, models, count }, site) => ({
      site,
      sequence: 1,
      platform: PLATFORMS[platform] as string,
      withdraw: false,
      models: models.map((i) => phone(MODELS[i]!.vendor, MODELS[i]!.model, count)),
    })),
  );

/** Every list in every sort, page size and format, asked of one period alone. */
const LISTS = [
  ...['site', 'category', 'vendor', 'model', 'unlisted'].flatMap((view) =>
    ['sites', '-sites', 'devices', '-devices', 'name', '-name'].map((sort) => `/v1/counts?view=${view}&sort=${sort}`),
  ),
  ...['platform', 'platform_vendor'].flatMap((view) =>
    ['sites', '-name'].map((sort) => `/v1/counts?view=${view}&sort=${sort}`),
  ),
  '/v1/counts?q=x&limit=1000',
  ...['model', 'vendor', 'platform', 'platform_vendor'].map((view) => `/v1/movers?view=${view}`),
  ...['sites', '-name'].map((sort) => `/v1/movers?sort=${sort}&limit=2`),
  '/v1/platforms?limit=1',
  '/v1/platforms',
  '/v1/search?q=x&limit=3',
  '/v1/search?q=odel',
  '/v1/install-base',
  '/v1/trend?view=site',
  '/v1/series?view=model&by=devices&top=2',
  '/v1/series?view=platform&top=1',
];
/** Pages that have no other format and no further page. */
const PAGES = ['/v1/overview?top=50', '/v1/facets'];

/** The bodies of a list's pages, from the first to the last. */
async function pagesOf(list: string): Promise<string[]> {
  const bodies: string[] = [];
  for (let url: string | undefined = list; url !== undefined; ) {
    const answer = await server.get(url);
    expect([url, answer.status]).toEqual([url, 200]);
    bodies.push(url.includes('format=parquet') ? await parquetText(answer.bytes) : answer.body);
    url = /<([^>]*)>; rel="next"/.exec(answer.headers.link ?? '')?.[1];
  }
  return bodies;
}

async function parquetText({ buffer, byteOffset, length }: Buffer): Promise<string> {
  const file = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
  const rows = (await parquetReadObjects({ file })) as Record<string, unknown>[];
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
}

/** Every number of sites in a JSON text. */
const sitesIn = (json: string): number[] =>
  [...json.matchAll(/"(?:sites|fromSites|toSites|value|total)":(\d+)/g)].map((match) => Number(match[1]));

test('no endpoint, sort, page or format shows a cell of fewer sites than the threshold, or its name', async () => {
  await fc.assert(
    fc.asyncProperty(fleetArbitrary, fleetArbitrary, async (october, november) => {
      await emptyCounts(server.embedded.sql);
      await server.say(OCTOBER, october);
      await server.say(NOVEMBER, november);
      await server.count(OCTOBER);
      await server.count(NOVEMBER);
      const cells = [countByHand(october), countByHand(november)].flatMap((counted) => [...counted.values()]);
      const names = new Map<string, number>();
      for (const { cell, sites } of cells)
        for (const name of [cell.platform, cell.vendor, cell.model].filter((text) => text !== ''))
          names.set(name, Math.max(names.get(name) ?? 0, sites.size));
      const hidden = [...names].filter(([, most]) => most < THRESHOLD).map(([name]) => name);
      for (const list of LISTS)
        for (const format of ['json', 'csv', 'parquet']) {
          // The other formats are made from the same answer: of each list once, in one order.
          if (format !== 'json' && /limit=|sort=(?!-sites)/.test(list)) continue;
          for (const body of await pagesOf(`${list}${list.includes('?') ? '&' : '?'}format=${format}`)) {
            for (const sites of sitesIn(body)) expect(sites).toBeGreaterThanOrEqual(THRESHOLD);
            for (const name of hidden) expect(body).not.toContain(name);
          }
        }
      for (const page of PAGES) {
        const { status, body } = await server.get(page);
        expect([page, status]).toEqual([page, 200]);
        for (const sites of sitesIn(body)) expect(sites).toBeGreaterThanOrEqual(THRESHOLD);
        for (const name of hidden) expect(body).not.toContain(name);
      }
      await namedOnesShowNothing(hidden);
      await devicesLeaveNothingToSubtract();
    }),
    // Shrinking asks everything again, for twenty minutes.
    { numRuns: 4, endOnFailure: true },
  );
});

/** What a name of the public list resembles is no matter of what was counted. */
const withoutHint = (body: string) => body.replace(/: did you mean [^"]*\?/, '.').replace(/,"didYouMean":"[^"]*"/, '');

/** Who names a cell that is held back learns what who names one that does not exist learns. */
async function namedOnesShowNothing(hidden: readonly string[]): Promise<void> {
  for (const { vendor, model } of MODELS.filter((one) => hidden.includes(one.model)))
    for (const asked of [
      '/v1/trend?category=phone&vendor=V&model=M',
      '/v1/compare?cell=phone:V:M&cell=phone:V:Other',
      '/v1/models/phone/V/M',
    ]) {
      const ask = (name: string) => server.get(asked.replaceAll('V', vendor).replace('M', name));
      const [held, none] = [await ask(model), await ask(model.replace('x', 'q'))];
      expect([held.status, withoutHint(held.body)]).toEqual([404, withoutHint(none.body)]);
      for (const name of hidden.filter((text) => text !== vendor && text !== model))
        expect(held.body).not.toContain(name);
    }
  for (const vendor of new Set(MODELS.map((one) => one.vendor))) {
    const { body } = await server.get(`/v1/vendors/${vendor}?category=all`);
    for (const sites of sitesIn(body)) expect(sites).toBeGreaterThanOrEqual(THRESHOLD);
    for (const name of hidden.filter((text) => text !== vendor)) expect(body).not.toContain(name);
  }
}

/** Totals of devices are sums of what is shown, so that what is held back is in none of them. */
async function devicesLeaveNothingToSubtract(): Promise<void> {
  const base = await server.json<InstallBaseAnswer>('/v1/install-base');
  for (const { period, devices, sites } of base.points) {
    const page = await server.json<CountsAnswer>(`/v1/counts?period=${period}&limit=1000`);
    const shown = page.rows.reduce((sum, row) => sum + (row.devices ?? 0), 0);
    expect(page.total.devices).toBe(shown);
    if (sites !== null) expect(devices).toBe(shown);
  }
}

test('the walk over all lists would see a small cell: with a threshold of one it does', async () => {
  const rare = { vendor: 'Vendor0x', model: 'Model0x' };
  const words: SaidBySite[] = [
    { site: 1, sequence: 1, platform: 'PlatformAx 1', withdraw: false, models: [phone(rare.vendor, rare.model, 2)] },
  ];
  await server.say(NOVEMBER, words);
  await server.embedded.store.takeSnapshot({
    period: NOVEMBER,
    threshold: 1,
    guard: 'exact',
    catalogue: 'test',
    takenAt: Date.parse('2026-11-16T00:00:00Z'),
  });
  const [stored] = await server.embedded.sql.rows<{ n: number }>("SELECT count() AS n FROM cube WHERE view = 'model'");
  expect(stored?.n).toBe(1);
  // What a snapshot holds by mistake, the API still does not show.
  for (const list of LISTS) for (const body of await pagesOf(list)) expect(body).not.toContain(rare.model);
  const open = await apiOver(server, 1);
  const [shown, found] = await Promise.all(['/v1/counts', '/v1/search?q=odel'].map((url) => open(url)));
  for (const body of [shown, found]) {
    expect(sitesIn(body as string)).toContain(1);
    expect(body).toContain(rare.model);
  }
});

test('while a month is open, no answer changes by fewer sites than the threshold', async () => {
  const site = (i: number): SaidBySite => ({
    site: i,
    sequence: 1,
    platform: PLATFORMS[0] as string,
    withdraw: false,
    models: [phone('Vendor0x', 'Model0x', 3)],
  });
  const urls = [
    '/v1/trend?category=phone&vendor=Vendor0x&model=Model0x',
    '/v1/trend?view=site',
    '/v1/install-base',
    '/v1/platforms',
    '/v1/vendors/Vendor0x?category=all',
    '/v1/search?q=model0x',
    '/v1/movers',
    '/v1/compare?view=vendor&cell=phone:Vendor0x&cell=phone:Yealink',
    '/v1/overview',
    '/v1/series?view=vendor&category=phone',
    '/v1/facets',
    '/v1/models/phone/Vendor0x/Model0x',
  ];
  const seen = new Map<string, number[]>();
  for (let i = 0; i < 14; i++) {
    await server.say(NOVEMBER, [site(i)]);
    await server.count(NOVEMBER, 'guarded');
    for (const url of urls) {
      const largest = Math.max(0, ...sitesIn((await server.get(url)).body));
      seen.set(url, [...(seen.get(url) ?? []), largest]);
    }
  }
  for (const [url, numbers] of seen)
    expect([url, numbers]).toEqual([url, [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10]]);
});
