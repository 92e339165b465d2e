import type { Clock } from '../../shared/clock.ts';
import type { Clients } from './clients.ts';
import { markerAt } from './record.ts';
import type { Topics } from './topics.ts';

/** More than `segment.ms` of our topics. */
const STEP_MS = 2_000;

/**
 * Removes records that are done with. Kafka moves the beginning of the log at once, so that nobody can read them, but
 * removes only whole closed segments from the disk, and it closes a segment only when a record comes whose time is
 * past the segment's first by `segment.ms`. Facts carry the day alone, so none ever would: a marker, a record with
 * nothing in it, carries the time and closes the segment. Consumers commit markers and hand them to nobody.
 *
 * A segment that also held records that were not done with goes in the round after. Measured on Kafka 4.4.0: without
 * a marker the bytes stay for as long as the topic is idle.
 */
export class Truncation {
  readonly #clients: Clients;
  readonly #topics: Topics;
  readonly #clock: Clock;
  /** By topic and partition, the offset of our last marker. */
  readonly #markers = new Map<string, bigint>();
  #lastTime = 0;

  constructor(clients: Clients, topics: Topics, clock: Clock) {
    this.#clients = clients;
    this.#topics = topics;
    this.#clock = clock;
  }

  /** Removes the records before `ends`, offsets by partition. */
  async removeBefore(topic: string, ends: ReadonlyMap<number, bigint>): Promise<void> {
    const ranges = await this.#topics.ranges(topic);
    const ending = ranges.flatMap(({ partition, low }) => {
      const end = ends.get(partition) ?? 0n;
      return end > low ? [{ partition, low, end }] : [];
    });
    if (ending.length === 0) return;
    const partitions = ending.map(({ partition, end }) => ({ partition, offset: String(end) }));
    await this.#clients.withTopic(topic, ({ admin }) => admin.deleteTopicRecords({ topic, partitions }));
    for (const { partition, end } of ending) {
      const marker = this.#markers.get(`${topic}/${partition}`);
      // Nothing was removed but the marker itself: another one would only chase it.
      if (marker === undefined || end > marker + 1n) await this.#closeSegment(topic, partition);
    }
  }

  async #closeSegment(topic: string, partition: number): Promise<void> {
    this.#lastTime = Math.max(this.#clock.now(), this.#lastTime + STEP_MS);
    const messages = [{ ...markerAt(this.#lastTime), partition }];
    const [sent] = await this.#clients.withTopic(topic, ({ producer }) => producer.send({ topic, acks: -1, messages }));
    this.#markers.set(`${topic}/${partition}`, BigInt(sent?.baseOffset ?? -1));
  }
}
