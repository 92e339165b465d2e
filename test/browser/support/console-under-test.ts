import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { policyDocument } from '../../../schemas/policy-document.ts';
import { readConsoleFiles } from '../../../services/console/serve/console-files.ts';
import { serveConsole } from '../../../services/console/serve/serve-console.ts';
import type { Access } from '../../../services/http/access.ts';
import { securityHeaders } from '../../../services/http/security-headers.ts';
import { buildHttp, HttpProblem } from '../../../services/http/server.ts';
import { packageRoot } from '../../../services/shared/package-root.ts';
import type { Query } from './made-up-answers.ts';
import * as counts from './made-up-answers.ts';
import * as office from './made-up-office.ts';

/**
 * The built console, served as the api role serves it, over made-up answers: every state can be asked for. Answers have
 * the shapes of schemas/answers.
 */
export interface ConsoleUnderTest {
  readonly url: string;
  /** The scopes of whoever is signed in; none: nobody is. */
  scopes: readonly string[];
  /** Answers of these paths are this failure. */
  readonly failures: Map<string, { status: number; type: string; detail: string }>;
  /** A close stopped. */
  stopped: boolean;
  /** What was sent: method and address. */
  readonly asked: string[];
  close(): Promise<void>;
}

const KEY = 'rc_k3v7q2ma_secret';
const MAKERS_KEY = 'rc_m8w2x4tn_secret';
/** What each key may see. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  [KEY]: ['reader'],
  [MAKERS_KEY]: ['manufacturer:Yealink'],
};

export async function openConsole(): Promise<ConsoleUnderTest> {
  const quiet = () => {};
  const app = buildHttp({
    log: { info: quiet, warn: quiet, error: quiet },
    maxWireBytes: 65_536,
    maxInflatedBytes: 65_536,
  });
  securityHeaders(app);
  const state = {
    scopes: ['reader', 'curator', 'releaser', 'admin'] as readonly string[],
    failures: new Map(),
    stopped: false,
    asked: [] as string[],
  };
  const manufacturer = () => state.scopes.find((scope) => scope.startsWith('manufacturer:'))?.slice(13) ?? null;
  const access = {
    authenticate: async () =>
      state.scopes.length > 0
        ? { keyId: 'k3v7q2ma', scopes: state.scopes, manufacturer: manufacturer() ?? undefined }
        : undefined,
  } as unknown as Access;
  serveConsole(app, {
    files: readConsoleFiles(join(packageRoot(), 'dist', 'console')),
    access,
    owners: { policy: policyDocument(10), closesAfterHours: 72.17, reveals: { month: 3.51, year: 14.8 } },
  });

  app.addHook('onRequest', async (request) => {
    const [path = ''] = request.url.split('?');
    if (!path.startsWith('/v1')) return;
    state.asked.push(`${request.method} ${request.url}`);
    const failure = state.failures.get(path);
    if (failure) throw new HttpProblem(failure);
    const open =
      ['/v1/method', '/v1/signing-key'].includes(path) || (path === '/v1/session' && request.method === 'POST');
    if (state.scopes.length === 0 && !open)
      throw new HttpProblem({ status: 401, type: 'not-signed-in', detail: 'Send a key.' });
  });
  const get = (path: string, answer: (query: Query, request: FastifyRequest) => unknown) =>
    app.get(path, async (request, reply) => {
      const query = { ...(request.query as Query), ...(request.params as Query) };
      const content = answer(query, request);
      return typeof content === 'string' ? reply.type('application/octet-stream').send(content) : content;
    });

  const session = () => ({
    scopes: state.scopes,
    manufacturer: manufacturer(),
    csrfToken: 'token',
    expiresAt: counts.AT,
    keyId: manufacturer() === null ? 'k3v7q2ma' : 'm8w2x4tn',
    owner: 'product-team',
  });
  get('/v1/session', session);
  app.post('/v1/session', async (request, reply) => {
    const { key } = JSON.parse(String(request.body)) as { key?: string };
    const scopes = SCOPES[key ?? ''];
    if (scopes === undefined)
      throw new HttpProblem({ status: 401, type: 'mistyped-key', detail: 'The access key is not whole.' });
    state.scopes = scopes;
    return reply.code(201).send(session());
  });
  app.delete('/v1/session', async (_request, reply) => {
    state.scopes = [];
    return reply.code(204).send();
  });
  get('/v1/overview', counts.overview);
  get('/v1/series', counts.series);
  get('/v1/counts', counts.counts);
  get('/v1/facets', counts.facets);
  get('/v1/movers', counts.movers);
  get('/v1/growth', counts.growth);
  get('/v1/trend', counts.trend);
  get('/v1/search', counts.search);
  get('/v1/pins', () => ({ pins: office.PINS, most: 20 }));
  get('/v1/view-links', () => ({ links: [] }));
  get('/v1/waiting', counts.waiting);
  get('/v1/method', counts.method);
  get('/v1/models/:category/:vendor/:model', counts.model);
  get('/v1/vendors/:vendor', counts.vendor);
  get('/v1/compare', ({ view = 'model' }, { query }) =>
    counts.compare(view, [(query as { cell: string | string[] }).cell].flat()),
  );
  get('/v1/periods', () => office.periods(state.stopped));
  get('/v1/releases', (query) => office.releases(query, manufacturer()));
  get('/v1/releases/:period/:party/:file', ({ period, file }) => office.fileOf(period, file));
  get('/v1/ledger', office.ledger);
  get('/v1/held', office.held);
  get('/v1/agreements', office.agreements);
  get('/v1/release-profile', office.profiles);
  get('/v1/signing-key', office.signingKey);
  get('/v1/keys', office.keys);
  get('/v1/audit', office.audit);
  get('/v1/catalog/unlisted', office.unlisted);
  get('/v1/catalog/mappings', office.mappings);
  app.post('/v1/catalog/mappings', async (request, reply) =>
    (request.query as Query).dryRun === undefined
      ? reply.code(201).send({ catalogue: '2026-11.2', since: '2026-12', added: [] })
      : { since: '2026-12', along: [], sites: 42 },
  );
  app.post('/v1/held/decisions', async (_request, reply) => reply.code(201).send({}));
  app.post('/v1/keys', async (_request, reply) =>
    reply.code(201).send({ ...office.keys().keys[0], owner: 'new', key: KEY }),
  );

  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return Object.assign(state, { url, close: () => app.close() }) as ConsoleUnderTest;
}

export { KEY as GOOD_KEY, MAKERS_KEY };
