import type { Admin, Kafka, Producer } from 'kafkajs';
import { inTurn } from './partitioner.ts';

export interface TopicClients {
  readonly admin: Admin;
  readonly producer: Producer;
}

/**
 * Clients of one topic each. A kafkajs client asks for the metadata of every topic that it was ever used for, all in
 * one request, and fails for all of them once one is deleted (measured, 2.2.4): a producer that outlived a period
 * would never send again. So a topic's clients go with the topic.
 */
export class Clients {
  readonly #kafka: Kafka;
  /** For questions that name no topic, or several. */
  readonly #general: Connected<Admin>;
  readonly #byTopic = new Map<string, TopicLink>();
  readonly #leaving = new Set<Promise<void>>();

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
    this.#general = new Connected(kafka.admin());
  }

  general(): Promise<Admin> {
    return this.#general.client();
  }

  async withTopic<T>(topic: string, use: (clients: TopicClients) => Promise<T>): Promise<T> {
    const link = this.#byTopic.get(topic) ?? new TopicLink(this.#kafka);
    this.#byTopic.set(topic, link);
    return await link.use(use);
  }

  /** Lets go of the clients of topics that are no longer there. */
  keep(existing: readonly string[]): void {
    for (const topic of this.#byTopic.keys()) if (!existing.includes(topic)) this.drop(topic);
  }

  drop(topic: string): void {
    const left = this.#byTopic.get(topic)?.close() ?? Promise.resolve();
    this.#byTopic.delete(topic);
    this.#leaving.add(left);
    void left.finally(() => this.#leaving.delete(left));
  }

  async close(): Promise<void> {
    for (const topic of this.#byTopic.keys()) this.drop(topic);
    await Promise.all([...this.#leaving, this.#general.close()]);
  }
}

/** Connects at the first use; when that fails, at the next. */
class Connected<C extends { connect(): Promise<void>; disconnect(): Promise<void> }> {
  readonly #client: C;
  #connected: Promise<void> | undefined;

  constructor(client: C) {
    this.#client = client;
  }

  async client(): Promise<C> {
    this.#connected ??= this.#client.connect().catch((failure: unknown) => {
      this.#connected = undefined;
      throw failure;
    });
    await this.#connected;
    return this.#client;
  }

  async close(): Promise<void> {
    await this.#client.disconnect().catch(() => {});
  }
}

class TopicLink {
  readonly #admin: Connected<Admin>;
  readonly #producer: Connected<Producer>;
  readonly #uses = new Set<Promise<unknown>>();

  constructor(kafka: Kafka) {
    this.#admin = new Connected(kafka.admin());
    this.#producer = new Connected(
      kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: inTurn,
        // kafkajs's idempotence gives up for good on some errors, and facts may repeat.
        idempotent: false,
        metadataMaxAge: 30_000,
      }),
    );
  }

  use<T>(act: (clients: TopicClients) => Promise<T>): Promise<T> {
    const used = Promise.all([this.#admin.client(), this.#producer.client()]).then(([admin, producer]) =>
      act({ admin, producer }),
    );
    const settled = used.then(
      () => {},
      () => {},
    );
    this.#uses.add(settled);
    void settled.then(() => this.#uses.delete(settled));
    return used;
  }

  async close(): Promise<void> {
    await Promise.all(this.#uses);
    await Promise.all([this.#admin.close(), this.#producer.close()]);
  }
}
