import { createHash } from 'node:crypto';
import type { PinStore, StoredPin } from '../../ports/pin-store.ts';
import type { Clock } from '../../shared/clock.ts';

/** A strip of names, not a second menu. */
export const MOST_PINS = 20;

/** The views that the holder of a key wants at hand. Nobody else sees them, and they open nothing: the audit has none. */
export class Pins {
  readonly #store: PinStore;
  readonly #clock: Clock;

  constructor(store: PinStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  of(key: string): Promise<StoredPin[]> {
    return this.#store.pins(key);
  }

  /** The pin, also when it was there; `too-many` when the key has {@link MOST_PINS} others. */
  async add(key: string, address: string): Promise<StoredPin | 'too-many'> {
    const id = createHash('sha256').update(`pin ${address}`).digest('hex').slice(0, 16);
    const all = await this.#store.pins(key);
    const known = all.find((pin) => pin.id === id);
    if (known) return known;
    if (all.length >= MOST_PINS) return 'too-many';
    const pin = { id, address, at: this.#clock.now() };
    await this.#store.addPin(key, pin);
    return pin;
  }

  /** False when the key has none of this id. */
  async remove(key: string, id: string): Promise<boolean> {
    if (!(await this.#store.pins(key)).some((pin) => pin.id === id)) return false;
    await this.#store.deletePin(key, id);
    return true;
  }
}
