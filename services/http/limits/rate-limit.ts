import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/clock.ts';
import { drawBytes } from '../../shared/random.ts';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';
import { clientAddress, isLoopback, prefixOf } from '../addresses/client-address.ts';

import { HttpProblem } from '../server.ts';
import { TokenBuckets, type Verdict } from './token-buckets.ts';

export interface LimitOptions {
  /** Names the limit in the headers. */
  readonly name: string;
  /** Requests of one party; 0: no limit. */
  readonly perMinute: number;
  readonly clock: Clock;
  /**
   * Whether every answer says how much is left, or only a refusal. To a network's neighbours what is left tells how many
   * of them report.
   */
  readonly tell: 'always' | 'when-refused';
}

/** Counts the requests of a party and refuses what is too many: 429 with Retry-After and the RateLimit headers. */
export class Limit {
  readonly #options: LimitOptions;
  readonly #buckets: TokenBuckets;

  constructor(options: LimitOptions) {
    this.#options = options;
    this.#buckets = new TokenBuckets(options.perMinute, options.clock);
  }

  /** Throws 429. The party is forgotten within minutes and stands in no message. */
  take(party: string, reply: FastifyReply): void {
    if (this.#options.perMinute === 0) return;
    const verdict = this.#buckets.take(party);
    const headers = this.#headers(verdict);
    if (!verdict.allowed)
      throw new HttpProblem({
        status: 429,
        type: 'too-many-requests',
        detail: 'Too many requests. Try again after the time in Retry-After.',
        headers: { ...headers, 'retry-after': String(verdict.retryInSeconds) },
      });
    if (this.#options.tell === 'always') reply.headers(headers);
  }

  /** draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it (r) until it is whole again (t). */
  #headers({ remaining, fullInSeconds }: Verdict): Record<string, string> {
    const { name, perMinute } = this.#options;
    return {
      'ratelimit-policy': `"${name}";q=${perMinute};w=60`,
      ratelimit: `"${name}";r=${remaining};t=${fullInSeconds}`,
    };
  }
}

const DAY_MS = 86_400_000;

/**
 * Names for the networks that requests come from: a keyed hash, under a random key that exists in this process only and
 * is replaced each day. Without the key a name is no address.
 */
export class AddressNames {
  readonly #clock: Clock;
  readonly #proxies: TrustedProxies;
  #day = -1;
  #key = Buffer.alloc(0);

  constructor(clock: Clock, proxies: TrustedProxies) {
    this.#clock = clock;
    this.#proxies = proxies;
  }

  /** Undefined for this machine itself: it is exempt. What a header says is never this machine. */
  of(request: FastifyRequest): string | undefined {
    const client = clientAddress(request, this.#proxies);
    if (!client) return 'gone';
    if (client.direct && isLoopback(client.bytes)) return undefined;
    return createHmac('sha256', this.#todaysKey()).update(prefixOf(client.bytes)).digest('base64url').slice(0, 22);
  }

  #todaysKey(): Buffer {
    const day = Math.floor(this.#clock.now() / DAY_MS);
    if (day !== this.#day) this.#key = drawBytes(32);
    this.#day = day;
    return this.#key;
  }
}

export interface RateLimitOptions extends LimitOptions {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** A route's path, as it was registered. */
  readonly path: string;
  readonly names: AddressNames;
}

/** Limits one route of the server by where its requests come from, before a body is read. */
export function rateLimit(app: FastifyInstance, options: RateLimitOptions): void {
  const limit = new Limit(options);
  // With callbacks, as every report passes here and a promise costs more than the bucket.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== options.path || request.method !== options.method) return done();
    try {
      const party = options.names.of(request);
      if (party !== undefined) limit.take(party, reply);
      done();
    } catch (refused) {
      done(refused as Error);
    }
  });
}
