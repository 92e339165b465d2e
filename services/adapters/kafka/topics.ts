import { Period } from '../../../schemas/period.ts';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import type { Clients } from './clients.ts';
import type { Settings } from './options.ts';
import { entriesOf, mendTopic, settingsFor } from './topic-settings.ts';

/** While something is waited for, it is looked at this often. */
const POLL_MS = 100;
const MEND_ATTEMPTS = 3;

export type Kind = 'facts' | 'dead';

export interface Range {
  readonly partition: number;
  /** The first record that is still there. */
  readonly low: bigint;
  /** The offset after the last record that all in-sync replicas have. */
  readonly high: bigint;
}

/** One topic for the facts of a period and one for its dead letters: `rollcall.facts.2026-11`, `rollcall.dead.2026-11`. */
export class Topics {
  readonly #clients: Clients;
  readonly #settings: Settings;
  readonly #known = new Set<string>();
  readonly #ensuring = new Map<string, Promise<void>>();

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

  /** Creates the topic, or puts right what somebody else made, unless this process knows it. Once for all who ask at a time. */
  async ensure(kind: Kind, period: Period): Promise<string> {
    const topic = this.name(kind, period);
    if (this.#known.has(topic)) return topic;
    const ensuring = this.#ensuring.get(topic) ?? this.#ensure(kind, period, topic);
    this.#ensuring.set(topic, ensuring);
    await ensuring.finally(() => this.#ensuring.delete(topic));
    return topic;
  }

  async #ensure(kind: Kind, period: Period, topic: string): Promise<void> {
    if (await this.exists(kind, period)) await this.#mend(topic);
    else await this.#create(kind, topic);
    this.#known.add(topic);
  }

  async #mend(topic: string): Promise<void> {
    const { replicationFactor: copies, journal } = this.#settings;
    const mend = () => this.#clients.withTopic(topic, ({ admin }) => mendTopic(admin, { topic, copies }, journal));
    for (let attempt = 0; attempt < MEND_ATTEMPTS; attempt++) {
      const failure = await mend().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (failure === undefined) return;
      if (failure instanceof Failure) throw failure;
      // Another process has made it just now, and not every broker knows it yet.
      await pause(POLL_MS);
    }
    journal.warn('the settings of a topic could not be read', { topic });
  }

  /** Looks again next time whether the topic is there: another process may have deleted it. */
  doubt(topic: string): void {
    this.#known.delete(topic);
    this.#clients.drop(topic);
  }

  async #create(kind: Kind, topic: string): Promise<void> {
    const { partitions, replicationFactor, timeoutMs } = this.#settings;
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
          configEntries: entriesOf(settingsFor(replicationFactor)),
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
