import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Period } from '../../../schemas/period.ts';
import type { Transition } from '../../../schemas/release.ts';
import { buildApi } from '../../../services/compose/api.ts';
import { serveBuiltConsole } from '../../../services/compose/console.ts';
import { serveDocuments } from '../../../services/compose/documents.ts';
import { buildApp } from '../../../services/compose/http.ts';
import { serveRoutes } from '../../../services/http/serve-routes.ts';
import { releaseFiles } from '../../../services/releases/files/release-files.ts';
import { fingerprintOf } from '../../../services/releases/files/sign.ts';
import { systemClock } from '../../../services/shared/clock.ts';
import { closed } from '../../service/release-server.ts';
import { apiDeps } from '../../support/api/api-deps.ts';
import { blockOf, type EmbeddedStore, linesOf, openEmbeddedStore } from '../../support/embedded-store.ts';
import { KEY, madeUpOrder, noisedCells, UNBOUNDED, withoutNoise } from '../../support/made-up-release.ts';
import { openPage, type Watched } from './browser.ts';
import { FINAL, LAST, NOW, OPEN, SECOND_LAST, saidIn, THIRD_LAST } from './real-fleet.ts';

export type Role = 'reader' | 'curator' | 'releaser' | 'admin' | 'manufacturer:Yealink';
const ROLES: readonly Role[] = ['reader', 'curator', 'releaser', 'admin', 'manufacturer:Yealink'];

/** The built console and the API of the product as the role `api` serves them, over a store that holds a year. */
export interface RealConsole {
  readonly url: string;
  /** Every request to the API and how it was answered, oldest first. */
  readonly asked: { readonly method: string; readonly url: string; readonly status: number }[];
  readonly keys: ReadonlyMap<Role, string>;
  /** A page of a browser that is signed in. */
  page(browser: Browser, role: Role, options?: BrowserContextOptions): Promise<Watched>;
  /** Asks as that role. */
  get(role: Role, path: string): Promise<Response>;
  close(): Promise<void>;
}

const SEED = 'rc_admin_seed_of_the_browser_tests_1';
const THRESHOLD = 10;
const DAY_MS = 86_400_000;

export async function openRealConsole(): Promise<RealConsole> {
  const embedded = await openEmbeddedStore();
  await count(embedded);
  await release(embedded);
  const quiet = () => {};
  const journal = { info: quiet, warn: quiet, error: quiet };
  const settings = { directory: embedded.directory, clock: systemClock, journal, adminKey: SEED };
  const deps = apiDeps(embedded.whole, { ...settings, config: { readsPerMinute: 0, threshold: THRESHOLD } });
  const { keyId, publicPem, publicKey } = KEY;
  const published = { keyId, pem: publicPem, fingerprint: fingerprintOf(publicKey), since: null, succession: null };
  const api = buildApi(deps, {
    signingKeys: () => [published],
    closes: { request: async () => 'already' },
  });
  const app = buildApp(journal);
  const asked: { method: string; url: string; status: number }[] = [];
  app.addHook('onResponse', async ({ method, url }, { statusCode }) => {
    if (url.startsWith('/v1/')) asked.push({ method, url, status: statusCode });
  });
  serveRoutes(app, api.routes, api.access);
  serveBuiltConsole(app, api.access, deps);
  serveDocuments(app, deps);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const keys = new Map(await Promise.all(ROLES.map(async (role) => [role, await makeKey(url, role)] as const)));
  return {
    url,
    asked,
    keys,
    async page(browser, role, options = {}) {
      const watched = await openPage(browser, options);
      await watched.page
        .context()
        .addCookies([{ url, name: 'rollcall_session', value: await signIn(url, keys.get(role)) }]);
      return watched;
    },
    get: (role, path) => fetch(url + path, { headers: { authorization: `Bearer ${keys.get(role)}` } }),
    async close() {
      await app.close();
      await embedded.close();
    },
  };
}

/** Every month's reports become facts and are counted; all but the last for good. */
async function count({ store }: EmbeddedStore): Promise<void> {
  for (const [i, period] of [...FINAL, OPEN].entries()) {
    const words = saidIn(period);
    const lines = words.flatMap((word) => linesOf(period, word));
    await store.insertFacts([blockOf(period, lines, words.length)]);
    const order = { period, threshold: THRESHOLD, catalogue: '2026-11.1', takenAt: NOW - DAY_MS + i };
    if (period === OPEN) await store.takeSnapshot({ ...order, guard: 'exact' });
    else await store.showFinal(order, await store.freeze(order));
  }
}

/** Releases of the last three months, signed by the tests' key; one without noise, one that holds numbers. */
async function release({ releases: store }: EmbeddedStore): Promise<void> {
  const by = { at: NOW, by: 'test' };
  const yealink = {
    party: 'Yealink',
    vendors: ['Yealink'],
    lineage: true,
    platforms: ['FreePBX'],
    contact: 'Grace Hopper',
  };
  await store.putAgreement({ ...yealink, delivery: { kind: 'download' }, ...by });
  await store.addProfile({ since: THIRD_LAST, profile: 'threshold', ...by });
  await store.addProfile({ since: SECOND_LAST, profile: 'noised', ...by });
  for (const period of FINAL) {
    const unbounded = period === THIRD_LAST;
    const at = releasedAt(period);
    const order = { ...(unbounded ? withoutNoise() : madeUpOrder()), period, frozenAt: at };
    const cost = unbounded ? UNBOUNDED : order.cost;
    await store.addLedgerEntry({ period, at, profile: unbounded ? 'threshold' : 'noised', ...cost });
    if (FINAL.indexOf(period) < FINAL.length - 3) await store.addTransition(released(period, at));
    else
      await store.addRelease(releaseFiles(order).map((file) => ({ period, party: 'Yealink', revision: 0, ...file })));
  }
  await closed(store, THIRD_LAST, [], releasedAt(THIRD_LAST));
  await closed(store, SECOND_LAST, noisedCells(0.9), releasedAt(SECOND_LAST));
  await closed(store, LAST, heldCells(), releasedAt(LAST), SECOND_LAST);
}

/** Yesterday the newest, so that what it holds can be decided; the others a month apart. */
const releasedAt = (period: Period): number => NOW - DAY_MS - 30 * DAY_MS * (FINAL.length - 1 - FINAL.indexOf(period));

function released(period: Period, at: number): Transition {
  return { period, seq: 7, step: 'RELEASED', at, nonce: period, detail: {} };
}

/** One number grew too fast, and two names are new. */
function heldCells() {
  const why = { 'SIP-T54W': 'growth', 'SIP-T48G': 'new-name', 'CCX 500': 'new-name' } as const;
  return noisedCells().map((cell) =>
    cell.query === 'phone_model' && cell.model in why ? { ...cell, held: why[cell.model as keyof typeof why] } : cell,
  );
}

async function makeKey(url: string, role: Role): Promise<string> {
  const answer = await send(`${url}/v1/keys`, { owner: `a ${role.replace(':', ' of ')}`, scopes: [role] }, SEED);
  return ((await answer.json()) as { key: string }).key;
}

async function signIn(url: string, key: string | undefined): Promise<string> {
  const answer = await send(`${url}/v1/session`, { key });
  return /rollcall_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
}

async function send(url: string, body: unknown, key?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
