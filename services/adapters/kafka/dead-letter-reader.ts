import type { Kafka, KafkaMessage } from 'kafkajs';
import { Failure } from '../../shared/failure.ts';
import { drawNonce } from '../../shared/random.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import type { Clients } from './clients.ts';
import type { Settings } from './options.ts';
import type { Range } from './topics.ts';

/** Reading a topic is no use of a log: it is done by commands, seldom, and may take a while. */
const PATIENCE_MS = 60_000;

/**
 * Reads a topic from its first record to the last one that is there now. kafkajs reads in consumer groups only, so
 * each reading is a group of its own that commits nothing and is deleted.
 */
export async function readTopic(
  { kafka, clients, settings }: { kafka: Kafka; clients: Clients; settings: Settings },
  topic: string,
  ranges: readonly Range[],
  visit: (message: KafkaMessage) => Promise<void>,
): Promise<void> {
  const left = new Map(ranges.filter(({ low, high }) => high > low).map(({ partition, high }) => [partition, high]));
  if (left.size === 0) return;
  const groupId = `${settings.prefix}-reader.${drawNonce()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
  let failure: unknown;
  const done = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, () => reject(new Failure('log-unavailable')));
    const read = async () => {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch, heartbeat }) => {
          const end = left.get(batch.partition);
          if (end === undefined) return;
          for (const message of batch.messages) {
            if (BigInt(message.offset) >= end || failure !== undefined) break;
            await visit(message).catch((thrown: unknown) => {
              failure = thrown;
              reject(thrown);
            });
            await heartbeat();
          }
          if (BigInt(batch.lastOffset()) + 1n >= end) left.delete(batch.partition);
          if (left.size === 0) resolve();
        },
      });
    };
    read().catch(reject);
  });
  try {
    if (!(await settledWithin(PATIENCE_MS, done))) throw new Failure('log-unavailable');
    await done;
  } finally {
    await settledWithin(settings.timeoutMs, consumer.disconnect());
    await clients
      .general()
      .then((admin) => admin.deleteGroups([groupId]))
      .catch(() => {});
  }
}
