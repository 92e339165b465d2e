import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../http/route.ts';
import type { SessionStore, StoredSession } from '../../ports/session-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { drawToken } from '../../shared/random.ts';
import { type Keys, type LiveKey, MAX_AGE_MS, MISS_AGE_MS } from './keys.ts';
import { RefreshAheadCache } from './refresh-ahead-cache.ts';

const MINUTE_MS = 60_000;
/** A session ends when it was not used for so long, … */
export const IDLE_MS = 30 * MINUTE_MS;
/** … and when it is so old, used or not. */
export const ABSOLUTE_MS = 12 * 60 * MINUTE_MS;
/** That it is in use is written down so often. For other processes the idle limit is shorter by as much. */
const SEEN_EVERY_MS = MINUTE_MS;
const SESSIONS_PER_KEY = 20;

export interface Session {
  readonly caller: Caller;
  /** Demanded with every changing request. Derived from the token: who has not the cookie cannot know it. */
  readonly csrfToken: string;
  readonly expiresAt: number;
}

/** Signed-in browsers. The cookie's token is random and kept as its hash; it and the cookie name nobody. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #clock: Clock;
  readonly #keys: Keys;
  readonly #known: RefreshAheadCache<ReadonlyMap<string, StoredSession>>;
  /** When this process saw a session in use, and when it last wrote that down. */
  readonly #seen = new Map<string, { at: number; written: number }>();

  constructor(store: SessionStore, clock: Clock, keys: Keys) {
    this.#store = store;
    this.#clock = clock;
    this.#keys = keys;
    this.#known = new RefreshAheadCache(() => this.#read(), clock);
  }

  async open({ caller, fingerprint }: LiveKey): Promise<Session & { readonly token: string }> {
    const token = drawToken();
    const createdAt = this.#clock.now();
    await this.#endOldest(caller.keyId);
    await this.#store.addSession({ id: idOf(token), key: caller.keyId, fingerprint, createdAt });
    this.#known.forget();
    return { token, caller, csrfToken: csrfTokenOf(token), expiresAt: createdAt + ABSOLUTE_MS };
  }

  /** The session of the token; undefined when there is none, it is over, or its key may not be used any more. */
  async find(token: string): Promise<Session | undefined> {
    const id = idOf(token);
    const session = (await this.#known.get(MAX_AGE_MS)).get(id) ?? (await this.#known.get(MISS_AGE_MS)).get(id);
    if (!session || !this.#lasts(session)) return undefined;
    const key = await this.#keys.byId(session.key);
    if (typeof key === 'string' || key.fingerprint !== session.fingerprint) return undefined;
    this.#noteSeen(session);
    return { caller: key.caller, csrfToken: csrfTokenOf(token), expiresAt: session.createdAt + ABSOLUTE_MS };
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
