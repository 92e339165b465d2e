import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUGUST, filesOf, openReleaseServer, PUBLIC_KEY, type ReleaseServer, SEPTEMBER } from './release-server.ts';

const POLY = 'Poly & Co. (A/B), Inc.';
const [SNOM, OTHER] = ['manufacturer:Snom', `manufacturer:${POLY}`] as const;

let server: ReleaseServer;
beforeAll(async () => {
  server = await openReleaseServer();
  for (const party of ['Snom', POLY]) await server.store.addRelease(filesOf(party));
  await server.store.addRelease(filesOf('Snom', 1));
  await server.store.addRelease(filesOf('Snom', 0, SEPTEMBER));
});
afterAll(() => server.close());

const pathOf = (party: string, file: string, period: string = AUGUST) =>
  `/v1/releases/${period}/${encodeURIComponent(party)}/${file}`;
const partiesIn = ({ json = {} }: { json: Record<string, unknown> | undefined }) => [
  ...new Set((json.releases as { party: string }[]).map(({ party }) => party)),
];

describe('a manufacturer', () => {
  test('is listed its own releases, whatever it asks for', async () => {
    for (const query of ['', '?party=Snom', `?party=${encodeURIComponent(POLY)}`, `?period=${AUGUST}&party=Nobody`])
      expect(partiesIn(await server.as(SNOM, 'GET', `/v1/releases${query}`)), query).toEqual(['Snom']);
    expect(partiesIn(await server.as(OTHER, 'GET', '/v1/releases?party=Snom'))).toEqual([POLY]);
    expect(partiesIn(await server.as('manufacturer:Fanvil', 'GET', '/v1/releases'))).toEqual([]);
  });

  test('reads its own files, and of another’s learns not even whether there are any', async () => {
    expect((await server.as(OTHER, 'GET', pathOf(POLY, 'release.json'))).status).toBe(200);
    const there = await server.as(SNOM, 'GET', pathOf(POLY, 'release.json'));
    const nowhere = await server.as(SNOM, 'GET', pathOf('Nobody', 'nothing.txt', '2031-01'));
    expect([there.status, nowhere.status]).toEqual([403, 403]);
    expect(there.text).toBe(nowhere.text);
    expect(there.text).not.toContain('Poly');
    expect((await server.as(SNOM, 'GET', pathOf('Snom', 'nothing.txt'))).status).toBe(404);
  });

  test('is shown no other page of releases', async () => {
    const pages = ['/v1/ledger', '/v1/agreements', '/v1/agreements/Snom/secret', '/v1/held', '/v1/release-profile'];
    for (const page of pages) expect((await server.as(SNOM, 'GET', page)).status, page).toBe(403);
    for (const page of [`${pathOf('Snom', 'redeliver')}`, `/v1/periods/${AUGUST}/close`, '/v1/agreements'])
      expect((await server.as(SNOM, 'POST', page, {})).status, page).toBe(403);
  });

  test('has each of its downloads written down, and nobody else’s are', async () => {
    const path = pathOf('Snom', 'release.csv');
    await server.as('reader', 'GET', path);
    const before = (await server.store.deliveries()).length;
    const { headers } = await server.as(SNOM, 'GET', path);
    await server.as(SNOM, 'GET', pathOf(POLY, 'release.csv'));
    await server.as(SNOM, 'GET', pathOf('Snom', 'nothing.csv'));
    const head = await server.inject(SNOM, 'HEAD', path);
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(headers.etag).toMatch(/^"[\w-]{22}"$/);
    expect((await server.store.deliveries()).slice(before)).toEqual([
      {
        ...{ period: AUGUST, party: 'Snom', revision: 1, event: 'downloaded', at: server.clock.now() },
        ...{ way: 'download', outcome: 'release.csv' },
      },
    ]);
  });
});

describe('a file of a release', () => {
  test('is sent byte for byte, as a download, of the newest revision unless one is named', async () => {
    for (const { name, content, revision } of [...filesOf('Snom', 1), ...filesOf('Snom', 0)]) {
      const query = revision === 1 ? '' : '?revision=0';
      const answer = await server.as('reader', 'GET', pathOf('Snom', name) + query);
      expect([answer.status, answer.text], name).toEqual([200, content]);
      expect(answer.headers['content-disposition']).toBe(`attachment; filename="${name}"`);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    }
    const typeOf = async (name: string) =>
      (await server.as('reader', 'GET', pathOf('Snom', name))).headers['content-type'];
    expect(await typeOf('release.json')).toBe('application/json; charset=utf-8');
    expect(await typeOf('release.csv')).toBe('text/csv; charset=utf-8');
    expect(await typeOf('manifest.sig')).toBe('application/octet-stream');
    expect((await server.as('reader', 'GET', `${pathOf('Snom', 'release.json')}?revision=2`)).status).toBe(404);
  });

  test('is not sent again to somebody who has it', async () => {
    const path = pathOf('Snom', 'release.json');
    const { headers } = await server.as('reader', 'GET', path);
    const content = filesOf('Snom', 1)[0]?.content ?? '';
    expect(headers.etag).toBe(`"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`);
    const before = (await server.store.deliveries()).length;
    for (const known of [`${headers.etag}`, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
      const again = await server.inject(SNOM, 'GET', path, { 'if-none-match': known });
      expect([again.statusCode, again.body, again.headers.etag], known).toEqual([304, '', headers.etag]);
    }
    expect(await server.store.deliveries()).toHaveLength(before);
  });

  test('that is no name of a file is refused', async () => {
    for (const name of ['..%2fmanifest.sig', '%2e%2e', 'Release.json', 'a%00b', 'x'.repeat(65)])
      expect([400, 404], name).toContain((await server.as('reader', 'GET', pathOf('Snom', name))).status);
  });
});

test('releases are listed for staff by month and party, also as rows', async () => {
  const all = await server.as('curator', 'GET', '/v1/releases');
  expect(partiesIn(all)).toEqual(['Snom', POLY]);
  const one = await server.as('releaser', 'GET', `/v1/releases?period=${SEPTEMBER}&party=Snom`);
  expect(one.json?.releases).toEqual([
    {
      ...{ period: SEPTEMBER, party: 'Snom', revision: 0 },
      ...{
        at: expect.any(String),
        profile: 'noised',
        cells: 0,
        fetchedAt: null,
        sample: { sites: null, sitesMargin: null },
      },
      files: filesOf('Snom')
        .map(({ name, content }) => ({ name, bytes: Buffer.byteLength(content) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
  ]);
  const csv = await server.as('reader', 'GET', `/v1/releases?format=csv&period=${SEPTEMBER}`);
  expect(csv.text.replace('\ufeff', '').split('\r\n').slice(0, 2)).toEqual([
    'period,party,revision,file,bytes',
    '2026-09,Snom,0,manifest.json,15',
  ]);
});

test('releases are listed page by page: each is on one page, and every page says how many there are', async () => {
  interface Page {
    readonly total: number;
    readonly releases: readonly { period: string; party: string; revision: number }[];
    readonly next: number | null;
  }
  const page = async (scope: string, query: string) =>
    (await server.as(scope, 'GET', `/v1/releases?${query}`)).json as unknown as Page;
  const named = ({ releases }: Page) => releases.map(({ period, party, revision }) => `${period} ${party} ${revision}`);
  const whole = await page('releaser', '');
  expect(whole).toMatchObject({ total: 4, next: null });
  const pages = [await page('releaser', 'limit=3'), await page('releaser', 'limit=3&offset=3')];
  expect(pages.map(({ total, next }) => [total, next])).toEqual([
    [4, 3],
    [4, null],
  ]);
  expect(pages.flatMap(named)).toEqual(named(whole));
  expect(new Set(named(whole)).size).toBe(4);
  expect(await page('releaser', 'offset=4')).toEqual({ total: 4, releases: [], next: null });
  // A manufacturer's pages are of its own, and so is their number.
  expect(await page(SNOM, 'limit=2')).toMatchObject({ total: 3, next: 2 });
  expect(await page(OTHER, 'limit=2')).toMatchObject({ total: 1, next: null });
  for (const wrong of ['limit=0', 'limit=1001', 'offset=-1'])
    expect((await server.as('releaser', 'GET', `/v1/releases?${wrong}`)).status, wrong).toBe(400);
});

test('the public key is for everybody', async () => {
  expect((await server.as('', 'GET', '/v1/signing-key')).json).toMatchObject({ ...PUBLIC_KEY, keys: [PUBLIC_KEY] });
});

test('nothing of it made the server log', () => {
  expect(server.logged).toEqual([]);
});
