import { Period } from '../../../schemas/period.ts';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import type { Clients } from './clients.ts';
import type { Settings } from './options.ts';

/** While something is waited for, it is looked at this often. */
const POLL_MS = 100;

export type Kind = 'facts' | 'dead';

export interface Range {
  readonly partition: number;
  /** The first record that is still there. */
  readonly low: bigint;
  /** The offset after the last record that all in-sync replicas have. */
  readonly high: bigint;
}

/**
 * Uncommitted facts never expire. A segment is closed as soon as a record's time is a second past its first record's,
 * see truncate.ts. Compressed records pass through as they are; their times are the client's, cut to the day, and no
 * broker may refuse one for being old or ahead.
 */
const TOPIC_SETTINGS = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'segment.ms': '1000',
  'file.delete.delay.ms': '1000',
  'compression.type': 'producer',
  'max.message.bytes': String(16 * 1024 * 1024),
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.after.max.ms': '9223372036854775807',
};

/** One topic for the facts of a period and one for its dead letters: `rollcall.facts.2026-11`, `rollcall.dead.2026-11`. */
export class Topics {
  readonly #clients: Clients;
  readonly #settings: Settings;
  readonly #known = new Set<string>();

  constructor(clients: Clients, settings: Settings) {
    this.#clients = clients;
    this.#settings = settings;
  }

  name(kind: Kind, period: Period): string {
    return `${this.#settings.prefix}.${kind}.${period}`;
  }

  /** Null when the topic is not one of ours. */
  periodOf(topic: string): Period | null {
    const { prefix } = this.#settings;
    const rest = topic.startsWith(`${prefix}.`) ? topic.slice(prefix.length + 1) : '';
    const parsed = Period.safeParse(rest.replace(/^(facts|dead)\./, ''));
    return parsed.success && rest !== parsed.data ? parsed.data : null;
  }

  /** The topics that exist, oldest period first. */
  async list(kind?: Kind): Promise<{ topic: string; period: Period }[]> {
    const begin = kind === undefined ? `${this.#settings.prefix}.` : `${this.#settings.prefix}.${kind}.`;
    const all = await (await this.#clients.general()).listTopics();
    this.#clients.keep(all);
    for (const topic of this.#known) if (!all.includes(topic)) this.#known.delete(topic);
    return all
      .filter((topic) => topic.startsWith(begin))
      .flatMap((topic) => {
        const period = this.periodOf(topic);
        return period === null ? [] : [{ topic, period }];
      })
      .sort((a, b) => (a.period < b.period ? -1 : 1));
  }

  async exists(kind: Kind, period: Period): Promise<boolean> {
    const topic = this.name(kind, period);
    return (await this.list(kind)).some((found) => found.topic === topic);
  }

  /** Creates the topic unless this process knows that it is there. */
  async ensure(kind: Kind, period: Period): Promise<string> {
    const topic = this.name(kind, period);
    if (!this.#known.has(topic) && !(await this.exists(kind, period))) await this.#create(kind, topic);
    this.#known.add(topic);
    return topic;
  }

  /** Looks again next time whether the topic is there: another process may have deleted it. */
  doubt(topic: string): void {
    this.#known.delete(topic);
    this.#clients.drop(topic);
  }

  async #create(kind: Kind, topic: string): Promise<void> {
    const { partitions, replicationFactor, timeoutMs } = this.#settings;
    const settings = { ...TOPIC_SETTINGS, 'min.insync.replicas': replicationFactor > 1 ? '2' : '1' };
    // False when another process was first, which is as good.
    const admin = await this.#clients.general();
    await admin.createTopics({
      waitForLeaders: true,
      timeout: timeoutMs,
      topics: [
        {
          topic,
          numPartitions: kind === 'facts' ? partitions : 1,
          replicationFactor,
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  }

  /** Deletes what there is of the topics and waits until they are no longer named. */
  async delete(period: Period): Promise<void> {
    const there = await this.#of(period);
    if (there.length === 0) return;
    for (const topic of there) this.doubt(topic);
    const admin = await this.#clients.general();
    await admin.deleteTopics({ topics: there, timeout: this.#settings.timeoutMs });
    for (let waitedMs = 0; (await this.#of(period)).length > 0; waitedMs += POLL_MS) {
      if (waitedMs > this.#settings.timeoutMs) throw new Failure('log-unavailable');
      await pause(POLL_MS);
    }
  }

  async #of(period: Period): Promise<string[]> {
    return (await this.list()).filter((found) => found.period === period).map(({ topic }) => topic);
  }

  async ranges(topic: string): Promise<Range[]> {
    const partitions = await this.#clients.withTopic(topic, ({ admin }) => admin.fetchTopicOffsets(topic));
    return partitions.map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }));
  }

  /** By partition, what the group has committed; nothing where it has committed nothing. */
  async committed(groupId: string, topic: string): Promise<Map<number, bigint>> {
    const [found] = await this.#clients.withTopic(topic, ({ admin }) =>
      admin.fetchOffsets({ groupId, topics: [topic] }),
    );
    const partitions = (found?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)] as const);
    return new Map(partitions.filter(([, offset]) => offset >= 0n));
  }
}
