import type { FastifyInstance } from 'fastify';
import type { Period } from '../../../schemas/period.ts';
import { buildApi } from '../../../services/compose/api.ts';
import { buildApp } from '../../../services/compose/http.ts';
import { parsePeriod } from '../../../services/core/period.ts';
import type { Access } from '../../../services/http/access.ts';
import type { Route } from '../../../services/http/route.ts';
import { serveRoutes } from '../../../services/http/serve-routes.ts';
import type { Guard } from '../../../services/ports/snapshot.ts';
import { type Clock, SetClock } from '../../../services/shared/clock.ts';
import { type Log, silentLog } from '../../../services/shared/log.ts';
import { blockOf, type EmbeddedStore, linesOf, openEmbeddedStore } from '../embedded-store.ts';
import { sealedNames } from '../month-keys.ts';
import type { SaidBySite } from '../site-oracle.ts';
import { apiDeps } from './api-deps.ts';

/** The reading endpoints over a real store, with the clock in November 2026. */
export interface ApiServer {
  readonly app: FastifyInstance;
  readonly embedded: EmbeddedStore;
  readonly routes: readonly Route[];
  /** What the server logged: only defects are. */
  readonly logged: readonly string[];
  /** The sites' words become facts of the period. */
  say(period: Period, words: readonly SaidBySite[]): Promise<void>;
  count(period: Period, guard?: Guard): Promise<void>;
  /** Counts it a last time: it is final from then on. */
  finish(period: Period): Promise<void>;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  json<T>(url: string): Promise<T>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: Buffer;
}

export const [SEPTEMBER, OCTOBER, NOVEMBER] = ['2026-09', '2026-10', '2026-11'].map(parsePeriod) as [
  Period,
  Period,
  Period,
];
const NOW = Date.parse('2026-11-15T12:00:00Z');

/** Everybody is a reader: who may read is another suite's matter. */
const readers: Access = {
  authenticate: async () => ({ keyId: 'test', scopes: ['reader'], manufacturer: undefined }),
};

const READING =
  /^\/(docs|openapi\.json|v1\/(periods|counts|trend|movers|compare|install-base|vendors|platforms|search|growth|overview|series|facets|models))/;

function readingRoutes({ whole, directory }: EmbeddedStore, more: { clock: Clock; journal: Log; threshold: number }) {
  const { clock, journal, threshold } = more;
  const deps = apiDeps(whole, { directory, clock, journal, adminKey: 'unused', config: { threshold } });
  return buildApi(deps).routes.filter(({ method, path }) => method === 'GET' && READING.test(path));
}

export async function openApiServer(threshold = 5): Promise<ApiServer> {
  const embedded = await openEmbeddedStore();
  const clock = new SetClock(NOW);
  const logged: string[] = [];
  const note = (message: string, fields?: unknown) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const log = { info: note, warn: note, error: note };
  const app = buildApp(log);
  const routes = readingRoutes(embedded, { clock, journal: log, threshold });
  serveRoutes(app, routes, readers);
  let takenAt = NOW;
  const get = async (url: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await app.inject({ method: 'GET', url, headers });
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      body: response.body,
      bytes: response.rawPayload,
    };
  };
  return {
    app,
    embedded,
    routes,
    logged,
    async say(period, words) {
      const lines = words.flatMap((word) => linesOf(period, word));
      if (lines.length > 0) await embedded.store.insertFacts([blockOf(period, lines, words.length)]);
    },
    async count(period, guard = 'exact') {
      takenAt += 1_000;
      const { open } = opener(period);
      await embedded.store.takeSnapshot({ period, threshold, guard, catalogue: 'test', takenAt, open });
    },
    async finish(period) {
      takenAt += 1_000;
      const order = { period, threshold, catalogue: 'test', takenAt };
      await embedded.store.showFinal(order, await embedded.store.freeze(order));
    },
    get,
    async json<T>(url: string) {
      const answer = await get(url);
      if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.body}`);
      return JSON.parse(answer.body) as T;
    },
    async close() {
      await app.close();
      await embedded.close();
    },
  };
}

export type Model = SaidBySite['models'][number];
export const phone = (vendor: string, model: string, count = 1): Model => ({ category: 'phone', vendor, model, count });

/** Sites `from` to `to` - 1, all with the same. */
export function sites(from: number, to: number, models: readonly Model[], platform = 'FreePBX 17'): SaidBySite[] {
  return Array.from({ length: to - from }, (_, i) => ({
    site: from + i,
    sequence: 1,
    platform,
    withdraw: false,
    models,
  }));
}

/** Three months of a small fleet: T46S falls, T54W rises, a Poly model is there in November only, and one is too rare. */
export async function fillThreeMonths(server: ApiServer): Promise<void> {
  const t46 = phone('Yealink', 'SIP-T46S', 10);
  const t54 = phone('Yealink', 'SIP-T54W', 4);
  const poly = phone('Poly', 'VVX 450', 3);
  const nic: Model = { category: 'nic', vendor: 'Intel', model: 'I210', count: 1 };
  const rare = phone('Snom', 'D765', 7);
  await server.say(SEPTEMBER, [...sites(0, 30, [t46, nic]), ...sites(30, 40, [t54])]);
  await server.say(OCTOBER, [...sites(0, 24, [t46, nic]), ...sites(24, 40, [t54], 'Asterisk 20')]);
  await server.say(NOVEMBER, [
    ...sites(0, 20, [t46, nic]),
    ...sites(20, 42, [t54], 'Asterisk 20'),
    ...sites(42, 50, [poly, t54]),
    ...sites(50, 54, [rare], '3CX 20'),
  ]);
  for (const period of [SEPTEMBER, OCTOBER, NOVEMBER]) await server.count(period);
}

/** The same store, shown from another threshold on. Resolves to a way to ask. */
export async function apiOver({ embedded }: ApiServer, threshold: number): Promise<(url: string) => Promise<string>> {
  const app = buildApp(silentLog);
  const clock = new SetClock(NOW);
  serveRoutes(app, readingRoutes(embedded, { clock, journal: silentLog, threshold }), readers);
  await app.ready();
  return async (url) => (await app.inject({ method: 'GET', url })).body;
}

/** Of names that were sealed by the keys of tests. */
const opener = (period: Period) => {
  const names = sealedNames(period);
  return { open: (sealed: { vendor: string; model: string }) => names.open(sealed) };
};
