import { createHash } from 'node:crypto';
import { mayCall } from '../../http/access.ts';
import type { Caller, Rule } from '../../http/route.ts';
import type { StoredViewLink, ViewLinkStore } from '../../ports/view-link-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { drawToken } from '../../shared/random.ts';
import type { Audit } from '../keys/audit.ts';
import { type Keys, MAX_AGE_MS, MISS_AGE_MS } from '../keys/keys.ts';
import { RefreshAheadCache } from '../keys/refresh-ahead-cache.ts';
import { isPerson } from '../keys/scopes.ts';

/** Who may ask for the numbers that a link shows. */
export const LINKERS = ['reader', 'curator'] as const satisfies Rule;
export const MOST_DAYS = 90;
/** A provider is asked about somebody when they sign in, and tells of nobody who left. */
export const MOST_DAYS_OF_A_PERSON = 30;
/** Live ones, of one key or person. */
export const MOST_LINKS = 20;
const DAY_MS = 86_400_000;
const NOBODY = 'nobody';

export type LinkState = 'live' | 'expired' | 'revoked' | 'key-gone';
export type ToldLink = StoredViewLink & { readonly state: LinkState };

interface ViewLinksDeps {
  readonly store: ViewLinkStore;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly keys: Keys;
  /** What is believed of the provider of people, as a word that changes with it; undefined where there is none. */
  readonly believed: string | undefined;
}

/**
 * Links that show one view to whoever has them. Of a token its hash alone is kept. A link lives no longer than the key
 * that made it; one of somebody whom an identity provider vouches for, no longer than the provider is believed, and ends
 * with a sign-in that opens them no counts any more: see {@link ViewLinks.endOf}.
 */
export class ViewLinks {
  readonly #deps: ViewLinksDeps;
  /** What is being written down just now, by link and day. */
  readonly #noting = new Map<string, Promise<void>>();
  /** By digest: a guess is looked up here, and costs the store nothing. */
  readonly #known: RefreshAheadCache<ReadonlyMap<string, StoredViewLink>>;

  constructor(deps: ViewLinksDeps) {
    this.#deps = deps;
    const read = async () => new Map((await deps.store.viewLinks()).map((link) => [link.digest, link]));
    this.#known = new RefreshAheadCache(read, deps.clock);
  }

  /** The token, which is shown this once. */
  async issue(
    address: string,
    days: number,
    by: Caller,
  ): Promise<{ readonly token: string; readonly link: ToldLink } | 'signed-out' | 'too-long' | 'too-many'> {
    const { store, clock, audit } = this.#deps;
    const fingerprint = await this.#fingerprintOf(by.keyId);
    if (fingerprint === undefined) return 'signed-out';
    if (days > mostDaysOf(by)) return 'too-long';
    if ((await this.of(by.keyId)).filter(({ state }) => state === 'live').length >= MOST_LINKS) return 'too-many';
    const token = drawToken();
    const digest = digestOf(token);
    const createdAt = clock.now();
    const made = {
      ...{ id: digest.slice(0, 16), digest, key: by.keyId, fingerprint, address },
      ...{ createdAt, expiresAt: createdAt + days * DAY_MS },
    };
    await audit.append({ actor: by.keyId, action: 'view-link.created', object: `${made.id} ${days} days` });
    await store.addViewLink(made);
    this.#known.forget();
    return { token, link: { ...made, revokedAt: null, lastOpenedDay: null, state: 'live' } };
  }

  /**
   * The link of a token; `over` for one that was a link, `unknown` for one that never was. Whoever guesses makes this
   * process read the list five times a second at most, however many guess.
   */
  async find(token: string): Promise<StoredViewLink | 'over' | 'unknown'> {
    const digest = digestOf(token);
    const link = (await this.#known.get(MAX_AGE_MS)).get(digest) ?? (await this.#known.get(MISS_AGE_MS)).get(digest);
    if (!link) return 'unknown';
    return (await this.#stateOf(link)) === 'live' ? link : 'over';
  }

  /** The link as it is now, to be shown. That it is opened is written down once a day, before anything is shown. */
  async open({ digest }: StoredViewLink): Promise<StoredViewLink | 'over'> {
    const link = await this.#deps.store.viewLink(digest);
    if (!link || (await this.#stateOf(link)) !== 'live') return 'over';
    const day = new Date(this.#deps.clock.now()).toISOString().slice(0, 10);
    if (link.lastOpenedDay !== day) await this.#noteOpened(link, day);
    return link;
  }

  /** Newest first; of one key or person, or of all. */
  async of(key: string | undefined): Promise<ToldLink[]> {
    const all = (await this.#deps.store.viewLinks()).filter((link) => key === undefined || link.key === key);
    const told = await Promise.all(all.map(async (link) => ({ ...link, state: await this.#stateOf(link) })));
    return told.reverse();
  }

  /** False when there is none of this id, or it is another key's and the caller no admin. */
  async revoke(id: string, by: Caller): Promise<boolean> {
    const link = (await this.#deps.store.viewLinks()).find((one) => one.id === id);
    if (!link || (link.key !== by.keyId && !by.scopes.includes('admin'))) return false;
    if (link.revokedAt === null) await this.#revoke(link, by.keyId);
    return true;
  }

  /** Somebody has signed in to whom the provider opens no counts any more: what they handed on is over too. */
  async endOf(person: string): Promise<void> {
    for (const link of await this.of(person)) if (link.state === 'live') await this.#revoke(link, person);
  }

  async #revoke(link: StoredViewLink, by: string): Promise<void> {
    const { store, clock, audit } = this.#deps;
    await audit.append({ actor: by, action: 'view-link.revoked', object: link.id });
    await store.revokeViewLink(link, clock.now());
    this.#known.forget();
  }

  /** Who opened it has no key, and an address is nobody's business. */
  #noteOpened(link: StoredViewLink, day: string): Promise<void> {
    const { audit, store } = this.#deps;
    const name = `${link.id} ${day}`;
    const noting =
      this.#noting.get(name) ??
      audit
        .append({ actor: NOBODY, action: 'view-link.opened', object: link.id })
        .then(() => store.noteOpened(link, day))
        .finally(() => this.#noting.delete(name));
    this.#noting.set(name, noting);
    return noting;
  }

  async #stateOf({ key: id, fingerprint, expiresAt, revokedAt }: StoredViewLink): Promise<LinkState> {
    if (revokedAt !== null) return 'revoked';
    if (expiresAt <= this.#deps.clock.now()) return 'expired';
    return (await this.#fingerprintOf(id)) === fingerprint ? 'live' : 'key-gone';
  }

  /** Of a key that may link, or of whoever vouches for the person; undefined when neither stands. */
  async #fingerprintOf(id: string): Promise<string | undefined> {
    const { keys, believed } = this.#deps;
    if (isPerson(id)) return believed;
    const key = await keys.standing(id);
    return typeof key !== 'string' && mayLink(key.caller) ? key.fingerprint : undefined;
  }
}

/** Whether links of the caller may live. */
export function mayLink(caller: Caller): boolean {
  return mayCall(LINKERS, caller);
}

function mostDaysOf({ keyId }: Caller): number {
  return isPerson(keyId) ? MOST_DAYS_OF_A_PERSON : MOST_DAYS;
}

function digestOf(token: string): string {
  return createHash('sha256').update(`view ${token}`).digest('hex');
}
