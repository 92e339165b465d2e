import { timingSafeEqual } from 'node:crypto';
import type { Caller, Scope } from '../../http/route.ts';
import type { KeyStore, StoredKey } from '../../ports/key-store.ts';
import type { PinStore } from '../../ports/pin-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { digestOf, issueKey, readKey } from './access-key.ts';
import type { Audit } from './audit.ts';
import { RefreshAheadCache } from './refresh-ahead-cache.ts';
import { callerOf } from './scopes.ts';

/** How long a process may go on believing what it read of the keys. */
export const MAX_AGE_MS = 1_500;
/** A key or session that is not known may be one that another process made just now: it is looked for again, but not for each request. */
export const MISS_AGE_MS = 200;

/** The key that is configured or lies in the data directory. No issued key has such an id. */
export const SEED_ID = 'admin';
const LIVE_KEYS_PER_OWNER = 2;

export type Refusal = 'mistyped' | 'unknown' | 'expired' | 'revoked';

/** A key that may be used now. */
export interface LiveKey {
  readonly caller: Caller;
  /** Changes with the key, and tells nothing of it. */
  readonly fingerprint: string;
  readonly expiresAt: number | null;
}

export interface KeyOrder {
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
}

interface KeysDeps {
  readonly store: KeyStore & Pick<PinStore, 'deletePinsOf'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly adminKey: string;
}

/** The access keys of the installation, as every process sees them within two seconds. */
export class Keys {
  readonly #deps: KeysDeps;
  readonly #seed: Buffer;
  readonly #known: RefreshAheadCache<ReadonlyMap<string, StoredKey>>;
  /** The day on which a key's use was last written down. */
  readonly #used = new Map<string, string>();

  constructor(deps: KeysDeps) {
    this.#deps = deps;
    this.#seed = digestOf(deps.adminKey);
    this.#known = new RefreshAheadCache(async () => byId(await deps.store.keys()), deps.clock);
  }

  /** The live key of this text, or why there is none. */
  async find(text: string): Promise<LiveKey | Refusal> {
    const digest = digestOf(text);
    if (timingSafeEqual(digest, this.#seed)) return this.#seedKey();
    const read = readKey(text);
    if (read === 'mistyped') return 'mistyped';
    if (read === 'other') return 'unknown';
    const key = await this.#lookUp(read.id);
    // Compared also when there is no such key: the time taken does not tell which ids exist.
    const same = timingSafeEqual(digest, key ? Buffer.from(key.digest, 'hex') : this.#seed);
    if (!key || !same) return 'unknown';
    return this.#live(key);
  }

  /** The live key of this id: for a session, which outlives no key. */
  async byId(id: string): Promise<LiveKey | Refusal> {
    if (id === SEED_ID) return this.#seedKey();
    const key = await this.#lookUp(id);
    return key ? this.#live(key) : 'unknown';
  }

  /** The same, asked by somebody who does not have it: that is no use of the key. */
  async standing(id: string): Promise<LiveKey | Refusal> {
    if (id === SEED_ID) return this.#seedKey();
    const key = await this.#lookUp(id);
    return key ? this.#told(key) : 'unknown';
  }

  /** Whose key it is; the seed key is that of whoever configures the installation. */
  async ownerOf(id: string): Promise<string> {
    if (id === SEED_ID) return SEED_ID;
    return (await this.#lookUp(id))?.owner ?? '';
  }

  /** Every key that there ever was. */
  list(): Promise<StoredKey[]> {
    return this.#deps.store.keys();
  }

  /** The new key, which is shown this once; `too-many` when the owner has two live ones. */
  async create(order: KeyOrder, by: string): Promise<{ text: string; key: StoredKey } | 'too-many'> {
    const { store, clock, audit } = this.#deps;
    if (this.#liveOf(order.owner, await store.keys()) >= LIVE_KEYS_PER_OWNER) return 'too-many';
    const { id, text } = issueKey();
    const key = { ...order, id, digest: digestOf(text).toString('hex'), createdAt: clock.now(), createdBy: by };
    await audit.append({ actor: by, action: 'key.created', object: [id, ...order.scopes].join(' ') });
    await store.addKey(key);
    this.#known.forget();
    // Another process may have made one between the look and the leap. Then at least one of the two sees three.
    if (this.#liveOf(order.owner, await store.keys()) > LIVE_KEYS_PER_OWNER) {
      await this.#revoke(id, by);
      return 'too-many';
    }
    return { text, key: { ...key, revokedAt: null, lastUsedDay: null } };
  }

  /** False when there is no such key. What its holder kept goes with it, again if it could not the last time. */
  async revoke(id: string, by: string): Promise<boolean> {
    const { store } = this.#deps;
    const key = byId(await store.keys()).get(id);
    if (!key) return false;
    if (key.revokedAt === null) await this.#revoke(id, by);
    await store.deletePinsOf(id);
    return true;
  }

  async #revoke(id: string, by: string): Promise<void> {
    const { store, clock, audit } = this.#deps;
    await audit.append({ actor: by, action: 'key.revoked', object: id });
    await store.revokeKey(id, clock.now(), by);
    this.#known.forget();
  }

  async #lookUp(id: string): Promise<StoredKey | undefined> {
    return (await this.#known.get(MAX_AGE_MS)).get(id) ?? (await this.#known.get(MISS_AGE_MS)).get(id);
  }

  #live(key: StoredKey): LiveKey | Refusal {
    const told = this.#told(key);
    if (typeof told !== 'string') this.#noteUse(key);
    return told;
  }

  #told(key: StoredKey): LiveKey | Refusal {
    const state = stateOf(key, this.#deps.clock.now());
    if (state !== 'live') return state;
    const caller = callerOf(key.id, key.scopes as Scope[]);
    return { caller, fingerprint: fingerprintOf(key.digest), expiresAt: key.expiresAt };
  }

  #seedKey(): LiveKey {
    const fingerprint = fingerprintOf(this.#seed.toString('hex'));
    return { caller: callerOf(SEED_ID, ['admin']), fingerprint, expiresAt: null };
  }

  #liveOf(owner: string, keys: readonly StoredKey[]): number {
    const now = this.#deps.clock.now();
    return keys.filter((key) => key.owner === owner && stateOf(key, now) === 'live').length;
  }

  /** Beside the request: that the day could not be written down is no reason to refuse it. It is tried again at the next. */
  #noteUse({ id, lastUsedDay }: StoredKey): void {
    const day = new Date(this.#deps.clock.now()).toISOString().slice(0, 10);
    if (lastUsedDay === day || this.#used.get(id) === day) return;
    this.#used.set(id, day);
    this.#deps.store.noteUse(id, day).catch(() => this.#used.delete(id));
  }
}

export function stateOf(key: StoredKey, now: number): 'live' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'live';
}

function byId(keys: readonly StoredKey[]): ReadonlyMap<string, StoredKey> {
  return new Map(keys.map((key) => [key.id, key]));
}

function fingerprintOf(digest: string): string {
  return digestOf(`fingerprint ${digest}`).toString('hex').slice(0, 16);
}
