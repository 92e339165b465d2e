import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller, Scope } from '../../http/route.ts';
import type { SessionStore, StoredSession } from '../../ports/session-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { drawToken } from '../../shared/random.ts';
import { type Keys, type LiveKey, MAX_AGE_MS, MISS_AGE_MS } from './keys.ts';
import { RefreshAheadCache } from './refresh-ahead-cache.ts';
import { callerOf } from './scopes.ts';

const MINUTE_MS = 60_000;
/** A session ends when it was not used for so long, … */
export const IDLE_MS = 30 * MINUTE_MS;
/** … and when it is so old, used or not. */
export const ABSOLUTE_MS = 12 * 60 * MINUTE_MS;
/** That it is in use is written down so often. For other processes the idle limit is shorter by as much. */
const SEEN_EVERY_MS = MINUTE_MS;
const SESSIONS_PER_KEY = 20;

/** Somebody whom an identity provider vouches for, instead of a key. */
export interface Person {
  /** Made of the provider's own name for them: the same at each visit. */
  readonly id: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
}

export interface Session {
  readonly caller: Caller;
  /** What a person is called; undefined for the holder of a key. */
  readonly owner: string | undefined;
  /** Demanded with every changing request. Derived from the token: who has not the cookie cannot know it. */
  readonly csrfToken: string;
  readonly expiresAt: number;
}

export type OpenedSession = Session & { readonly token: string };

/** Signed-in browsers. The cookie's token is random and kept as its hash; it and the cookie name nobody. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #clock: Clock;
  readonly #keys: Keys;
  /** What is believed of the provider of people, as a word that changes with it; undefined where there is none. */
  readonly #believed: string | undefined;
  readonly #known: RefreshAheadCache<ReadonlyMap<string, StoredSession>>;
  /** When this process saw a session in use, and when it last wrote that down. */
  readonly #seen = new Map<string, { at: number; written: number }>();

  constructor(store: SessionStore, clock: Clock, keys: Keys, believed: string | undefined) {
    this.#store = store;
    this.#clock = clock;
    this.#keys = keys;
    this.#believed = believed;
    this.#known = new RefreshAheadCache(() => this.#read(), clock);
  }

  open({ caller, fingerprint }: LiveKey): Promise<OpenedSession> {
    return this.#open(caller, fingerprint, null);
  }

  openFor({ id, owner, scopes }: Person): Promise<OpenedSession> {
    if (this.#believed === undefined) throw new Error('people come where a provider is set');
    return this.#open(callerOf(id, scopes), this.#believed, { owner, scopes });
  }

  async #open(caller: Caller, fingerprint: string, person: StoredSession['person']): Promise<OpenedSession> {
    const token = drawToken();
    const createdAt = this.#clock.now();
    await this.#endOldest(caller.keyId);
    await this.#store.addSession({ id: idOf(token), key: caller.keyId, fingerprint, person, createdAt });
    this.#known.forget();
    return { token, caller, owner: person?.owner, csrfToken: csrfTokenOf(token), expiresAt: createdAt + ABSOLUTE_MS };
  }

  /** The session of the token; undefined when there is none, it is over, or its key may not be used any more. */
  async find(token: string): Promise<Session | undefined> {
    const id = idOf(token);
    const session = (await this.#known.get(MAX_AGE_MS)).get(id) ?? (await this.#known.get(MISS_AGE_MS)).get(id);
    if (!session || !this.#lasts(session)) return undefined;
    const caller = await this.#callerOf(session);
    if (!caller) return undefined;
    this.#noteSeen(session);
    const expiresAt = session.createdAt + ABSOLUTE_MS;
    return { caller, owner: session.person?.owner, csrfToken: csrfTokenOf(token), expiresAt };
  }

  async #callerOf({ key: keyId, fingerprint, person }: StoredSession): Promise<Caller | undefined> {
    if (person) return fingerprint === this.#believed ? callerOf(keyId, person.scopes as Scope[]) : undefined;
    const key = await this.#keys.byId(keyId);
    return typeof key !== 'string' && key.fingerprint === fingerprint ? key.caller : undefined;
  }

  async close(token: string): Promise<void> {
    const id = idOf(token);
    await this.#store.endSession(id, this.#clock.now());
    this.#seen.delete(id);
    this.#known.forget();
  }

  async #read(): Promise<ReadonlyMap<string, StoredSession>> {
    const sessions = await this.#store.sessions(this.#clock.now() - ABSOLUTE_MS);
    const known = new Map(sessions.map((session) => [session.id, session]));
    for (const id of this.#seen.keys()) if (!known.has(id)) this.#seen.delete(id);
    return known;
  }

  #lasts({ id, createdAt, seenAt }: StoredSession): boolean {
    const now = this.#clock.now();
    const used = Math.max(seenAt, this.#seen.get(id)?.at ?? 0);
    return now - used < IDLE_MS && now - createdAt < ABSOLUTE_MS;
  }

  #noteSeen({ id, seenAt }: StoredSession): void {
    const now = this.#clock.now();
    const before = this.#seen.get(id)?.written ?? seenAt;
    const due = now - before >= SEEN_EVERY_MS;
    this.#seen.set(id, { at: now, written: due ? now : before });
    // Beside the request. Not written, the session ends early for other processes: that does no harm.
    if (due) this.#store.noteSeen(id, now).catch(() => {});
  }

  /** A key that is signed in with again and again does not fill the table that every process reads. */
  async #endOldest(keyId: string): Promise<void> {
    const sessions = [...(await this.#read()).values()].filter((session) => session.key === keyId);
    const surplus = sessions.sort((a, b) => b.createdAt - a.createdAt).slice(SESSIONS_PER_KEY - 1);
    for (const { id } of surplus) await this.#store.endSession(id, this.#clock.now());
  }
}

export function sameToken(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('rollcall csrf').digest('base64url');
}
