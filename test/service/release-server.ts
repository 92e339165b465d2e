import type { FastifyInstance } from 'fastify';
import type { Period } from '../../schemas/period.ts';
import type { NoisedCell, Transition } from '../../schemas/release.ts';
import type { ClickHouseReleases } from '../../services/adapters/clickhouse/releases/clickhouse-releases.ts';
import { openStore } from '../../services/adapters/clickhouse/store.ts';
import type { JobQueue } from '../../services/adapters/job-queue.ts';
import { openMemoryJobQueue } from '../../services/adapters/memory/memory-job-queue.ts';
import { buildApi } from '../../services/compose/api.ts';
import { deliverDeps } from '../../services/compose/closes.ts';
import { buildApp } from '../../services/compose/http.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { serveRoutes } from '../../services/http/serve-routes.ts';
import type { JobEnqueuer } from '../../services/ports/job-enqueuer.ts';
import type { ReleaseFile } from '../../services/ports/releases.ts';
import { ISSUE_JOB } from '../../services/releases/close/close-jobs.ts';
import { DELIVER_JOB, type DeliverDeps, deliverRelease } from '../../services/releases/delivery/deliver.ts';
import { webhookSecret } from '../../services/releases/delivery/signature.ts';
import { fingerprintOf } from '../../services/releases/files/sign.ts';
import { METHOD } from '../../services/releases/numbers/method-version.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { apiDeps } from '../support/api/api-deps.ts';
import { openEmbeddedStore } from '../support/embedded-store.ts';
import { KEY } from '../support/made-up-release.ts';
import { type AccessServer, bearer, call, makeKey, SEED } from './access-server.ts';

export const [AUGUST, SEPTEMBER, OCTOBER] = ['2026-08', '2026-09', '2026-10'].map(parsePeriod) as [
  Period,
  Period,
  Period,
];
export const ROOT = Buffer.alloc(32, 7);
export const PUBLIC_KEY = { pem: KEY.publicPem, keyId: KEY.keyId };
const PUBLISHED_KEY = { ...PUBLIC_KEY, fingerprint: fingerprintOf(KEY.publicKey), since: null, succession: null };

export type Method = 'GET' | 'POST' | 'DELETE';
type Answer = Awaited<ReturnType<typeof call>>;
type Injected = Awaited<ReturnType<FastifyInstance['inject']>>;

/** The routes of releases and keys over a real embedded store, with the clock in October 2026. */
export interface ReleaseServer {
  readonly app: FastifyInstance;
  readonly store: ClickHouseReleases;
  readonly clock: SetClock;
  readonly directory: string;
  readonly logged: string[];
  /** Jobs that were enqueued, as `name key`. Deliveries run at once, each attempt after the other. */
  readonly enqueued: string[];
  readonly jobs: JobQueue;
  readonly deliverDeps: DeliverDeps;
  /** What the next request to close a period is told. */
  closing: 'enqueued' | 'too-early' | 'already';
  /** Asks with a key of these scopes. */
  as(scope: string, method: Method, url: string, body?: unknown): Promise<Answer>;
  /** The same without a body, with further headers, and with the whole answer. */
  inject(scope: string, method: 'GET' | 'HEAD', url: string, headers?: Record<string, string>): Promise<Injected>;
  /** The same with a body that is any text. */
  send(scope: string, method: Method, url: string, body: string | undefined): Promise<Injected>;
  /** Actions and objects of the audit, but for those of keys, since it was last asked. */
  audited(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openReleaseServer(): Promise<ReleaseServer> {
  const embedded = await openEmbeddedStore();
  const whole = await openStore({ kind: 'chdb', directory: embedded.directory });
  const clock = new SetClock(Date.parse('2026-10-05T12:00:00Z'));
  const logged: string[] = [];
  const note = (event: string, fields?: object) => void logged.push(JSON.stringify({ event, ...fields }));
  const journal = { info: note, warn: note, error: note };
  const { access, releases: store } = whole;
  const settings = { directory: embedded.directory, clock, journal, adminKey: SEED };
  const config = { webhookLab: true, readsPerMinute: 0 };
  const deps = apiDeps(whole, { ...settings, config });
  const secretOf = (party: string, url: string) => webhookSecret(ROOT, party, url);
  const given = { ...deps, signing: { ...deps.signing, webhookSecret: secretOf } };
  const delivering = deliverDeps(given);
  const queue = openMemoryJobQueue();
  // The pauses between attempts are the queue's matter, and tested there.
  queue.handle(DELIVER_JOB, (payload) => deliverRelease(payload, delivering), { attempts: 8, backoffMs: 1 });
  queue.handle(ISSUE_JOB, async () => {}, { attempts: 1, backoffMs: 1 });
  await queue.start();
  const enqueued: string[] = [];
  const jobs: JobEnqueuer = {
    enqueue(name, key, payload) {
      enqueued.push(`${name} ${key}`);
      return queue.enqueue(name, key, payload);
    },
  };
  const app = buildApp(journal);
  const api = buildApi(
    { ...given, jobs },
    {
      signingKeys: () => [PUBLISHED_KEY],
      closes: { request: async () => server.closing },
    },
  );
  const { routes } = api;
  serveRoutes(app, routes, api.access);
  const asked: AccessServer = { app, routes, names: api.names, store: access, clock };
  const keys = new Map<string, string>([['admin', SEED]]);
  let read = 0;
  const headersOf = async (scope: string) => {
    if (scope === '') return {};
    if (!keys.has(scope)) keys.set(scope, (await makeKey(asked, `holder ${keys.size}`, [scope])).key);
    return bearer(keys.get(scope) as string);
  };
  const server: ReleaseServer = {
    ...{ app, store, clock, directory: embedded.directory, logged, enqueued, jobs: queue, deliverDeps: delivering },
    closing: 'enqueued',
    as: async (scope, method, url, body) => call(asked, method, url, await headersOf(scope), body),
    inject: async (scope, method, url, headers = {}) =>
      app.inject({ method, url, headers: { ...headers, ...(await headersOf(scope)) } }),
    async send(scope, method, url, body) {
      const headers = await headersOf(scope);
      if (body === undefined) return app.inject({ method, url, headers });
      return app.inject({ method, url, headers: { ...headers, 'content-type': 'application/json' }, payload: body });
    },
    async audited() {
      const entries = await access.auditEntries(read, 1_000);
      read = entries.at(-1)?.seq ?? read;
      return entries
        .filter(({ action }) => !action.startsWith('key.'))
        .map(({ action, object }) => `${action} ${object}`);
    },
    async close() {
      await queue.close();
      await app.close();
      await whole.server.close();
      await embedded.close();
    },
  };
  return server;
}

export function filesOf(party: string, revision = 0, period = AUGUST): ReleaseFile[] {
  const contents = {
    'release.json': `{"party":"${party}","revision":${revision},"note":"ü\\r\\n"}\n`,
    'release.csv': `model,sites\r\n"Ünlisted ${party}",15\r\n`,
    'summary.html': `<!doctype html><p>${party}`,
    'manifest.json': `{"revision":${revision}}\n`,
    'manifest.sig': `sig of ${revision}`,
  };
  return Object.entries(contents).map(([name, content]) => ({ period, party, revision, name, content }));
}

export const cell = (model: string, more: Partial<NoisedCell> = {}): NoisedCell => ({
  ...{ query: 'phone_model', platform: '', category: 'phone', vendor: 'Snom', model },
  ...{ sites: 43, phones: 4_321, held: null },
  ...more,
});

/** A period whose numbers were noised and, when `releasedAt` is given, released. */
export async function closed(
  store: ClickHouseReleases,
  period: Period,
  cells: readonly NoisedCell[],
  releasedAt?: number,
  before?: Period,
): Promise<void> {
  const attempt = Number(period.replace('-', ''));
  const step = (seq: number, name: Transition['step'], at: number): Transition => {
    const made = { method: METHOD, profile: 'noised', cap: FIRST_CAP, threshold: 10 };
    const detail = { attempt, ...made, ...(before ? { before } : {}) };
    return { period, seq, step: name, at, nonce: `${period} ${seq}`, detail: name === 'NOISED' ? detail : {} };
  };
  await store.writeNoised(period, attempt, cells);
  await store.addTransition(step(4, 'NOISED', 1));
  if (releasedAt !== undefined) await store.addTransition(step(7, 'RELEASED', releasedAt));
}
