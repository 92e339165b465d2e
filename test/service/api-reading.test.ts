import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompareAnswer } from '../../schemas/answers/compare.ts';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { InstallBaseAnswer } from '../../schemas/answers/install-base.ts';
import type { MoversAnswer } from '../../schemas/answers/movers.ts';
import type { PlatformsAnswer } from '../../schemas/answers/platforms.ts';
import type { SearchAnswer } from '../../schemas/answers/search.ts';
import type { TrendAnswer } from '../../schemas/answers/trend.ts';
import type { VendorAnswer } from '../../schemas/answers/vendor.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { type ApiServer, fillThreeMonths, openApiServer, phone, sites } from '../support/api/api-server.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await openApiServer();
  await fillThreeMonths(server);
});
afterAll(() => server.close());

const selfOf = (link: string | undefined) => /<([^>]*)>; rel="self canonical"/.exec(link ?? '')?.[1];

describe('trend', () => {
  test('one cell month by month, its shares of the category', async () => {
    const answer = await server.json<TrendAnswer>('/v1/trend?category=phone&vendor=Yealink&model=SIP-T46S');
    expect(answer).toEqual({
      view: 'model',
      cell: { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
      from: '2025-12',
      to: '2026-11',
      provisional: true,
      threshold: 5,
      points: [
        { period: '2026-09', provisional: true, sites: 30, devices: 300, sitesShare: 0.75, devicesShare: 0.882353 },
        { period: '2026-10', provisional: true, sites: 24, devices: 240, sitesShare: 0.6, devicesShare: 0.789474 },
        { period: '2026-11', provisional: true, sites: 20, devices: 200, sitesShare: 0.37037, devicesShare: 0.581395 },
      ],
    });
  });

  test('a month in which the cell is held back and one in which it is not there have the same nulls', async () => {
    const nothing = { sites: null, devices: null, sitesShare: null, devicesShare: null };
    for (const cell of ['vendor=Snom&model=D765', 'vendor=Poly&model=VVX%20450']) {
      const { points } = await server.json<TrendAnswer>(`/v1/trend?category=phone&${cell}&to=2026-10`);
      expect(points.map(({ period: _, provisional: __, ...point }) => point)).toEqual([nothing, nothing]);
    }
    const { points } = await server.json<TrendAnswer>('/v1/trend?category=phone&vendor=Snom&model=D765');
    expect(points.at(-1)).toMatchObject(nothing);
  });

  test('every view has a trend; platform views count no devices', async () => {
    const cells = [
      'view=site',
      'view=category&category=phone',
      'view=vendor&category=phone&vendor=Yealink',
      'view=platform&platform=FreePBX%2017',
      'view=platform_vendor&platform=FreePBX%2017&vendor=Yealink',
    ];
    const shown = await Promise.all(cells.map((cell) => server.json<TrendAnswer>(`/v1/trend?${cell}&from=2026-11`)));
    expect(shown.map(({ points }) => points[0])).toMatchObject([
      { sites: 54, devices: 364, sitesShare: 1, devicesShare: 1 },
      { sites: 54, devices: 344, sitesShare: 1, devicesShare: 0.945055 },
      { sites: 50, devices: 320, sitesShare: 0.925926, devicesShare: 0.930233 },
      { sites: 28, devices: null, sitesShare: 0.518519, devicesShare: null },
      { sites: 28, devices: null, sitesShare: 1, devicesShare: null },
    ]);
  });
});

describe('movers', () => {
  test('the greatest change first, as differences of the shares that counts show', async () => {
    const answer = await server.json<MoversAnswer>('/v1/movers?category=phone');
    const { from, to, rows } = answer;
    expect([from, to]).toEqual(['2026-10', '2026-11']);
    expect(answer).toMatchObject({ provisional: true, fromProvisional: true, toProvisional: true, threshold: 5 });
    expect(rows.map((row) => [row.model, row.fromSites, row.toSites, row.sitesShareChange])).toEqual([
      ['SIP-T46S', 24, 20, -0.22963],
      ['SIP-T54W', 16, 30, 0.155556],
      ['VVX 450', null, 8, null],
    ]);
    const sharesIn = async (period: string) => {
      const { rows } = await server.json<CountsAnswer>(`/v1/counts?category=phone&period=${period}`);
      return new Map(rows.map((row) => [row.model, row]));
    };
    const [before, after] = [await sharesIn(from), await sharesIn(to)];
    for (const row of rows.filter((row) => row.sitesShareChange !== null)) {
      const [a, b] = [before.get(row.model), after.get(row.model)];
      expect(row.sitesShareChange).toBeCloseTo((b?.sitesShare ?? 0) - (a?.sitesShare ?? 0), 6);
      expect(row.devicesShareChange).toBeCloseTo((b?.devicesShare ?? 0) - (a?.devicesShare ?? 0), 6);
    }
  });

  test('pages of any sort give every row once', async () => {
    for (const sort of ['magnitude', '-magnitude', 'change', '-change', 'sites', '-sites', 'name', '-name']) {
      const all = await server.json<MoversAnswer>(`/v1/movers?sort=${sort}`);
      const seen: unknown[] = [];
      for (let url: string | undefined = `/v1/movers?sort=${sort}&limit=1`; url; ) {
        const answer = await server.get(url);
        seen.push(...(JSON.parse(answer.body) as MoversAnswer).rows);
        url = /<([^>]*)>; rel="next"/.exec(answer.headers.link ?? '')?.[1];
      }
      expect(seen).toEqual(all.rows);
    }
  });
});

describe('the other lists', () => {
  test('install base: sites and devices per month', async () => {
    const all = await server.json<InstallBaseAnswer>('/v1/install-base');
    expect(all.points.map(({ sites, devices }) => [sites, devices])).toEqual([
      [40, 370],
      [40, 328],
      [54, 364],
    ]);
    const nics = await server.json<InstallBaseAnswer>('/v1/install-base?category=nic&to=2026-09');
    expect(nics.points.map(({ sites, devices }) => [sites, devices])).toEqual([[30, 30]]);
  });

  test('a vendor: all its models with share and trend', async () => {
    const answer = await server.json<VendorAnswer>('/v1/vendors/Yealink?category=phone&months=2');
    expect(answer.categories).toEqual([
      { category: 'phone', sites: 50, devices: 320, sitesShare: 0.925926, devicesShare: 0.930233 },
    ]);
    expect(answer.models.map(({ model, sites, sitesShare }) => [model, sites, sitesShare])).toEqual([
      ['SIP-T54W', 30, 0.555556],
      ['SIP-T46S', 20, 0.37037],
    ]);
    expect(answer.models.map(({ trend }) => trend.map(({ sites }) => sites))).toEqual([
      [16, 30],
      [24, 20],
    ]);
    const all = await server.json<VendorAnswer>('/v1/vendors/Intel?category=all');
    expect(all.models).toMatchObject([{ category: 'nic', model: 'I210', sites: 20, sitesShare: 1 }]);
    expect((await server.get('/v1/vendors/Yealink')).status).toBe(400);
  });

  test('a vendor of the catalogue that is held back and one that nobody has are answered alike', async () => {
    const [held, none] = await Promise.all(
      ['Snom', 'Fanvil'].map((vendor) => server.json<VendorAnswer>(`/v1/vendors/${vendor}?category=all`)),
    );
    expect({ ...held, vendor: '' }).toEqual({ ...none, vendor: '' });
  });

  test('platforms with the vendors on them', async () => {
    const { platforms, total, suppressed } = await server.json<PlatformsAnswer>('/v1/platforms');
    expect({ total, suppressed }).toEqual({ total: { sites: 54 }, suppressed: { cells: 1 } });
    expect(platforms).toEqual([
      {
        platform: 'FreePBX 17',
        sites: 28,
        sitesShare: 0.518519,
        vendors: [
          { vendor: 'Yealink', sites: 28, sitesShare: 1 },
          { vendor: 'Poly', sites: 8, sitesShare: 0.285714 },
        ],
      },
      {
        platform: 'Asterisk 20',
        sites: 22,
        sitesShare: 0.407407,
        vendors: [{ vendor: 'Yealink', sites: 22, sitesShare: 1 }],
      },
    ]);
  });

  test("the README's example: sites that are held back can be counted by subtraction, devices cannot", async () => {
    const { platforms, total, suppressed } = await server.json<PlatformsAnswer>('/v1/platforms');
    const shown = platforms.reduce((sum, { sites }) => sum + sites, 0);
    // A site has one platform: four sites are on the one platform that is held back. Which one is not said.
    expect([(total.sites ?? 0) - shown, suppressed.cells]).toEqual([4, 1]);
    const { rows, total: all } = await server.json<CountsAnswer>('/v1/counts?view=model');
    expect((all.devices ?? 0) - rows.reduce((sum, { devices }) => sum + (devices ?? 0), 0)).toBe(0);
  });

  test('models, vendors and platforms side by side over the same months', async () => {
    const models = await server.json<CompareAnswer>(
      '/v1/compare?cell=phone:Yealink:SIP-T46S&cell=phone:Poly:VVX%20450',
    );
    expect(models.cells.map(({ model, points }) => [model, ...points.map(({ sites }) => sites)])).toEqual([
      ['SIP-T46S', 30, 24, 20],
      ['VVX 450', null, null, 8],
    ]);
    const vendors = await server.json<CompareAnswer>('/v1/compare?view=vendor&cell=phone:Poly&cell=nic:Intel');
    expect(vendors.cells.map(({ vendor, points }) => [vendor, points.at(-1)?.sitesShare])).toEqual([
      ['Poly', 0.148148],
      ['Intel', 1],
    ]);
    const platforms = '/v1/compare?view=platform&cell=freepbx%2017&cell=Asterisk%2020';
    expect(
      (await server.json<CompareAnswer>(platforms)).cells.map(({ platform, points }) => [
        platform,
        ...points.map(({ sites, devices }) => [sites, devices]),
      ]),
    ).toEqual([
      ['FreePBX 17', [40, null], [24, null], [28, null]],
      ['Asterisk 20', [null, null], [16, null], [22, null]],
    ]);
    expect((await server.get(`${platforms}&format=csv`)).body.split('\r\n')[0]).toBe(
      'platform,period,provisional,sites,devices,sitesShare,devicesShare,threshold',
    );
    for (const query of [
      'view=platform&cell=phone:Poly&cell=phone:Yealink',
      'view=platform&cell=FreePBX%2017&cell=FreePBX%2017',
      'cell=phone:Yealink:SIP-T46S',
      'cell=phone:A:B&cell=phone:A:B',
      'cell=phone:A&cell=phone:B',
      'cell=horse:A:B&cell=phone:A:C',
      'view=vendor&cell=phone:&cell=phone:A',
      Array.from({ length: 6 }, (_, i) => `cell=phone:A:${i}`).join('&'),
    ])
      expect([query, (await server.get(`/v1/compare?${query}`)).status]).toEqual([query, 400]);
  });

  test('search finds shown names by all their words, and no name that is held back', async () => {
    const { results } = await server.json<SearchAnswer>('/v1/search?q=T4%20YEALINK');
    expect(results).toEqual([{ kind: 'model', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', sites: 20 }]);
    const vendor = await server.json<SearchAnswer>('/v1/search?q=yealink');
    expect(vendor.results[0]).toEqual({ kind: 'vendor', category: 'phone', vendor: 'Yealink', sites: 50 });
    for (const q of ['snom', 'D765', '3CX'])
      expect((await server.json<SearchAnswer>(`/v1/search?q=${q}`)).results).toEqual([]);
  });

  test('a range that would begin before the first period there is begins with it', async () => {
    for (const path of ['/v1/install-base', '/v1/movers'])
      expect(await server.json(`${path}?to=2000-01`)).toMatchObject({ from: '2000-01', to: '2000-01' });
    expect((await server.json<VendorAnswer>('/v1/vendors/Yealink?category=all&period=2000-01')).models).toEqual([]);
  });

  test('filters that the view has no column for, and ranges that end before they begin, are 400', async () => {
    for (const url of [
      '/v1/trend',
      '/v1/trend?view=site&category=phone',
      '/v1/trend?category=phone&vendor=Yealink',
      '/v1/trend?view=site&from=2026-11&to=2026-10',
      '/v1/movers?view=platform&category=phone',
      '/v1/movers?sort=devices',
      '/v1/install-base?from=2026-11&to=2026-10',
      '/v1/platforms?sort=devices',
      '/v1/search',
      '/v1/search?q=',
      '/v1/counts?format=xml',
      '/v1/counts?limit=1&limit=2',
      '/openapi.json?x=1',
    ])
      expect([url, (await server.get(url)).status]).toEqual([url, url.startsWith('/openapi') ? 200 : 400]);
  });
});

describe('names and parameters', () => {
  const problemOf = async (url: string) => {
    const { status, body } = await server.get(url);
    return { status, ...(JSON.parse(body) as { detail: string; errors: Record<string, unknown>[] }) };
  };

  test('a name that is not known is 404 and says which one was meant, in every question that takes names', async () => {
    const meant = [
      ['/v1/trend?category=phone&vendor=Yealink&model=SIP-T64S', 'model', 'SIP-T46S'],
      ['/v1/trend?category=phone&vendor=Yealink&model=T46S', 'model', 'SIP-T46S'],
      ['/v1/trend?view=vendor&category=phone&vendor=Yaelink', 'vendor', 'Yealink'],
      ['/v1/counts?category=phone&vendor=Yealnk', 'vendor', 'Yealink'],
      ['/v1/counts?view=platform&platform=FreePXB%2017', 'platform', 'FreePBX 17'],
      ['/v1/vendors/Yealinc?category=all', 'vendor', 'Yealink'],
      ['/v1/platforms?vendor=Yealinc', 'vendor', 'Yealink'],
      ['/v1/compare?cell=phone:Yealink:SIP-T54W&cell=phone:Yealink:SIP-T46SS', 'model', 'SIP-T46S'],
    ];
    for (const [url = '', parameter, didYouMean] of meant) {
      const { status, detail, errors } = await problemOf(url);
      expect([url, status, errors]).toEqual([url, 404, [{ parameter, reason: 'unknown-name', didYouMean }]]);
      expect(detail).toContain(`did you mean ${didYouMean}?`);
    }
    const { errors } = await problemOf('/v1/vendors/Qqqqqqqqqqqq?category=all');
    expect(errors).toEqual([{ parameter: 'vendor', reason: 'unknown-name' }]);
  });

  test('names are known in any case and answered as they are spelled', async () => {
    const { cell, points } = await server.json<TrendAnswer>(
      '/v1/trend?category=phone&vendor=YEALINK&model=sip-t46s&from=2026-11',
    );
    expect([cell, points[0]?.sites]).toEqual([{ category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' }, 20]);
    expect((await server.json<VendorAnswer>('/v1/vendors/yealink?category=phone')).vendor).toBe('Yealink');
    const { rows } = await server.json<CountsAnswer>('/v1/counts?view=platform&platform=freepbx%2017');
    expect(rows).toMatchObject([{ platform: 'FreePBX 17', sites: 28 }]);
  });

  test('a name that is counted under no rule of the catalogue is known as long as it is shown', async () => {
    const month = parsePeriod('2026-05');
    await server.say(month, [
      ...sites(0, 9, [phone('Madeup', 'Deskset 1')]),
      ...sites(9, 12, [phone('Madeup', 'Rare 1')]),
    ]);
    await server.count(month);
    const asked = (model: string) => server.get(`/v1/trend?category=phone&vendor=madeup&model=${model}&to=${month}`);
    expect([(await asked('deskset%201')).status, (await asked('Rare%201')).status]).toEqual([200, 404]);
    expect((await asked('Rare%201')).body).toBe((await asked('Rbrf%201')).body);
  });

  test('a parameter that is missing reads as missing, and what is allowed is listed', async () => {
    const { errors } = await problemOf('/v1/vendors/Yealink');
    expect(errors).toMatchObject([{ parameter: 'category', reason: 'missing' }]);
    expect(errors[0]?.allowed).toEqual(expect.arrayContaining(['phone', 'cpu', 'all']));
    expect((await problemOf('/v1/counts?view=nonsense')).errors[0]).toMatchObject({
      parameter: 'view',
      reason: 'not-allowed',
      allowed: expect.arrayContaining(['model', 'platform_vendor']),
    });
    expect((await problemOf('/v1/search')).errors).toEqual([{ parameter: 'q', reason: 'missing' }]);
    expect((await problemOf('/v1/trend?vendor=Yealink&model=SIP-T46S')).errors[0]).toMatchObject({
      parameter: 'category',
      reason: 'missing',
      allowed: expect.arrayContaining(['phone']),
    });
    expect((await problemOf('/v1/counts?format=xls')).errors[0]?.allowed).toEqual(['json', 'csv', 'parquet']);
  });
});

describe('one share everywhere', () => {
  test('a share is of the market of its category, whatever the question filters by', async () => {
    const shareIn = async (url: string) => (await server.json<CountsAnswer>(url)).rows.map((row) => row.sitesShare);
    const all = await server.json<CountsAnswer>('/v1/counts?view=vendor&category=phone');
    const shares = new Map(all.rows.map(({ vendor, sitesShare }) => [vendor, sitesShare]));
    expect(shares.get('Yealink')).toBe(0.925926);
    expect(await shareIn('/v1/counts?view=vendor&category=phone&vendor=Yealink')).toEqual([0.925926]);
    expect(await shareIn('/v1/counts?view=model&category=phone&vendor=Yealink')).toEqual([0.555556, 0.37037]);
    // Without a category each row has the market of its own.
    const models = await server.json<CountsAnswer>('/v1/counts?view=model');
    expect(models.rows.map(({ model, sitesShare }) => [model, sitesShare])).toEqual([
      ['SIP-T54W', 0.555556],
      ['I210', 1],
      ['SIP-T46S', 0.37037],
      ['VVX 450', 0.148148],
    ]);
    const trend = await server.json<TrendAnswer>('/v1/trend?view=vendor&category=phone&vendor=Yealink&from=2026-11');
    expect(trend.points[0]?.sitesShare).toBe(0.925926);
  });

  test('where devices may be fewer than sites the answer says why', async () => {
    for (const url of ['/v1/counts?view=category', '/v1/install-base?category=cpu', '/v1/counts?view=vendor'])
      expect([url, (await server.json<{ note?: string }>(url)).note]).toEqual([
        url,
        expect.stringMatching(/shown models.*held back/),
      ]);
    expect(await server.json('/v1/counts?view=model')).not.toHaveProperty('note');
  });
});

describe('permalinks, ETags, caching', () => {
  test('a question with nothing said links to itself with everything said, and the link asks the same', async () => {
    for (const url of [
      '/v1/periods',
      '/v1/counts',
      '/v1/counts?q=%3Cscript%3E%0d%0aX-Evil:%201',
      '/v1/trend?view=site',
      '/v1/movers',
      '/v1/install-base',
      '/v1/vendors/Yealink?category=all',
      '/v1/platforms',
      '/v1/compare?cell=phone:Yealink:SIP-T46S&cell=phone:Poly:VVX%20450',
      '/v1/search?q=t',
    ]) {
      const answer = await server.get(url);
      if (url.includes('script')) {
        expect([answer.status, answer.headers['x-evil']]).toEqual([400, undefined]);
        continue;
      }
      const self = selfOf(answer.headers.link) as string;
      if (url !== '/v1/periods') expect(self).toMatch(/2026-11/);
      const again = await server.get(self);
      expect(again.body).toBe(answer.body);
      expect(selfOf(again.headers.link)).toBe(self);
      expect(again.headers.etag).toBe(answer.headers.etag);
    }
    const { headers } = await server.get('/v1/counts');
    expect(selfOf(headers.link)).toBe('/v1/counts?limit=50&offset=0&period=2026-11&sort=-sites&view=model');
  });

  test('who has the answer gets 304 until something was counted; another question or format is another answer', async () => {
    const url = '/v1/install-base?category=phone';
    const first = await server.get(url);
    expect(first.headers['cache-control']).toBe('private, max-age=5');
    const etag = first.headers.etag as string;
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await server.get(url, { 'if-none-match': tag });
      expect([again.status, again.body]).toEqual([304, '']);
    }
    for (const other of [`${url}&format=csv`, '/v1/install-base?category=nic'])
      expect((await server.get(other, { 'if-none-match': etag })).status).toBe(200);
    expect((await server.get(url, { accept: 'text/csv', 'if-none-match': etag })).status).toBe(200);
  });

  test('a failure is not to be kept', async () => {
    const { status, headers } = await server.get('/v1/counts?period=nonsense');
    expect([status, headers.etag, headers['cache-control'], headers.link]).toEqual([
      400,
      undefined,
      'no-store',
      undefined,
    ]);
  });
});

describe('exports', () => {
  const urls = [
    '/v1/counts?category=phone&sort=name&limit=2&offset=1',
    '/v1/counts?view=platform',
    '/v1/movers?category=phone',
    '/v1/trend?category=phone&vendor=Poly&model=VVX%20450',
  ];

  test('CSV and Parquet hold the rows and numbers of the page', async () => {
    for (const url of urls) {
      const page = await server.json<Record<string, Record<string, unknown>[]>>(url);
      const rows = page.rows ?? page.points ?? [];
      const csv = await server.get(`${url}&format=csv`);
      expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
      expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="rollcall-202[56]-[a-z0-9-]+\.csv"$/);
      const [head = '', ...lines] = csv.body.split('\r\n').slice(0, -1);
      const records = lines.map((line) => {
        const values = line.split(',');
        return Object.fromEntries(head.split(',').map((column, i) => [column, values[i]]));
      });
      expect(records).toMatchObject(
        rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)])),
        ),
      );
      const parquet = await server.get(`${url}&format=parquet`);
      expect(parquet.headers['content-type']).toBe('application/vnd.apache.parquet');
      const { buffer, byteOffset, length } = parquet.bytes;
      const file = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
      const read = (await parquetReadObjects({ file })) as Record<string, unknown>[];
      const numbers = read.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
        ),
      );
      expect(numbers).toMatchObject(rows);
    }
  });

  test('a list without rows is a file with its columns', async () => {
    const csv = await server.get('/v1/counts?q=nothing&format=csv');
    expect(csv.body).toBe(
      'period,platform,category,vendor,model,sites,devices,sitesShare,devicesShare,provisional,threshold\r\n',
    );
    expect((await server.get('/v1/counts?q=nothing&format=parquet')).bytes.subarray(0, 4).toString()).toBe('PAR1');
  });

  test('a file is the whole list unless a limit is given, is named after its month, and says what its numbers are', async () => {
    const month = parsePeriod('2026-06');
    const many = Array.from({ length: 60 }, (_, i) => phone('Yealink', `SIP-T${100 + i}`));
    await server.say(month, sites(0, 6, many));
    await server.count(month);
    const url = `/v1/counts?view=model&category=phone&period=${month}`;
    const whole = await server.get(`${url}&format=csv`);
    const lines = whole.body.split('\r\n').slice(1, -1);
    expect(lines).toHaveLength(60);
    expect(new Set(lines.map((line) => line.split(',').slice(-2).join()))).toEqual(new Set(['true,5']));
    expect(whole.headers['content-disposition']).toBe('attachment; filename="rollcall-2026-06-model-phone.csv"');
    expect(whole.headers.link).toBe(
      `</v1/counts?category=phone&format=csv&offset=0&period=${month}&sort=-sites&view=model>; rel="self canonical"`,
    );
    const page = await server.get(`${url}&format=csv&limit=7`);
    expect(page.body.split('\r\n').slice(1, -1)).toEqual(lines.slice(0, 7));
    expect(page.headers.link).toContain('rel="next"');
    const { buffer, byteOffset, length } = (await server.get(`${url}&format=parquet`)).bytes;
    const file = buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer;
    expect(await parquetReadObjects({ file })).toHaveLength(60);
    const movers = await server.get('/v1/movers?category=phone&format=csv');
    expect(movers.headers['content-disposition']).toContain('"rollcall-2026-10-2026-11-movers-model-phone.csv"');
  });

  test('Accept asks as format does; a browser gets JSON', async () => {
    const typeFor = async (accept: string) => (await server.get('/v1/counts', { accept })).headers['content-type'];
    expect(await typeFor('text/csv')).toMatch(/^text\/csv/);
    expect(await typeFor('application/json;q=0.5, text/csv')).toMatch(/^text\/csv/);
    expect(await typeFor('application/vnd.apache.parquet')).toBe('application/vnd.apache.parquet');
    for (const accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/csv;q=0', 'constructor', ''])
      expect(await typeFor(accept)).toMatch(/^application\/json/);
  });

  test('every list of the table of routes can be had as CSV and as Parquet', async () => {
    // The overview is many lists, and facets are what can be asked: neither is a table.
    const noTable = ['/v1/overview', '/v1/facets', '/v1/growth'];
    const lists = server.routes.filter(({ path }) => path.startsWith('/v1/') && !noTable.includes(path));
    expect(lists.filter((route) => !route.table || route.formats?.length !== 2).map(({ path }) => path)).toEqual([]);
  });
});

// The last test: it counts one more month.
test('a vendor says how many of its models are held back, as counts do under the same filter', async () => {
  const [month, before] = [parsePeriod('2026-08'), '2026-07'];
  const rare = sites(8, 11, [phone('Poly', 'VVX 150'), phone('Poly', 'VVX 250'), phone('Snom', 'D765')]);
  await server.say(month, [...sites(0, 8, [phone('Poly', 'VVX 450')]), ...rare]);
  await server.count(month);
  const held = async (vendor: string) => {
    const filter = `category=phone&period=${month}`;
    const { suppressed } = await server.json<VendorAnswer>(`/v1/vendors/${vendor}?${filter}`);
    const counts = await server.json<CountsAnswer>(`/v1/counts?vendor=${vendor}&${filter}`);
    expect(suppressed).toEqual(counts.suppressed);
    return suppressed.cells;
  };
  expect(await held('Poly')).toBe(2);
  // Of a vendor that is not shown nothing is said: the number is that of all phones.
  expect([await held('Snom'), await held('Fanvil')]).toEqual([3, 3]);
  const none = await server.json<VendorAnswer>(`/v1/vendors/Poly?category=phone&period=${before}`);
  expect([none.snapshotAt, none.suppressed]).toEqual([null, { cells: 0 }]);
});
