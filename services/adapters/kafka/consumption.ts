import type { Period } from '../../../schemas/period.ts';
import { pause } from '../../shared/clock.ts';
import type { ConsumptionOrder } from './consumption-order.ts';
import { INTERRUPTED, Session } from './session.ts';

/**
 * Consumes as a member of a group, in one session after another. A session has a fixed set of topics (kafkajs takes
 * no new ones while it runs), so it ends when a period's topic appears or goes, and when kafkajs gives up; what it
 * had fetched and not committed is fetched again by the next one.
 *
 * Where Kafka bends the port's promise: oldest first holds within a partition, and between the periods of what has
 * been fetched. `minReports` and `maxBytes` count what this member has fetched from its own partitions. A fetch can
 * bring more than a batch holds; nothing more is fetched until that is handed over.
 */
export class Consumption {
  readonly #order: ConsumptionOrder;
  #session: Session | undefined;

  constructor(order: ConsumptionOrder) {
    this.#order = order;
  }

  async run(): Promise<void> {
    const { factTopics, settings, options, troubles } = this.#order;
    while (!options.signal.aborted) {
      const names = await factTopics().catch((failure: unknown) => {
        troubles.met(INTERRUPTED, failure);
        return [];
      });
      if (names.length === 0) {
        await pause(settings.topicPollMs, options.signal);
        continue;
      }
      this.#session = new Session(this.#order, names);
      const orderly = await this.#session.run();
      if (!orderly) await pause(settings.retryPauseMs, options.signal);
    }
  }

  /** Hands over no block of this period any more. */
  forget(period: Period): void {
    this.#session?.forget(period);
  }
}
