import { CompressionTypes, type Kafka } from 'kafkajs';
import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import type { DeadLetterCount } from '../../ports/dead-letters.ts';
import type { ConsumeOptions } from '../../ports/log-consumer.ts';
import type { OtherClock } from '../../ports/other-clock.ts';
import { Failure } from '../../shared/failure.ts';
import { InFlight } from '../../shared/in-flight.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import { Troubles } from '../../shared/troubles.ts';
import type { FactLog } from '../fact-log.ts';
import { brokerTime } from './broker-clock.ts';
import { Clients } from './clients.ts';
import { Consumption } from './consumption.ts';
import { readTopic } from './dead-letter-reader.ts';
import { type KafkaFactLogOptions, openClient, type Settings, settingsOf } from './options.ts';
import { blockOf, reasonOf, recordOf } from './record.ts';
import { type Kind, Topics } from './topics.ts';
import { Truncation } from './truncate.ts';

const NOT_TAKEN = 'Kafka did not take a block';

/** Opening does not wait for Kafka, and a log whose brokers are away works again when they are back. */
export async function openKafkaFactLog(options: KafkaFactLogOptions): Promise<KafkaFactLog> {
  return new KafkaFactLog(settingsOf(options));
}

/** Facts in Apache Kafka: a topic for each period, and one for its dead letters. */
export class KafkaFactLog implements FactLog {
  readonly #settings: Settings;
  readonly #kafka: Kafka;
  readonly #clients: Clients;
  readonly #topics: Topics;
  readonly #truncation: Truncation;
  readonly #appends = new InFlight();
  readonly #consumptions = new Set<Consumption>();
  readonly #running = new InFlight();
  readonly #troubles: Troubles;
  readonly #counted = new Map<string, { at: string; letters: DeadLetterCount[] }>();
  readonly #closing = new AbortController();
  readonly clock: OtherClock = {
    name: 'broker',
    now: () => this.#call(() => brokerTime(this.#clients, this.#settings)),
  };
  #closed: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#troubles = new Troubles(settings.journal);
    this.#kafka = openClient(settings);
    this.#clients = new Clients(this.#kafka);
    this.#topics = new Topics(this.#clients, settings);
    this.#truncation = new Truncation(this.#clients, this.#topics, settings.clock);
  }

  append(block: Block): Promise<void> {
    return this.#append('facts', block);
  }

  deadLetter(block: Block, reason: DeadLetterReason): Promise<void> {
    return this.#append('dead', block, reason);
  }

  #append(kind: Kind, block: Block, reason?: DeadLetterReason): Promise<void> {
    return this.#appends.add(this.#told(block, () => this.#call(() => this.#send(kind, block, reason))));
  }

  /** Whoever appends answers somebody else: the journal is told of it here. */
  async #told(block: Block, append: () => Promise<void>): Promise<void> {
    try {
      await append();
      this.#troubles.over(NOT_TAKEN, 'Kafka takes blocks again');
    } catch (failure) {
      this.#troubles.met(NOT_TAKEN, failure, { period: block.period, bytes: block.bytes.byteLength });
      throw failure;
    }
  }

  async #send(kind: Kind, block: Block, reason?: DeadLetterReason): Promise<void> {
    const topic = await this.#topics.ensure(kind, block.period);
    try {
      const order = {
        topic,
        acks: -1,
        timeout: this.#settings.timeoutMs,
        compression: this.#settings.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
        messages: [recordOf(block, this.#settings.clock.now(), reason)],
      };
      await this.#clients.withTopic(topic, ({ producer }) => producer.send(order));
    } catch (failure) {
      if (saidByKafka(failure) === 'UNKNOWN_TOPIC_OR_PARTITION') this.#topics.doubt(topic);
      throw failure;
    }
  }

  async consume(
    group: string,
    handle: (batch: readonly Block[]) => Promise<void>,
    options: ConsumeOptions,
  ): Promise<void> {
    this.#refuseWhenClosed();
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const consumption = new Consumption({
      kafka: this.#kafka,
      topics: this.#topics,
      factTopics: () => this.#call(async () => (await this.#topics.list('facts')).map(({ topic }) => topic)),
      settings: this.#settings,
      groupId: this.#groupId(group),
      troubles: this.#troubles,
      journal: this.#settings.journal,
      handle,
      options: { ...options, signal },
    });
    const timer = setInterval(() => void this.truncateCommitted().catch(() => {}), this.#settings.truncateEveryMs);
    const running = consumption.run().finally(() => {
      clearInterval(timer);
      this.#consumptions.delete(consumption);
    });
    this.#consumptions.add(consumption);
    await this.#running.add(running);
  }

  async pending(group: string, period: Period): Promise<number> {
    return await this.#call(async () => {
      if (!(await this.#topics.exists('facts', period))) return 0;
      const topic = this.#topics.name('facts', period);
      const [ranges, committed] = await Promise.all([
        this.#topics.ranges(topic),
        this.#topics.committed(this.#groupId(group), topic),
      ]);
      const left = ranges.map(({ partition, low, high }) => high - larger(low, committed.get(partition) ?? 0n));
      return Number(left.reduce((sum, n) => sum + n, 0n));
    });
  }

  /** A topic whose records were all removed counts: bytes of theirs may be on some disk until it is destroyed. */
  async periods(): Promise<Period[]> {
    return await this.#call(async () => [...new Set((await this.#topics.list()).map(({ period }) => period))]);
  }

  async deadLetters(): Promise<DeadLetterCount[]> {
    const found = await this.#call(() => this.#topics.list('dead'));
    const letters: DeadLetterCount[] = [];
    for (const { topic, period } of found) letters.push(...(await this.#count(topic, period)));
    return letters;
  }

  /** Reads the topic only when it is not as it was the last time: a metric may ask often. */
  async #count(topic: string, period: Period): Promise<DeadLetterCount[]> {
    const ranges = await this.#call(() => this.#topics.ranges(topic));
    const at = ranges.map(({ partition, low, high }) => `${partition}:${low}-${high}`).join();
    const counted = this.#counted.get(topic);
    if (counted?.at === at) return counted.letters;
    const sums = new Map<DeadLetterReason, { blocks: number; facts: number }>();
    await this.#read(topic, ranges, async (message) => {
      const block = blockOf(message, period);
      if (!block) return;
      const reason = reasonOf(message);
      const { blocks, facts } = sums.get(reason) ?? { blocks: 0, facts: 0 };
      sums.set(reason, { blocks: blocks + 1, facts: facts + block.facts });
    });
    const letters = [...sums].map(([reason, sum]) => ({ period, reason, ...sum }));
    letters.sort((a, b) => (a.reason < b.reason ? -1 : 1));
    this.#counted.set(topic, { at, letters });
    return letters;
  }

  replay(period: Period): Promise<number> {
    return this.#takeOut(period, (block) => this.append(block));
  }

  drop(period: Period): Promise<number> {
    return this.#takeOut(period, async () => {});
  }

  /** Has each dead letter of the period dealt with, then removes those records and no later one. */
  async #takeOut(period: Period, deal: (block: Block) => Promise<void>): Promise<number> {
    if (!(await this.#call(() => this.#topics.exists('dead', period)))) return 0;
    const topic = this.#topics.name('dead', period);
    const ranges = await this.#call(() => this.#topics.ranges(topic));
    let blocks = 0;
    await this.#read(topic, ranges, async (message) => {
      const block = blockOf(message, period);
      if (!block) return;
      await deal(block);
      blocks++;
    });
    const ends = new Map(ranges.map(({ partition, high }) => [partition, high]));
    if (blocks > 0) await this.#call(() => this.#truncation.removeBefore(topic, ends));
    return blocks;
  }

  async #read(...[topic, ranges, visit]: ReadArguments): Promise<void> {
    const from = { kafka: this.#kafka, clients: this.#clients, settings: this.#settings };
    await readTopic(from, topic, ranges, visit).catch((failure: unknown) => {
      throw asFailure(failure);
    });
  }

  async destroy(period: Period): Promise<void> {
    for (const consumption of this.#consumptions) consumption.forget(period);
    this.#counted.delete(this.#topics.name('dead', period));
    // The broker forgets the groups' positions with the topic.
    await this.#call(() => this.#topics.delete(period));
  }

  /**
   * Removes the records that every group has committed. Runs by itself while something is consumed; a group that has
   * not yet committed anything in a partition keeps all of it.
   */
  async truncateCommitted(): Promise<void> {
    await this.#call(async () => {
      const { groups } = await (await this.#clients.general()).listGroups();
      const ours = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(this.#groupId('')));
      if (ours.length === 0) return;
      for (const { topic } of await this.#topics.list('facts')) {
        const positions = await Promise.all(ours.map((groupId) => this.#topics.committed(groupId, topic)));
        await this.#truncation.removeBefore(topic, least(positions));
      }
    });
  }

  async check(): Promise<void> {
    await this.#call(async () => {
      const { brokers } = await (await this.#clients.general()).describeCluster();
      const needed = this.#settings.replicationFactor > 1 ? 2 : 1;
      if (brokers.length < needed) throw new Failure('log-unavailable', { brokers: brokers.length });
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#appends.settled();
    this.#closing.abort();
    await this.#running.settled();
    await settledWithin(this.#settings.timeoutMs, this.#clients.close());
  }

  #groupId(group: string): string {
    return `${this.#settings.prefix}.${group}`;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Failure('closed');
  }

  /** With an end to patience. kafkajs may go on after it: what was refused may have been taken. */
  async #call<T>(act: () => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    const acted = act();
    if (!(await settledWithin(this.#settings.timeoutMs, acted))) throw new Failure('log-unavailable');
    return await acted.catch((failure: unknown) => {
      throw asFailure(failure);
    });
  }
}

type ReadArguments = Parameters<typeof readTopic> extends [unknown, ...infer Rest] ? Rest : never;

function asFailure(failure: unknown): Failure {
  if (failure instanceof Failure) return failure;
  const said = saidByKafka(failure);
  return new Failure('log-unavailable', said === undefined ? {} : { kafka: said }, { cause: failure });
}

/** The name of Kafka's error, such as MESSAGE_TOO_LARGE: kafkajs wraps it. */
function saidByKafka(failure: unknown): string | undefined {
  const { type, cause } = failure as { type?: unknown; cause?: unknown };
  if (typeof type === 'string' && /^[A-Z_]{1,60}$/.test(type)) return type;
  return cause instanceof Error && cause !== failure ? saidByKafka(cause) : undefined;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** By partition, the least of the positions; nothing where one of them is missing. */
function least(positions: readonly ReadonlyMap<number, bigint>[]): Map<number, bigint> {
  const [first, ...others] = positions;
  const found = new Map(first);
  for (const other of others)
    for (const [partition, offset] of found)
      if ((other.get(partition) ?? 0n) < offset) found.set(partition, other.get(partition) ?? 0n);
  return found;
}
