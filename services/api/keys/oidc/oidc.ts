import { createHash } from 'node:crypto';
import type { Configuration, IDToken } from 'openid-client';
import { bytesOf, isLoopback } from '../../../http/addresses/client-address.ts';
import type { Scope } from '../../../http/route.ts';
import { personId } from '../scopes.ts';
import type { Person } from '../sessions.ts';
import type { OidcSettings } from './oidc-settings.ts';

/** What the browser keeps between its way to the provider and back. None of it is of use to anybody else. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const TIMEOUT_SECONDS = 10;
/** Loaded with the first visitor: most installations have no provider. */
const loadClient = () => import('openid-client');
const OWNER = /[^\p{L}\p{M}\p{N} ._@+'()&-]/gu;

/** Signs people in by the authorization code flow of OpenID Connect, with a code challenge, a state and a nonce. */
export class Oidc {
  readonly #settings: OidcSettings;
  #provider: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings) {
    this.#settings = settings;
  }

  /** A word that changes with what is believed of the provider: sessions of before end with it. */
  get fingerprint(): string {
    const { issuer, clientId, claim, scopes } = this.#settings;
    return createHash('sha256')
      .update(JSON.stringify(['oidc', issuer, clientId, claim, [...scopes]]))
      .digest('hex')
      .slice(0, 16);
  }

  /** Where the browser is sent, and what it keeps meanwhile. */
  async begin(): Promise<{ readonly url: URL; readonly attempt: Attempt }> {
    const [client, provider] = [await loadClient(), await this.#found()];
    const verifier = client.randomPKCECodeVerifier();
    const attempt = { state: client.randomState(), nonce: client.randomNonce(), verifier };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.redirectUri,
      scope: this.#settings.asked,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url, attempt };
  }

  /**
   * Somebody whom the provider vouches for: without a scope, when nothing is opened to them. Throws when the answer is not
   * the provider's to this attempt: signature, issuer, audience, state, nonce, expiry.
   */
  async finish(query: URLSearchParams, { state, nonce, verifier }: Attempt): Promise<Person> {
    const [client, provider] = [await loadClient(), await this.#found()];
    const url = new URL(this.redirectUri);
    url.search = query.toString();
    const tokens = await client.authorizationCodeGrant(provider, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('an answer without an id token');
    const said = { ...(await this.#userInfo(provider, tokens.access_token, claims)), ...claims };
    return this.#person(claims.sub, said);
  }

  get redirectUri(): string {
    return `${this.#settings.publicUrl}/v1/session/oidc/callback`;
  }

  /** Asked for when the claim is not in the id token: some providers keep those small. */
  async #userInfo(provider: Configuration, token: string, claims: IDToken): Promise<object> {
    if (valueAt(claims, this.#settings.claim) !== undefined) return {};
    if (provider.serverMetadata().userinfo_endpoint === undefined) return {};
    const { fetchUserInfo } = await loadClient();
    return fetchUserInfo(provider, token, claims.sub);
  }

  #person(sub: string, said: Readonly<Record<string, unknown>>): Person {
    const { issuer, claim, scopes } = this.#settings;
    const words = wordsIn(valueAt(said, claim));
    const opened = [...new Set(words.map((word) => scopes.get(word)).filter((scope) => scope !== undefined))];
    const id = personId(createHash('sha256').update(`${issuer}\n${sub}`).digest('hex').slice(0, 16));
    return { id, owner: nameIn(said) ?? id, scopes: scopesOf(opened) };
  }

  /** Found once; a provider that could not be reached is looked for again. */
  #found(): Promise<Configuration> {
    this.#provider ??= this.#discover().catch((thrown: unknown) => {
      this.#provider = undefined;
      throw thrown;
    });
    return this.#provider;
  }

  async #discover(): Promise<Configuration> {
    const client = await loadClient();
    const { issuer, clientId, clientSecret } = this.#settings;
    const address = new URL(issuer);
    const plain = address.protocol === 'http:' && isThisMachine(address.hostname);
    const execute = [client.enableNonRepudiationChecks, ...(plain ? [client.allowInsecureRequests] : [])];
    const authentication = clientSecret === undefined ? client.None() : undefined;
    return client.discovery(address, clientId, clientSecret, authentication, { execute, timeout: TIMEOUT_SECONDS });
  }
}

function isThisMachine(host: string): boolean {
  const bytes = bytesOf(host);
  return host === 'localhost' || (bytes !== undefined && isLoopback(bytes));
}

/** A manufacturer sees its own and nothing else, so whoever is staff too is staff. */
function scopesOf(opened: readonly Scope[]): Scope[] {
  const staff = opened.filter((scope) => !scope.startsWith('manufacturer:'));
  return staff.length > 0 ? staff : opened.slice(0, 1);
}

function valueAt(said: object, path: string): unknown {
  const whole = (said as Record<string, unknown>)[path];
  if (whole !== undefined) return whole;
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], said);
}

function wordsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((word) => typeof word === 'string');
  return typeof value === 'string' ? [value, ...value.split(/[\s,]+/)] : [];
}

/** As a key's owner may be written. */
function nameIn(said: Readonly<Record<string, unknown>>): string | undefined {
  const given = [said.name, said.preferred_username, said.email].find(
    (name) => typeof name === 'string' && name !== '',
  );
  const name = String(given ?? '')
    .normalize()
    .replace(OWNER, ' ')
    .trim()
    .slice(0, 64);
  return /^[\p{L}\p{N}]/u.test(name) ? name : undefined;
}
