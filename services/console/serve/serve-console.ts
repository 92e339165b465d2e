import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../http/access.ts';
import { HttpProblem } from '../../http/server.ts';
import type { ConsoleFile, ConsoleFiles } from './console-files.ts';
import { type OwnersPage, privacyPage } from './privacy-page.ts';

/**
 * What every page of the console may do: run its own scripts, which write no text as markup, and ask the server it came
 * from. Nothing else.
 */
export const CONSOLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const HTML = 'text/html; charset=utf-8';
const FOR_GOOD = 'public, max-age=31536000, immutable';

/** Addresses that need a session, and those that do not. Names of models and makers are parts of addresses. */
const STAFF_PAGES = [
  '/',
  '/explore',
  '/movers',
  '/unlisted',
  '/releases',
  '/releases/*',
  '/models/*',
  '/makers/*',
  '/platforms/*',
  '/access',
];
const OPEN_PAGES = ['/signin', '/view', '/check', '/method'];

export interface ConsoleDeps {
  /** Undefined when the console was not built: its addresses say so. */
  readonly files: ConsoleFiles | undefined;
  readonly access: Access;
  /** What an owner is told. */
  readonly owners: OwnersPage;
  /** Whether people can sign in with an identity provider: the page offers it. */
  readonly hasProvider?: boolean;
}

/** Serves the console: its files, kept for good, its page, never kept, and the page of what is collected. */
export function serveConsole(app: FastifyInstance, { files: built, access, owners, hasProvider }: ConsoleDeps): void {
  const files = built && { ...built, page: hasProvider ? withProvider(built.page) : built.page };
  app.get('/privacy', (_request, reply) => sendPage(reply, privacyPage(owners, files)));
  if (!files) {
    for (const path of [...STAFF_PAGES, ...OPEN_PAGES]) app.get(path, (_request, reply) => sendPage(reply, NOT_BUILT));
    return;
  }
  app.get('/assets/:name', (request, reply) => {
    const file = files.assets.get((request.params as { name: string }).name);
    if (!file) throw new HttpProblem({ status: 404, type: 'not-found', detail: 'There is nothing here.' });
    return sendFile(request, reply, file);
  });
  for (const path of STAFF_PAGES)
    app.get(path, async (request, reply) => {
      if (await isSignedIn(access, request, reply)) return sendPage(reply, withSession(files.page));
      // The page would find out itself: asked here, nothing flashes up first and no request is refused.
      const next = request.url === '/' ? '' : `?next=${encodeURIComponent(request.url)}`;
      return reply.header('cache-control', 'no-store').redirect(`/signin${next}`, 303);
    });
  for (const path of OPEN_PAGES)
    app.get(path, async (request, reply) =>
      sendPage(reply, (await isSignedIn(access, request, reply)) ? withSession(files.page) : files.page),
    );
}

async function isSignedIn(access: Access, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  try {
    return (await access.authenticate(request, reply)) !== undefined;
  } catch (thrown) {
    // Who asks too often has a session all the same, and the page says what is the matter.
    return thrown instanceof HttpProblem && thrown.problem.status === 429;
  }
}

/** Tells the page that asking for the session is of use. */
function withSession(page: string): string {
  return page.replace('<html lang="en"', '<html lang="en" data-session="yes"');
}

function withProvider(page: string): string {
  return page.replace('<html lang="en"', '<html lang="en" data-provider="yes"');
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .header('content-security-policy', CONSOLE_POLICY)
    .header('cache-control', 'no-store')
    .header('cross-origin-opener-policy', 'same-origin')
    .type(HTML)
    .send(page);
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const coding = (['br', 'gzip'] as const).find((one) => file[one] && new RegExp(`\\b${one}\\b`).test(accepted));
  reply.header('cache-control', FOR_GOOD).header('vary', 'Accept-Encoding').type(file.type);
  if (coding) reply.header('content-encoding', coding);
  return reply.send(coding ? file[coding] : file.plain);
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Rollcall</title></head>
<body><h1>The console was not built.</h1><p>Run <code>npm run build</code> and start again. The API is at <a href="/docs">/docs</a>.</p></body></html>
`;
