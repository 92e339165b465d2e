import { createHash } from 'node:crypto';
import type { PinStore, StoredPin } from '../../ports/pin-store.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Keys } from '../keys/keys.ts';

/** A strip of names, not a second menu. */
export const MOST_PINS = 20;

const DAY_MS = 86_400_000;
/** Nobody says when somebody whom a provider vouched for is gone: pins end so long after their holder last signed in. */
const KEPT_MS = 180 * DAY_MS;
/** They are kept anew at a sign-in that comes so much later: not at each. */
const ANEW_MS = 30 * DAY_MS;

/**
 * The views that the holder of a key, or somebody whom an identity provider vouches for, wants at hand. Nobody else sees
 * them, and they open nothing: the audit has none. They end with the key, and {@link KEPT_MS} after the last sign-in.
 */
export class Pins {
  readonly #store: PinStore;
  readonly #clock: Clock;
  readonly #keys: Pick<Keys, 'standing'>;

  constructor(store: PinStore, clock: Clock, keys: Pick<Keys, 'standing'>) {
    this.#store = store;
    this.#clock = clock;
    this.#keys = keys;
  }

  async of(key: string): Promise<StoredPin[]> {
    return (await this.#store.pins(key)).filter(({ keptUntil }) => keptUntil > this.#clock.now());
  }

  /** The pin, also when it was there; `too-many` when the key has {@link MOST_PINS} others. */
  async add(key: string, address: string): Promise<StoredPin | 'too-many'> {
    const id = createHash('sha256').update(`pin ${address}`).digest('hex').slice(0, 16);
    const all = await this.of(key);
    const known = all.find((pin) => pin.id === id);
    if (known) return known;
    if (all.length >= MOST_PINS) return 'too-many';
    const pin = { id, address, at: this.#clock.now(), keptUntil: await this.#endOf(key) };
    await this.#store.addPins(key, [pin]);
    return pin;
  }

  /** False when the key has none of this id. */
  async remove(key: string, id: string): Promise<boolean> {
    if (!(await this.of(key)).some((pin) => pin.id === id)) return false;
    await this.#store.deletePin(key, id);
    return true;
  }

  /** Their holder has signed in. */
  async keep(key: string): Promise<void> {
    const keptUntil = await this.#endOf(key);
    const due = (await this.of(key)).filter((pin) => pin.keptUntil < keptUntil - ANEW_MS);
    if (due.length > 0)
      await this.#store.addPins(
        key,
        due.map((pin) => ({ ...pin, keptUntil })),
      );
  }

  async #endOf(id: string): Promise<number> {
    const key = await this.#keys.standing(id);
    const expiresAt = typeof key === 'string' ? null : key.expiresAt;
    return Math.min(this.#clock.now() + KEPT_MS, expiresAt ?? Number.POSITIVE_INFINITY);
  }
}
