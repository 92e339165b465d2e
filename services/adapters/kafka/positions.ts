import type { Log } from '../../shared/log.ts';
import type { Topics } from './topics.ts';

export interface PositionsOrder {
  readonly topics: Topics;
  readonly groupId: string;
  readonly journal: Log;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Where a member of the group stands in each partition: after the last record that it has fetched, or where the group does. */
export class Positions {
  readonly #order: PositionsOrder;
  /** By topic and partition, the offset after the last record that was fetched. */
  readonly #fetched = new Map<string, bigint>();

  constructor(order: PositionsOrder) {
    this.#order = order;
  }

  clear(): void {
    this.#fetched.clear();
  }

  /** `next`: the offset after the last record that was fetched. */
  set(place: Place, next: bigint): void {
    this.#fetched.set(nameOf(place), next);
  }

  /**
   * The offset that the next batch of the partition must begin with: where the last one ended, and after a join where
   * the group stands. kafkajs can join again in one of its fetches while another one's batch is under way, and that
   * batch would then move it past records that were fetched before and have been let go.
   */
  async of({ topic, partition }: Place): Promise<bigint | undefined> {
    const known = this.#fetched.get(nameOf({ topic, partition }));
    if (known !== undefined) return known;
    const { topics, groupId } = this.#order;
    const [committed, ranges] = await Promise.all([topics.committed(groupId, topic), topics.ranges(topic)]);
    return committed.get(partition) ?? ranges.find((range) => range.partition === partition)?.low;
  }

  /** Whether there is something in one of the partitions that was not fetched. */
  async areBehind(topic: string, partitions: readonly number[]): Promise<boolean> {
    const { topics, groupId } = this.#order;
    const [committed, ranges] = await Promise.all([topics.committed(groupId, topic), topics.ranges(topic)]);
    return ranges.some(({ partition, low, high }) => {
      const next = this.#fetched.get(nameOf({ topic, partition })) ?? committed.get(partition) ?? low;
      return partitions.includes(partition) && high > next;
    });
  }

  /**
   * Records that nobody has counted and that are gone: cut by somebody's retention, or by hand. `positions`: where we
   * stand; otherwise where the group does.
   */
  async tellOfGaps(topic: string, positions?: ReadonlyMap<number, bigint>): Promise<void> {
    const { topics, groupId, journal } = this.#order;
    const [ranges, ours] = await Promise.all([topics.ranges(topic), positions ?? topics.committed(groupId, topic)]);
    for (const { partition, low } of ranges) {
      const lost = Number(low - (ours.get(partition) ?? low));
      if (lost > 0) journal.error('records are gone that were not counted', { topic, partition, records: lost });
    }
  }
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}
