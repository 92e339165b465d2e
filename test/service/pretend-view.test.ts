import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { MoversAnswer } from '../../schemas/answers/movers.ts';
import type { TrendAnswer } from '../../schemas/answers/trend.ts';
import type * as CellNames from '../../schemas/cell-names.ts';
import { Mapping } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';
import type * as Categories from '../../services/core/categories.ts';
import { laneOf } from '../../services/core/lanes.ts';
import type * as Views from '../../services/core/views.ts';
import { apiDocument } from '../../services/http/openapi/documentation.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { withMappings } from '../../services/identify/mapped.ts';
import { type Answer, ingestOne } from '../../services/ingest/ingest-one.ts';
import { Mixer } from '../../services/ingest/mixer.ts';
import type { LogWriter } from '../../services/ports/log-writer.ts';
import { requireConserved } from '../../services/releases/close/conservation.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { type ApiServer, NOVEMBER, OCTOBER, openApiServer } from '../support/api/api-server.ts';
import { sealedNames, TICKETS } from '../support/month-keys.ts';

// The whole edit that a new view and a new category take: their names, and a row each. Nothing else is replaced here:
// parsing, identification, facts, the byte scan, the embedded store, snapshots and the API are the product's own.

vi.mock('../../schemas/cell-names.ts', async (original) => {
  const names = await original<typeof CellNames>();
  return {
    ...names,
    VIEWS: [...names.VIEWS, 'platform_category', 'platform_model'],
    CATEGORIES: [...names.CATEGORIES, 'pager'],
  };
});

vi.mock('../../services/core/categories.ts', async (original) => {
  const { CATEGORY_TABLE, ...rest } = await original<typeof Categories>();
  return { ...rest, CATEGORY_TABLE: { ...CATEGORY_TABLE, pager: { group: 'endpoint', recognisedAs: 'endpoint' } } };
});

vi.mock('../../services/core/views.ts', async (original) => {
  const { VIEW_TABLE, ...rest } = await original<typeof Views>();
  const pretend = {
    ...{ leastSites: 0, shareOf: 'platform' },
    ...{ scopes: ['platform', 'category', 'site'], totals: ['platform', 'category', 'site'] },
  };
  return {
    ...rest,
    VIEW_TABLE: {
      ...VIEW_TABLE,
      platform_category: {
        ...pretend,
        columns: ['platform', 'category'],
        from: 'category',
        devices: 'none',
        filters: ['platform', 'category'],
        sorts: ['sites', 'name'],
      },
      platform_model: {
        ...pretend,
        columns: ['platform', 'category', 'vendor', 'model'],
        from: 'model',
        devices: 'own',
        filters: ['platform', 'category', 'vendor'],
        sorts: ['sites', 'devices', 'name'],
      },
    },
  };
});

const CATALOG = loadCatalog();
/** A curator's word for the name that the pretend device reports under. */
const PAGER = Mapping.parse({
  id: 1,
  from: { category: 'pager', vendor: 'Acme', model: 'P-100' },
  to: { category: 'pager', vendor: 'Acme', model: 'Pager 100' },
  since: '2026-10',
  addedAt: 0,
  addedBy: 'test',
});
const phone = { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 2 };
const pager = { category: 'pager', vendor: 'Acme', model: 'P-100', count: 3 };
const unknown = { category: 'pager', vendor: 'Acme', model: 'P-999', count: 1 };

let server: ApiServer;
let mixer: Mixer;

beforeAll(async () => {
  server = await openApiServer();
  const { store } = server.embedded;
  const log: LogWriter = { append: (block) => store.insertFacts([block]) };
  mixer = new Mixer(log, { flushMs: 1, maxReports: 64, maxPending: 1_000 });
  await report(OCTOBER, 0, 6, ['FreePBX', '17'], [phone, pager]);
  await report(OCTOBER, 6, 26, ['FreePBX', '17'], [phone]);
  await report(NOVEMBER, 0, 12, ['FreePBX', '17'], [phone, pager]);
  await report(NOVEMBER, 12, 24, ['Asterisk', '20'], [phone]);
  await report(NOVEMBER, 24, 27, ['Asterisk', '20'], [pager]);
  await report(NOVEMBER, 27, 49, ['3CX', '20'], [unknown]);
  for (const period of [OCTOBER, NOVEMBER]) await server.count(period);
});
afterAll(async () => {
  await mixer.close();
  await server.close();
});

/** Sites `from` to `to` - 1 post a report each, as an agent would. */
function report(period: Period, from: number, to: number, [name, version]: string[], devices: object[]) {
  const identifier = withMappings(buildIdentifier(CATALOG, period), [PAGER], period);
  const deps = {
    openPeriods: () => [period],
    identifierOf: () => identifier,
    capOf: () => 24,
    mixer,
    tickets: TICKETS,
    mostDevices: 1_000,
    sealOf: sealedNames,
  };
  const post = (_: unknown, i: number): Promise<Answer> => {
    const token = `token-of-site-${String(from + i).padStart(12, '0')}`;
    const platform = { name, version };
    const body = { schema: 'rollcall.report/1', period, token, sequence: 1, platform, devices };
    return ingestOne(Buffer.from(JSON.stringify(body)), deps);
  };
  return Promise.all(Array.from({ length: to - from }, post));
}

const cells = ({ rows }: CountsAnswer) =>
  rows.map((row) =>
    [row.platform, row.category, row.vendor, row.model, row.sites, row.devices].filter((x) => x != null),
  );
const countsOf = (query: string) => server.json<CountsAnswer>(`/v1/counts?${query}`);

async function refusal(query: string): Promise<unknown> {
  const { status, body } = await server.get(`/v1/counts?${query}`);
  return [status, JSON.parse(body).errors];
}

describe('a category that is a name and a row', () => {
  test('is taken in reports, and its receipt counts the lines', async () => {
    const receipts = await report(NOVEMBER, 0, 1, ['FreePBX', '17'], [phone, pager]);
    expect(receipts).toMatchObject([{ accepted: 2, unlisted: 0, refused: [] }]);
  });

  test('is counted by model, vendor and category, and as unlisted where nobody knows the name', async () => {
    expect(cells(await countsOf('view=model&category=pager'))).toEqual([['pager', 'Acme', 'Pager 100', 15, 45]]);
    expect(cells(await countsOf('view=vendor&category=pager'))).toEqual([['pager', 'Acme', 15, 45]]);
    expect(cells(await countsOf('view=category&category=pager'))).toEqual([['pager', 15, 45]]);
    expect(cells(await countsOf('view=unlisted&category=pager'))).toEqual([['pager', 'Acme', 'P-999', 22]]);
  });

  test('has a trend', async () => {
    const { points } = await server.json<TrendAnswer>('/v1/trend?category=pager&vendor=Acme&model=Pager%20100');
    expect(points.map(({ sites, devices }) => [sites, devices])).toEqual([
      [6, 18],
      [15, 45],
    ]);
  });

  test('has the slots that its group has', () => {
    expect(laneOf('pager' as 'phone')).toBe('endpoints');
  });
});

describe('a view that is a name and a row', () => {
  test('is counted from what it is made from, a page at a time', async () => {
    const answer = await countsOf('view=platform_category');
    expect(cells(answer)).toEqual([
      ['Asterisk 20', 'phone', 12],
      ['FreePBX 17', 'pager', 12],
      ['FreePBX 17', 'phone', 12],
    ]);
    expect(answer.total).toEqual({ sites: 49, devices: 48 + 45 });
    expect(answer.suppressed).toEqual({ cells: 1 });
    const second = await countsOf('view=platform_category&sort=name&limit=1&offset=1');
    expect(cells(second)).toEqual([['FreePBX 17', 'pager', 12]]);
  });

  test('carries devices if its row says so', async () => {
    expect(cells(await countsOf('view=platform_model&sort=-devices'))).toEqual([
      ['FreePBX 17', 'pager', 'Acme', 'Pager 100', 12, 36],
      ['Asterisk 20', 'phone', 'Yealink', 'SIP-T46S', 12, 24],
      ['FreePBX 17', 'phone', 'Yealink', 'SIP-T46S', 12, 24],
    ]);
  });

  test('says of a scope how much is held back in it, and has its total', async () => {
    const asterisk = await countsOf('view=platform_category&platform=Asterisk%2020');
    expect([asterisk.total.sites, asterisk.suppressed.cells]).toEqual([15, 1]);
    const freepbx = await countsOf('view=platform_category&platform=FreePBX%2017');
    expect([freepbx.total.sites, freepbx.suppressed.cells]).toEqual([12, 0]);
    const pagers = await countsOf('view=platform_category&category=pager');
    expect([pagers.total.sites, pagers.suppressed.cells]).toEqual([15, 1]);
  });

  test('refuses filters and sorts that its row does not have', async () => {
    const parameter = (name: string, reason: string) => [400, [{ parameter: name, reason }]];
    expect(await refusal('view=platform_category&vendor=Acme')).toEqual(parameter('vendor', 'not-with-this-view'));
    expect(await refusal('view=platform_category&sort=devices')).toEqual(parameter('sort', 'no-devices-in-this-view'));
  });

  test('has a trend whose shares are of what its row says', async () => {
    const cell = 'view=platform_category&platform=FreePBX%2017&category=pager';
    const { points } = await server.json<TrendAnswer>(`/v1/trend?${cell}`);
    expect(points.map(({ period, sites, sitesShare }) => [period, sites, sitesShare])).toEqual([
      [OCTOBER, 6, 0.230769],
      [NOVEMBER, 12, 1],
    ]);
    const { status } = await server.get('/v1/trend?view=platform_category&platform=FreePBX%2017');
    expect(status).toBe(400);
  });

  test('has movers', async () => {
    const { rows } = await server.json<MoversAnswer>('/v1/movers?view=platform_category&category=pager');
    expect(rows.map((row) => [row.platform, row.fromSites, row.toSites])).toEqual([['FreePBX 17', 6, 12]]);
  });

  test('is in the document of the API', () => {
    const document = JSON.stringify(apiDocument(server.routes));
    expect(document).toContain('"platform_vendor","model","unlisted","platform_category","platform_model"');
  });

  test('is frozen with the others', async () => {
    const { store } = server.embedded;
    const order = { period: OCTOBER, threshold: 5, catalogue: 'test', takenAt: Date.parse('2026-11-15T13:00:00Z') };
    const rows = await store.frozenRows(OCTOBER, await store.freeze(order));
    requireConserved(rows, 5);
    const pretend = rows.filter(({ view }) => (view as string) === 'platform_category');
    expect(pretend.map(({ category, sites }) => [category, sites])).toEqual([
      ['pager', 6],
      ['phone', 26],
    ]);
  });
});
