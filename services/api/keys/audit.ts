import type { AuditEntry, AuditStore } from '../../ports/audit-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import { drawNonce } from '../../shared/random.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import { type Act, BEFORE_FIRST, entryAfter } from './audit-chain.ts';

const ATTEMPTS = 20;

/**
 * Writes down who does what, before it is done: what cannot be written down is not done. Within a process one entry at a
 * time; between processes the store gives each place of the chain to the first that asks, and the others try the next.
 */
export class Audit {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #queue = new SerialQueue();

  constructor(store: AuditStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  append(act: Act): Promise<AuditEntry> {
    return this.#queue.run(() => this.#append(act));
  }

  entries(after: number, limit: number): Promise<AuditEntry[]> {
    return this.#store.auditEntries(after, limit);
  }

  /** The newest first, of those before a place: both entries of a forged place come together. */
  async entriesBefore(before: number, limit: number): Promise<AuditEntry[]> {
    const head = (await this.#store.auditHead())?.seq ?? 0;
    const end = Math.min(before, head + 1);
    const entries = await this.#store.auditEntries(Math.max(0, end - 1 - limit), limit);
    return entries.filter(({ seq }) => seq < end).reverse();
  }

  async #append(act: Act): Promise<AuditEntry> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const head = (await this.#store.auditHead()) ?? BEFORE_FIRST;
      const entry = entryAfter(head, act, this.#clock.now(), drawNonce());
      if (await this.#store.appendAudit(entry)) return entry;
    }
    throw new Failure('audit-busy');
  }
}
