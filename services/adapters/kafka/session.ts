import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Period } from '../../../schemas/period.ts';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import type { ConsumptionOrder } from './consumption-order.ts';
import { Positions } from './positions.ts';
import { blockOf } from './record.ts';
import { type Batch, WaitingBlocks } from './waiting-blocks.ts';

/** While a handler works, the group hears of us this often. */
const HEARTBEAT_MS = 500;
/** Kafka waits this long for more records before it answers that there are none; so long a stop can take. */
const FETCH_WAIT_MS = 300;
/**
 * A member of a group that is regrouping is waited for this long: also one that is none any more, because its connection
 * broke while it joined. So it is no longer than an outage that nobody minds.
 */
const REBALANCE_TIMEOUT_MS = 15_000;
/** So long, and not longer, a regrouping waits for the handler to finish its batch: then others get it too. */
const LONGEST_FINISH_MS = 10_000;
/**
 * How often a member tries before it gives its membership up. Where one broker is listed, for some 12 seconds: the group
 * knows the member still when that broker was restarted, and would keep a new one waiting for the old one. Where several
 * are, another one keeps the group within seconds, and kafkajs finds it only by joining anew.
 */
const RETRIES = { ofOne: 14, ofSeveral: 5 } as const;
/** What Kafka answers a heartbeat with when kafkajs then joins again, and with nothing else (runner.js, 2.2.4). */
const JOINED_AFTER = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);
/** A member that has fetched nothing for so long, though something waits for it, begins again. Joining takes half of it at most. */
const LONGEST_SILENCE_MS = 45_000;
export const INTERRUPTED = 'consuming was interrupted, and begins again';
const COMMIT_ATTEMPTS = 5;
const COMMIT_PAUSE_MS = 200;
const LONGEST_WAIT_MS = 60_000;
const FETCH_BYTES = 8 * 1024 * 1024;

/** One membership of the group over a fixed set of topics. */
export class Session {
  readonly #order: ConsumptionOrder;
  readonly #names: readonly string[];
  readonly #waiting: WaitingBlocks;
  readonly #consumer: Consumer;
  readonly #end = new AbortController();
  readonly #forgotten = new Set<Period>();
  readonly #positions: Positions;
  /** By topic, the partitions that are ours; undefined before the group has taken us. */
  #assigned: Readonly<Record<string, readonly number[]>> | undefined;
  /** When something was fetched, or we became a member, by performance.now(). */
  #heardAt = performance.now();
  #orderly = true;
  /** From one join of the group to the next: what was fetched in an earlier one is not ours to commit. */
  #tenure = new AbortController();
  #inHand: Promise<void> | undefined;
  #commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  /** Aborted, and made anew, whenever something changed that somebody may wait for. */
  #change = new AbortController();

  constructor(order: ConsumptionOrder, names: readonly string[]) {
    this.#order = order;
    this.#names = names;
    this.#waiting = new WaitingBlocks(order.options);
    this.#positions = new Positions(order);
    const { sessionTimeoutMs, brokers } = order.settings;
    const retries = brokers.length > 1 ? RETRIES.ofSeveral : RETRIES.ofOne;
    this.#consumer = order.kafka.consumer({
      groupId: order.groupId,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.min(3_000, sessionTimeoutMs / 4),
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: FETCH_BYTES,
      metadataMaxAge: 30_000,
      // kafkajs does not start again by itself: a new session does.
      retry: { retries, initialRetryTime: 200, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
  }

  /** Resolves when the session is over: whether it ended in good order, or a pause should follow. */
  async run(): Promise<boolean> {
    const { signal } = this.#order.options;
    const stop = () => this.#stop(true);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const [handing, watching, fetching] = [this.#handOver(), this.#watch(), this.#fetch()];
    const { timeoutMs } = this.#order.settings;
    try {
      // kafkajs can be a minute about connecting and joining: whoever stops does not wait for it.
      await Promise.race([fetching.then(() => this.#ended()), this.#ended()]);
    } catch (failure) {
      this.#interrupted(failure);
    } finally {
      signal.removeEventListener('abort', stop);
      await handing;
      await settledWithin(timeoutMs, Promise.all([watching, this.#leave()]));
      // What has joined only now leaves too.
      void fetching.then(() => this.#leave()).catch(() => {});
    }
    return this.#orderly;
  }

  #leave(): Promise<void> {
    return this.#consumer.disconnect();
  }

  forget(period: Period): void {
    this.#forgotten.add(period);
    this.#waiting.forget(period);
    this.#stop(true);
  }

  /** Ends the session, for the next one to begin after a pause. */
  #interrupted(reason: unknown): void {
    if (!this.#over) this.#order.troubles.met(INTERRUPTED, reason);
    this.#stop(false);
  }

  get #over(): boolean {
    return this.#end.signal.aborted;
  }

  #stop(orderly: boolean): void {
    if (this.#over) return;
    this.#orderly = orderly;
    this.#end.abort();
    this.#tenure.abort();
    this.#changed();
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#over) resolve();
      else this.#end.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #changed(): void {
    this.#change.abort();
    this.#change = new AbortController();
  }

  async #fetch(): Promise<void> {
    const { events } = this.#consumer;
    this.#consumer.on(events.CRASH, ({ payload }) => this.#interrupted(payload.error));
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.#assigned = payload.memberAssignment;
      this.#heardAt = performance.now();
      this.#tenure.abort();
      this.#tenure = new AbortController();
      this.#waiting.clear();
      this.#positions.clear();
      this.#changed();
    });
    // Before kafkajs stands behind a gap and says nothing.
    await settledWithin(
      this.#order.settings.timeoutMs,
      Promise.all(this.#names.map((name) => this.#positions.tellOfGaps(name))),
    );
    if (this.#over) return;
    await this.#consumer.connect();
    if (this.#over) return;
    await this.#consumer.subscribe({ topics: [...this.#names], fromBeginning: true });
    if (this.#over) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  /** Takes in what was fetched, and lets no more be fetched while a batch is due or in hand. */
  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const period = this.#order.topics.periodOf(batch.topic);
    if (!isRunning() || isStale() || this.#over || period === null || this.#forgotten.has(period)) return;
    const tenure = this.#tenure;
    const position = await this.#positions.of(batch).catch(() => undefined);
    const first = BigInt(batch.firstOffset() ?? -1);
    if (position !== first)
      await this.#positions.tellOfGaps(batch.topic, new Map([[batch.partition, position ?? first]])).catch(() => {});
    if (position !== first || tenure !== this.#tenure) return this.#interrupted(new Failure('log-moved'));
    this.#heardAt = performance.now();
    this.#positions.set(batch, BigInt(batch.lastOffset()) + 1n);
    this.#commit = payload.commitOffsetsIfNecessary;
    for (const message of batch.messages) {
      const place = { partition: batch.partition, offset: BigInt(message.offset) };
      this.#waiting.add(period, place, blockOf(message, period), performance.now());
    }
    resolveOffset(batch.lastOffset());
    this.#changed();
    while (isRunning() && !isStale() && !this.#over && this.#busy()) {
      await this.#changeWithin(HEARTBEAT_MS);
      await heartbeat().catch((failure: unknown) => this.#finishThenThrow(failure));
    }
  }

  #busy(): boolean {
    return this.#inHand !== undefined || this.#waiting.due(performance.now()) !== undefined;
  }

  /**
   * The group regroups: what the handler has in hand may be finished and committed before we join again. When our
   * connection broke we are a member still, and what is in hand stays there.
   */
  async #finishThenThrow(failure: unknown): Promise<never> {
    if (!JOINED_AFTER.has(String((failure as { type?: unknown }).type))) throw failure;
    this.#tenure.abort();
    if (this.#inHand) await settledWithin(LONGEST_FINISH_MS, this.#inHand);
    throw failure;
  }

  #changeWithin(ms: number): Promise<void> {
    return pause(Math.min(ms, LONGEST_WAIT_MS), this.#change.signal);
  }

  async #handOver(): Promise<void> {
    while (!this.#over) {
      const now = performance.now();
      const period = this.#waiting.due(now);
      if (period === undefined) {
        await this.#changeWithin(this.#waiting.dueIn(now));
        continue;
      }
      this.#inHand = this.#deliver(this.#waiting.take(period, now), this.#tenure);
      await this.#inHand;
      this.#inHand = undefined;
      this.#changed();
    }
  }

  /** Until the handler takes the batch; or it is no longer ours, and comes again to whoever it belongs to. */
  async #deliver(batch: Batch, tenure: AbortController): Promise<void> {
    const { handle, settings } = this.#order;
    for (let pauseMs = settings.retryPauseMs; !tenure.signal.aborted && !this.#forgotten.has(batch.period); ) {
      const taken =
        batch.blocks.length === 0 ||
        (await handle(batch.blocks).then(
          () => true,
          () => false,
        ));
      if (taken) return await this.#commitBatch(batch, tenure);
      await pause(pauseMs, tenure.signal);
      pauseMs = Math.min(pauseMs * 2, settings.maxRetryPauseMs);
      if (await this.#isDestroyed(batch.period)) return;
    }
  }

  async #isDestroyed(period: Period): Promise<boolean> {
    const { factTopics, topics } = this.#order;
    const there = await factTopics().catch(() => null);
    return there !== null && !there.includes(topics.name('facts', period));
  }

  /**
   * Only as the member that fetched the batch: a later commit could put another member's position back. A member that
   * cannot commit starts again, and its batch with it: kafkajs goes on asking the broker that used to keep the
   * group's position long after another one does.
   */
  async #commitBatch({ period, commit }: Batch, tenure: AbortController): Promise<void> {
    const partitions = [...commit].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    const topics = [{ topic: this.#order.topics.name('facts', period), partitions }];
    for (let attempt = 0; attempt < COMMIT_ATTEMPTS; attempt++) {
      if (tenure !== this.#tenure || this.#forgotten.has(period)) return;
      const committed = await this.#commit!({ topics }).then(
        () => true,
        () => false,
      );
      if (committed) return this.#order.troubles.over(INTERRUPTED, 'consuming goes on');
      await pause(COMMIT_PAUSE_MS);
    }
    this.#interrupted(new Failure('log-unavailable'));
  }

  /** Ends the session when the set of topics is no longer the one it has, or when it has stopped fetching. */
  async #watch(): Promise<void> {
    const { factTopics, settings } = this.#order;
    const ours = this.#names.join();
    while (!this.#over) {
      await pause(settings.topicPollMs, this.#end.signal);
      const now = await factTopics().catch(() => null);
      if (now && now.join() !== ours) this.#stop(true);
      else if (await this.#stands()) this.#interrupted(new Failure('log-unavailable'));
    }
  }

  /**
   * Nothing was fetched for long although something is there for us, or we have not become a member: kafkajs can stand
   * still and tell nobody (after a broker's restart, say). Asked once in LONGEST_SILENCE_MS.
   */
  async #stands(): Promise<boolean> {
    const now = performance.now();
    if (this.#over || this.#busy() || now - this.#heardAt < LONGEST_SILENCE_MS) return false;
    this.#heardAt = now;
    if (!this.#assigned || this.#tenure.signal.aborted) return true;
    const misses = Object.entries(this.#assigned).map(([topic, partitions]) =>
      this.#positions.areBehind(topic, partitions),
    );
    return (await Promise.all(misses).catch(() => [])).some(Boolean);
  }
}
