import { createHash } from 'node:crypto';
import { mayCall } from '../../http/access.ts';
import type { Caller, Rule } from '../../http/route.ts';
import type { StoredViewLink, ViewLinkStore } from '../../ports/view-link-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { drawToken } from '../../shared/random.ts';
import type { Audit } from '../keys/audit.ts';
import type { Keys, LiveKey } from '../keys/keys.ts';

/** Who may ask for the numbers that a link shows. */
export const LINKERS = ['reader', 'curator'] as const satisfies Rule;
export const MOST_DAYS = 90;
/** Live ones, of one key. */
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
}

/**
 * Links that show one view to whoever has them. Of a token its hash alone is kept. A link lives no longer than the key
 * that made it; so whoever has no key, but a session that an identity provider vouches for, makes none.
 */
export class ViewLinks {
  readonly #deps: ViewLinksDeps;
  /** What is being written down just now, by link and day. */
  readonly #noting = new Map<string, Promise<void>>();

  constructor(deps: ViewLinksDeps) {
    this.#deps = deps;
  }

  /** The token, which is shown this once. */
  async issue(
    address: string,
    days: number,
    by: Caller,
  ): Promise<{ readonly token: string; readonly link: ToldLink } | 'key-needed' | 'too-many'> {
    const { store, clock, audit, keys } = this.#deps;
    const key = await keys.byId(by.keyId);
    if (typeof key === 'string') return 'key-needed';
    if ((await this.of(by.keyId)).filter(({ state }) => state === 'live').length >= MOST_LINKS) return 'too-many';
    const token = drawToken();
    const digest = digestOf(token);
    const createdAt = clock.now();
    const made = {
      ...{ id: digest.slice(0, 16), digest, key: by.keyId, fingerprint: key.fingerprint, address },
      ...{ createdAt, expiresAt: createdAt + days * DAY_MS },
    };
    await audit.append({ actor: by.keyId, action: 'view-link.created', object: `${made.id} ${days} days` });
    await store.addViewLink(made);
    return { token, link: { ...made, revokedAt: null, lastOpenedDay: null, state: 'live' } };
  }

  /**
   * The link of a token, to be shown; `over` for one that was a link, `unknown` for one that never was. That it is opened
   * is written down once a day, before anything is shown.
   */
  async open(token: string): Promise<StoredViewLink | 'over' | 'unknown'> {
    const link = await this.#deps.store.viewLink(digestOf(token));
    if (!link) return 'unknown';
    if ((await this.#stateOf(link)) !== 'live') return 'over';
    const day = new Date(this.#deps.clock.now()).toISOString().slice(0, 10);
    if (link.lastOpenedDay !== day) await this.#noteOpened(link, day);
    return link;
  }

  /** Newest first; of one key, or of all. */
  async of(key: string | undefined): Promise<ToldLink[]> {
    const all = (await this.#deps.store.viewLinks()).filter((link) => key === undefined || link.key === key);
    const told = await Promise.all(all.map(async (link) => ({ ...link, state: await this.#stateOf(link) })));
    return told.reverse();
  }

  /** False when there is none of this id, or it is another key's and the caller no admin. */
  async revoke(id: string, by: Caller): Promise<boolean> {
    const { store, clock, audit } = this.#deps;
    const link = (await store.viewLinks()).find((one) => one.id === id);
    if (!link || (link.key !== by.keyId && !by.scopes.includes('admin'))) return false;
    if (link.revokedAt !== null) return true;
    await audit.append({ actor: by.keyId, action: 'view-link.revoked', object: id });
    await store.revokeViewLink(link, clock.now());
    return true;
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
    const key = await this.#deps.keys.standing(id);
    return typeof key !== 'string' && key.fingerprint === fingerprint && mayLink(key) ? 'live' : 'key-gone';
  }
}

function mayLink({ caller }: LiveKey): boolean {
  return mayCall(LINKERS, caller);
}

function digestOf(token: string): string {
  return createHash('sha256').update(`view ${token}`).digest('hex');
}
