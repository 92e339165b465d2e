import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CountRequest, RequestCounting, RequestVerdict } from '../../core/request-limit.ts';
import type { Clock } from '../../shared/clock.ts';
import { drawBytes } from '../../shared/random.ts';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';
import { type ClientAddress, clientAddress, isLoopback, isUntoldProxy, prefixOf } from '../addresses/client-address.ts';

import { HttpProblem } from '../server.ts';

export interface LimitOptions {
  /** Names the limit in the headers. */
  readonly name: string;
  /** Requests of one party; 0: no limit. */
  readonly perMinute: number;
  readonly counters: RequestCounting;
  /**
   * Whether every answer says how much is left, or only a refusal. To a network's neighbours what is left tells how many
   * of them report.
   */
  readonly tell: 'always' | 'when-refused';
}

const WINDOW_SECONDS = 60;

/** Counts the requests of a party and refuses what is too many: 429 with Retry-After and the RateLimit headers. */
export class Limit {
  readonly #options: LimitOptions;
  /** Undefined: there is no limit. */
  readonly #count: CountRequest | undefined;

  constructor(options: LimitOptions) {
    const { name, perMinute: most, counters } = options;
    this.#options = options;
    this.#count = most === 0 ? undefined : counters.of({ name, most, windowSeconds: WINDOW_SECONDS });
  }

  /** Rejects with 429. The party, a keyed hash, is forgotten within a minute and stands in no message. */
  async take(party: string, reply: FastifyReply): Promise<void> {
    if (!this.#count) return;
    const verdict = await this.#count(party);
    const headers = this.#headers(verdict);
    if (!verdict.allowed)
      throw new HttpProblem({
        status: 429,
        type: 'too-many-requests',
        detail: 'Too many requests. Try again after the time in Retry-After.',
        headers: { ...headers, 'retry-after': String(secondsUntilAnew(verdict)) },
      });
    if (this.#options.tell === 'always') reply.headers(headers);
  }

  /** draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it (r) until it is whole again (t). */
  #headers(verdict: RequestVerdict): Record<string, string> {
    const { name, perMinute } = this.#options;
    return {
      'ratelimit-policy': `"${name}";q=${perMinute};w=${WINDOW_SECONDS}`,
      ratelimit: `"${name}";r=${verdict.remaining};t=${secondsUntilAnew(verdict)}`,
    };
  }
}

const secondsUntilAnew = ({ beginsAnewInMs }: RequestVerdict) => Math.max(1, Math.ceil(beginsAnewInMs / 1_000));

const DAY_MS = 86_400_000;

const UNTOLD_PROXY = {
  status: 403,
  type: 'proxy-not-trusted',
  detail:
    'A proxy on the same machine as the server forwarded this, and the server was not told to believe it: nobody could be ' +
    'told from anybody, and no limit would hold. Its operator sets ROLLCALL_TRUSTED_PROXIES (1, or 127.0.0.0/8,::1).',
};

/** The key of a day, counted since 1970. */
export type KeyOfDay = (day: number) => Uint8Array;

/**
 * Names for the networks and access keys that requests come from: keyed hashes, under a key that is replaced each day.
 * Without the key a name is no address. It is random and of this process alone, unless several processes count together.
 */
export class AddressNames {
  readonly #clock: Clock;
  readonly #proxies: TrustedProxies;
  readonly #keyOf: KeyOfDay;
  #day = -1;
  #key: Uint8Array = Buffer.alloc(0);

  constructor(clock: Clock, proxies: TrustedProxies, keyOf: KeyOfDay = () => drawBytes(32)) {
    this.#clock = clock;
    this.#proxies = proxies;
    this.#keyOf = keyOf;
  }

  /** Undefined for this machine itself: it is exempt. What a header says is never this machine. Throws 403: {@link isUntoldProxy}. */
  of(request: FastifyRequest): string | undefined {
    const client = this.client(request);
    if (!client) return 'gone';
    if (client.direct && isLoopback(client.bytes)) return undefined;
    return this.#named(prefixOf(client.bytes));
  }

  /** Of an access key, or of a link to a view, by its public half. */
  ofKey(keyId: string): string {
    return this.#named(`key ${keyId}`);
  }

  /** Where the request began, for the call alone. Undefined when the connection is gone. */
  client(request: FastifyRequest): ClientAddress | undefined {
    if (isUntoldProxy(request, this.#proxies)) throw new HttpProblem(UNTOLD_PROXY);
    return clientAddress(request, this.#proxies);
  }

  #named(party: string | Uint8Array): string {
    return createHmac('sha256', this.#todaysKey()).update(party).digest('base64url').slice(0, 22);
  }

  #todaysKey(): Uint8Array {
    const day = Math.floor(this.#clock.now() / DAY_MS);
    if (day !== this.#day) this.#key = this.#keyOf(day);
    this.#day = day;
    return this.#key;
  }
}

/** What a limit has against a request, to be thrown by whoever has read it: there may be reports that are taken all the same. */
const refusals = new WeakMap<FastifyRequest, unknown>();

/** Throws what the route's limit has against the request, where the limit was made to wait for that. */
export function refuseBeyondLimit(request: FastifyRequest): void {
  const refusal = refusals.get(request);
  if (refusal !== undefined) throw refusal;
}

export interface RateLimitOptions extends LimitOptions {
  /** at-once: before the body is read. when-read: by the route, see {@link refuseBeyondLimit}. */
  readonly refuses?: 'at-once' | 'when-read';
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A route's path, as it was registered. */
  readonly path: string;
  readonly names: AddressNames;
}

/** Limits one route of the server by where its requests come from. */
export function rateLimit(app: FastifyInstance, options: RateLimitOptions): void {
  const limit = new Limit(options);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== options.path || request.method !== options.method) return done();
    const refuse = (refused: unknown) => {
      if (options.refuses !== 'when-read') return done(refused as Error);
      refusals.set(request, refused);
      done();
    };
    try {
      const party = options.names.of(request);
      // With callbacks, as every report passes here: this machine's own wait for nothing.
      if (party === undefined) return done();
      limit.take(party, reply).then(() => done(), refuse);
    } catch (refused) {
      refuse(refused);
    }
  });
}
