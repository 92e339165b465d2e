import { createHash } from 'node:crypto';
import type { LinkStore } from '../../ports/link-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { drawNonce, drawToken } from '../../shared/random.ts';
import type { Audit } from './audit.ts';
import type { Keys, LiveKey } from './keys.ts';

/** A link that nobody has followed by then is dead. */
export const LINK_MS = 10 * 60_000;

export interface IssuedLink {
  /** Shown once, to whoever asked for it. */
  readonly token: string;
  readonly expiresAt: number;
}

interface LinksDeps {
  readonly store: LinkStore;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly keys: Keys;
}

/** Links that sign in once with a key that their holder never sees. Of a token its hash alone is kept. */
export class Links {
  readonly #deps: LinksDeps;

  constructor(deps: LinksDeps) {
    this.#deps = deps;
  }

  /** Undefined when no live key has the id. */
  async issue(keyId: string, by: string): Promise<IssuedLink | undefined> {
    const { store, clock, audit, keys } = this.#deps;
    const key = await keys.byId(keyId);
    if (typeof key === 'string') return undefined;
    const token = drawToken();
    const createdAt = clock.now();
    const expiresAt = createdAt + LINK_MS;
    await audit.append({ actor: by, action: 'link.created', object: keyId });
    await store.addLink({ id: idOf(token), key: keyId, fingerprint: key.fingerprint, createdAt, expiresAt });
    return { token, expiresAt };
  }

  /**
   * The key that the link signs in with, to one caller alone; undefined for a link that is none, was followed before, is
   * too old, or whose key may not be used any more. It is spent before anything is made of it: whoever is killed in
   * between has lost a link, and nobody has a second session.
   */
  async spend(token: string): Promise<LiveKey | undefined> {
    const { store, clock, keys } = this.#deps;
    const id = idOf(token);
    const link = await store.link(id);
    if (!link || link.expiresAt <= clock.now()) return undefined;
    const key = await keys.byId(link.key);
    if (typeof key === 'string' || key.fingerprint !== link.fingerprint) return undefined;
    return (await store.spendLink(id, clock.now(), drawNonce())) ? key : undefined;
  }
}

function idOf(token: string): string {
  return createHash('sha256').update(`link ${token}`).digest('hex');
}
