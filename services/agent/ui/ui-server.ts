import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AgentDeps, loadState } from '../agent.ts';
import { EXIT } from '../commands/exit.ts';
import { enable, previews } from '../commands/owner.ts';
import { failureText } from '../commands/words.ts';
import type { KnownEnds } from '../end-of-life.ts';
import { isReferredTo, ownPolicy, type Policy, servicePolicy } from '../policy.ts';
import { withLock } from '../state/lock.ts';
import type { State } from '../state/state.ts';
import { stop } from '../stop.ts';
import { page } from './page.ts';
import { STYLE } from './style.ts';

export interface UiServer {
  /** With the secret in it: who has no such address sees nothing. */
  readonly url: string;
  close(): Promise<void>;
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const MAX_FORM_BYTES = 4096;
const PATIENCE_MS = 10_000;

/**
 * The owner's page, on this machine alone. A secret in the path keeps other users of the machine out, a second one in each form and
 * the Origin keep other pages of the browser out, and the Host keeps out names that were made to point here.
 */
export async function openUi(port: number, known: KnownEnds, deps: AgentDeps): Promise<UiServer> {
  const secret = Buffer.from(deps.random(24)).toString('base64url');
  const csrf = Buffer.from(deps.random(24)).toString('base64url');
  const said: Said = { last: '', offered: undefined };
  const server = createServer((request, response) => {
    answer(request, response, { secret, csrf, said, known, deps, server }).catch((thrown: unknown) => {
      deps.say(failureText(thrown));
      send(response, 500, 'text/plain', 'something failed: see the terminal\n');
    });
  });
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${own}/${secret}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Said {
  /** What the last press of the switch came to. */
  last: string;
  /** The policy that the service gave for a press: nobody asks it while the switch is off and not pressed. */
  offered: Policy | undefined;
}

interface Context {
  readonly secret: string;
  readonly csrf: string;
  readonly said: Said;
  readonly known: KnownEnds;
  readonly deps: AgentDeps;
  readonly server: Server;
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const { port } = context.server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const [, given = '', name = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(request.url ?? '') ?? [];
  if (!hosts.includes(request.headers.host ?? '') || !same(given, context.secret))
    return send(response, 404, 'text/plain', 'not found\n');
  if (request.method === 'GET' && name === '')
    return send(response, 200, 'text/html; charset=utf-8', await render(context));
  if (request.method === 'GET' && name === 'style.css') return send(response, 200, 'text/css', STYLE);
  if (request.method !== 'POST' || !['switch', 'agree'].includes(name))
    return send(response, 404, 'text/plain', 'not found\n');
  const form = new URLSearchParams(await bodyOf(request));
  const origin = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) ||
    (site !== undefined && site !== 'same-origin');
  if (foreign || !same(form.get('csrf') ?? '', context.csrf))
    return send(response, 403, 'text/plain', 'not from this page\n');
  const on = name === 'agree' || form.get('to') === 'on';
  await press(on, form.get('policy') ?? '', context);
  response.writeHead(303, { ...HEADERS, location: `/${context.secret}/` }).end();
}

/**
 * The switch is above the policy's own text on one page: pressing it agrees to the text that was shown there. Where the service has
 * another, that is shown next, and nothing is on yet.
 */
async function press(on: boolean, shown: string, { deps, said }: Context): Promise<void> {
  const words: string[] = [];
  const io = { stdout: () => {}, stderr: (text: string) => void words.push(text) };
  const agree = async (_: string, offered: Policy) => {
    said.offered = offered;
    return isReferredTo(offered, shown);
  };
  try {
    if (on) {
      if ((await enable({ agree }, io, deps)) !== EXIT.ok) words.push('It is below: press again to agree to it.\n');
    } else if (deps.file.read() !== undefined) {
      const done = await withLock(deps.file.path, PATIENCE_MS, () => stop(deps));
      words.push(done ? 'This month is taken back; token and history are deleted.' : '');
    }
    said.last = words.join(' ').trim();
  } catch (thrown) {
    said.last = failureText(thrown).trim();
  }
}

async function render({ deps, csrf, said, known }: Context): Promise<string> {
  const state: State | undefined = deps.file.read() === undefined ? undefined : loadState(deps).state;
  const service = deps.config.service ?? state?.service ?? undefined;
  const isOn = state?.consent != null;
  if (isOn && service !== undefined) said.offered = await servicePolicy(service, { ...deps.send, timeoutMs: 3_000 });
  const policy = said.offered ?? ownPolicy();
  const shown = await previews(known, deps);
  const html = page({
    state,
    csrf,
    policy,
    isServices: said.offered !== undefined,
    service,
    previews: shown,
    said: said.last,
  });
  said.last = '';
  return html;
}

function same(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let total = 0;
  for await (const part of request) {
    total += (part as Buffer).length;
    if (total > MAX_FORM_BYTES) return '';
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body);
}
