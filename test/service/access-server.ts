import { rmSync } from 'node:fs';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { NewKeyAnswer } from '../../schemas/answers/keys.ts';
import type { ClickHouseAccess } from '../../services/adapters/clickhouse/access/clickhouse-access.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { openStore } from '../../services/adapters/clickhouse/store.ts';
import { openMemoryCounters } from '../../services/adapters/memory/memory-counters.ts';
import { openMemoryRequestCounters } from '../../services/adapters/memory/memory-request-counters.ts';
import { MISS_AGE_MS } from '../../services/api/keys/keys.ts';
import { buildApi } from '../../services/compose/api.ts';
import { buildApp } from '../../services/compose/http.ts';
import { ingest } from '../../services/compose/ingest.ts';
import type { RequestLimit } from '../../services/core/request-limit.ts';
import type { AddressNames } from '../../services/http/limits/rate-limit.ts';
import type { Route } from '../../services/http/route.ts';
import { serveRoutes } from '../../services/http/serve-routes.ts';
import { OwnCloses } from '../../services/ingest/known-closes.ts';
import { noMappings } from '../../services/ingest/known-mappings.ts';
import { SetClock } from '../../services/shared/clock.ts';
import type { Config } from '../../services/shared/config.ts';
import type { Log } from '../../services/shared/log.ts';
import { NO_POPULAR, type PopularNetworks } from '../../services/shared/popular-networks.ts';
import { NO_PROXIES, type TrustedProxies } from '../../services/shared/trusted-proxies.ts';
import { apiDeps } from '../support/api/api-deps.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../support/embedded-store.ts';

export const SEED = 'rc_admin_seed_of_the_access_tests_01';

interface ServerOptions {
  readonly adminKey?: string;
  readonly proxies?: TrustedProxies;
  readonly readsPerMinute?: number;
  readonly reportsPerMinute?: number;
  readonly config?: Partial<Config>;
  readonly newTokens?: number;
  readonly popularNetworks?: PopularNetworks;
  /** Put around every route. */
  readonly wrap?: (route: Route) => Route;
}

export interface AccessServer {
  readonly app: FastifyInstance;
  readonly routes: readonly Route[];
  readonly names: AddressNames;
  readonly store: ClickHouseAccess;
  readonly clock: SetClock;
}

export interface Installation {
  readonly directory: string;
  readonly clock: SetClock;
  readonly sql: SqlClient;
  /** What the servers share. */
  readonly embedded: EmbeddedStore;
  /** Everything that any server logged. */
  readonly logged: string[];
  /** A server as another process would run it: over connections of its own, knowing nothing of the others. */
  server(options?: ServerOptions): Promise<AccessServer>;
  close(): Promise<void>;
}

/** A real embedded store under as many API servers as a test wants. One installation in a process at a time. */
export async function openInstallation(): Promise<Installation> {
  const embedded = await openEmbeddedStore();
  const clock = new SetClock(Date.now());
  const logged: string[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  return {
    directory: embedded.directory,
    clock,
    sql: embedded.sql,
    embedded,
    logged,
    async server(options = {}) {
      const store = await openStore({ kind: 'chdb', directory: embedded.directory });
      const { adminKey = SEED, wrap = (route) => route, proxies = NO_PROXIES } = options;
      const { readsPerMinute = 0, reportsPerMinute = 0, newTokens = 0, popularNetworks = NO_POPULAR } = options;
      const config = {
        ...options.config,
        trustedProxies: proxies,
        readsPerMinute,
        reportsPerMinute,
        newTokens,
        popularNetworks,
      };
      const journal = logInto(logged);
      const deps = apiDeps(store, { directory: embedded.directory, clock, journal, adminKey, config });
      // A window of an hour: a slow machine does not end it in the middle of a test.
      const minutes = openMemoryRequestCounters();
      const requests = { ...minutes, of: (limit: RequestLimit) => minutes.of({ ...limit, windowSeconds: 3_600 }) };
      const api = buildApi({ ...deps, requests });
      const routes = api.routes.map(wrap);
      const app = buildApp(journal);
      const counters = openMemoryCounters(clock);
      const log = { append: async () => {}, pending: async () => 0 };
      const reports = ingest({ ...deps, log, known: noMappings, closes: new OwnCloses(), counters, requests });
      reports.serve?.(app);
      serveRoutes(app, routes, api.access);
      closers.push(async () => {
        await app.close();
        await reports.close?.();
        await store.server.close();
      });
      return { app, routes, names: api.names, store: store.access, clock };
    },
    async close() {
      for (const close of closers) await close();
      await embedded.close();
      rmSync(embedded.directory, { recursive: true, force: true });
    },
  };
}

function logInto(lines: string[]): Log {
  const add = (event: string, fields?: object) => void lines.push(JSON.stringify({ event, ...fields }));
  return { info: add, warn: add, error: add };
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Sends JSON and reads JSON. */
export async function call(
  { app }: AccessServer,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  headers: Record<string, string> = {},
  body?: unknown,
) {
  const options: InjectOptions = { method, url, headers };
  if (body !== undefined) {
    options.payload = JSON.stringify(body);
    options.headers = { ...headers, 'content-type': 'application/json' };
  }
  const answer = await app.inject(options);
  const isJson = answer.body !== '' && /json/.test(String(answer.headers['content-type']));
  const json = isJson ? (JSON.parse(answer.body) as Record<string, unknown>) : undefined;
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, json };
}

/** A key that the seed admin makes. A moment passes: other processes look for what they do not know five times a second. */
export async function makeKey(server: AccessServer, owner: string, scopes: readonly string[], more: object = {}) {
  const made = await call(server, 'POST', '/v1/keys', bearer(SEED), { owner, scopes, ...more });
  if (made.status !== 201) throw new Error(`no key: ${made.status} ${made.text}`);
  server.clock.moveTo(server.clock.now() + MISS_AGE_MS + 1);
  return made.json as unknown as NewKeyAnswer;
}

/** Signs in; what a browser then sends along. */
export async function signIn(server: AccessServer, key: string, headers: Record<string, string> = {}) {
  const answer = await call(server, 'POST', '/v1/session', headers, { key });
  if (answer.status !== 201) throw new Error(`not signed in: ${answer.status} ${answer.text}`);
  const setCookie = String(answer.headers['set-cookie']);
  const cookie = setCookie.split(';')[0] as string;
  const csrf = { 'x-csrf-token': String(answer.json?.csrfToken) };
  return { answer, setCookie, cookie, csrf, headers: { ...headers, cookie } };
}
