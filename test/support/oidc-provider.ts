import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider, { type Account } from 'oidc-provider';
import { freePorts } from './free-port.ts';

/** An identity provider that lets everybody in at once, as whoever is next. */
export interface TestProvider {
  readonly issuer: string;
  /** Who signs in from now on, and what the provider says of them. */
  becomes(sub: string, claims: Readonly<Record<string, unknown>>): void;
  /** Walks from an address as a browser would, with cookies of its own, until it leaves for another host. */
  walk(url: string): Promise<string>;
  close(): Promise<void>;
}

export const CLIENT = { id: 'rollcall-of-the-tests', secret: 'a-secret-of-the-tests' } as const;

export async function startOidcProvider(redirectUri: string): Promise<TestProvider> {
  const issuer = `http://127.0.0.1:${(await freePorts(1))[0]}`;
  let sub = 'nobody';
  const said = new Map<string, Readonly<Record<string, unknown>>>();
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    cookies: { keys: ['of the tests'] },
    findAccount: (_context: unknown, accountId: string): Account => ({
      accountId,
      claims: async () => ({ sub: accountId, ...said.get(accountId) }),
    }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
  });
  const callback = provider.callback();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) void letIn(provider, sub, request, response);
    else callback(request, response);
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(issuer).port), '127.0.0.1', resolve));
  return {
    issuer,
    becomes(next, claims) {
      sub = next;
      said.set(next, claims);
    },
    walk: (url) => walk(url, issuer),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Signs the next one in and grants what was asked, without a page. */
async function letIn(provider: Provider, sub: string, request: IncomingMessage, response: ServerResponse) {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  const merge = { mergeWithLastSubmission: true };
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: sub } }, merge);
  const grant = new provider.Grant({ accountId: session?.accountId ?? sub, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, merge);
}

async function walk(url: string, issuer: string): Promise<string> {
  const cookies = new Map<string, string>();
  let at = url;
  while (at.startsWith(issuer)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split(/=(.*)/);
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`the provider stopped at ${answer.status}: ${await answer.text()}`);
    at = new URL(next, at).href;
  }
  return at;
}
