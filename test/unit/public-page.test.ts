import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import type { ReleaseDocument } from '../../schemas/release-file.ts';
import { badgeOf } from '../../services/api/releases/public/badge.ts';
import { publicPage } from '../../services/api/releases/public/public-page.ts';
import { publicRoutes } from '../../services/api/releases/public/public-routes.ts';
import { buildApp } from '../../services/compose/http.ts';
import { serveRoutes } from '../../services/http/serve-routes.ts';
import type { Releases } from '../../services/ports/releases.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { silentLog } from '../../services/shared/log.ts';
import { madeUpOrder, withoutNoise } from '../support/made-up-release.ts';

const order = madeUpOrder({ party: 'public' });
const TEXT = fileOf('release.json');
const document = JSON.parse(TEXT) as ReleaseDocument;

function fileOf(name: string): string {
  return releaseFiles(order).find((file) => file.name === name)?.content ?? '';
}

/** Of two parties; what was asked for is written down. */
function releasesOf(parties: readonly string[], asked: string[] = []): Releases {
  const entry = (party: string, revision: number) => ({ period: document.period, party, revision, files: [] });
  return {
    releases: async () => parties.flatMap((party) => [entry(party, 0), entry(party, 1)]),
    async releaseFile(period: Period, party: string, revision: number, name: string) {
      asked.push([period, party, revision, name].join(' '));
      return party === 'public' && name === 'release.json' ? TEXT : undefined;
    },
  };
}

function served(releases: Releases, publishes: boolean) {
  const app = buildApp(silentLog);
  serveRoutes(app, publicRoutes({ releases, publishes }), { authenticate: async () => undefined });
  return app;
}

const PATHS = ['/public', '/v1/public-release', '/public/badge.svg'];
const asked: string[] = [];
const app = served(releasesOf(['Yealink', 'public'], asked), true);
beforeAll(() => app.ready());
afterAll(() => app.close());
const get = (url: string, headers = {}) => app.inject({ method: 'GET', url, headers });

test('nothing is public unless the operator says so and has released to the party called public', async () => {
  for (const off of [served(releasesOf(['public']), false), served(releasesOf(['Yealink', 'Public']), true)]) {
    for (const url of PATHS) {
      const { statusCode, json } = await off.inject({ method: 'GET', url });
      expect([statusCode, json().type]).toEqual([404, '/problems/nothing-public']);
    }
    await off.close();
  }
});

test('the newest revision of that one party is shown, and no other release is opened', async () => {
  const answer = await get('/v1/public-release');
  expect([answer.statusCode, answer.body]).toEqual([200, TEXT]);
  expect((await get('/v1/public-release', { 'if-none-match': answer.headers.etag })).statusCode).toBe(304);
  for (const url of PATHS) await get(url);
  expect(new Set(asked)).toEqual(new Set([`${document.period} public 1 release.json`]));
});

test('the page shows each maker, model and platform with its margin, runs nothing and needs nothing from elsewhere', async () => {
  const { body, headers } = await get('/public');
  const shown = document.cells.filter(({ query }) => ['phone_vendor', 'phone_model', 'platform'].includes(query));
  for (const cell of shown)
    expect(body).toContain(
      `${cell.sites.toLocaleString('en-US')} ± ${Math.round(cell.sitesMargin).toLocaleString('en-US')}`,
    );
  expect(body).toContain(document.answer.slice(0, 20));
  expect(body).not.toMatch(/<script|https?:\/\/|\son\w+=|\sstyle=|url\(/i);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(body.match(/<rect width="[\d.]+" height="12"/g)?.length).toBe(shown.length);
  expect(shown.length).toBeGreaterThan(5);
});

test('a name is text, whatever it is', () => {
  const hostile = { ...document, cells: document.cells.map((cell) => ({ ...cell, vendor: '<script>"' })) };
  expect(publicPage(hostile)).not.toContain('<script>');
  expect(badgeOf({ ...document, period: '2026-10"><script>' as Period })).not.toContain('"><script>');
});

test('a month without noise says so', () => {
  const text = releaseFiles({ ...withoutNoise(), party: 'public' }).find(
    ({ name }) => name === 'release.json',
  )?.content;
  const page = publicPage(JSON.parse(text ?? '{}') as ReleaseDocument);
  expect(page).toContain('class="warn"');
  expect(page).toContain('released without noise');
});

test('the badge is a picture that pages elsewhere may show', async () => {
  const { body, headers } = await get('/public/badge.svg');
  const all = document.cells.find(({ query }) => query === 'all');
  expect(headers['content-type']).toBe('image/svg+xml');
  expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
  expect((await get('/public')).headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(body).toContain(`${all?.sites.toLocaleString('en-US')} ±`);
  expect(body).not.toMatch(/<script|href|style=/);
});
