import { setTimeout as pause } from 'node:timers/promises';
import { type Consumer, Kafka, type KafkaMessage, logLevel, type Message } from 'kafkajs';
import { AGGREGATOR_GROUP } from '../../../services/aggregator/aggregator.ts';
import { periodAt } from '../../../services/core/period.ts';
import type { Random } from '../../../services/simulator/random.ts';
import type { KafkaServers } from '../kafka/start-kafka.ts';
import type { SmallDisk } from '../small-disk.ts';
import { type Faults, nothing } from './fault.ts';

/** The one of three that has trouble alone. */
const ONE = 1;
const ALL = [0, 1, 2] as const;
const topic = () => `rollcall.facts.${periodAt(Date.now())}`;

/** What can happen to brokers, and to the disks that they are on where there are any. */
export function brokerFaults(kafka: KafkaServers, disks: readonly SmallDisk[]): Faults {
  const restart = async (which: readonly number[]) => void (await Promise.all(which.map((i) => kafka.restart(i))));
  const full = (which: readonly number[]) => ({
    async strike() {
      for (const i of which) disks[i]?.fill();
    },
    async heal() {
      for (const i of which) disks[i]?.clear();
      // A broker whose disk was full takes no more of it until it is started again.
      await restart(which);
    },
  });
  return {
    broker: { strike: () => kafka.kill(ONE), heal: () => kafka.restart(ONE) },
    brokers: { strike: async () => void (await Promise.all(ALL.map((i) => kafka.kill(i)))), heal: () => restart(ALL) },
    'broker-frozen': { strike: async () => kafka.pause(ONE), heal: async () => goOn(kafka) },
    'broker-rolling': { strike: () => rolling(kafka), heal: nothing },
    ...(disks.length === 0 ? {} : { 'broker-disk': full([ONE]), 'brokers-disk': full(ALL) }),
  };
}

/** One after the other is stopped in good order and started again, as for an upgrade. */
async function rolling(kafka: KafkaServers): Promise<void> {
  for (const i of ALL) {
    await kafka.kill(i, 'SIGTERM');
    await kafka.restart(i);
  }
}

function goOn(kafka: KafkaServers): void {
  try {
    kafka.resume(ONE);
  } catch {
    // Gone by another fault.
  }
}

/** What others can do who reach the brokers. */
export function recordFaults(brokers: readonly string[]): Faults {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  return {
    poison: { strike: (random) => produce(kafka, poison(random)), heal: nothing },
    duplicates: { strike: (random) => repeat(kafka, random), heal: nothing },
    rebalances: storm(kafka),
  };
}

/** Bytes, texts and numbers that are no block, with headers that lie. */
function poison(random: Random): Message[] {
  return Array.from({ length: 20 }, () => {
    const noise = Buffer.from(random.hex(random.int(2, 400)), 'hex');
    const value = random.pick([noise, Buffer.from('[202611,"site",'), Buffer.from('null\n'), Buffer.alloc(0)]);
    const period = random.pick(['2026-11', '1999-01', '']);
    const headers = { version: random.pick(['1', '9', '']), period, facts: '999999999', reports: '-1' };
    return random.chance(0.5) ? { value, headers } : { value };
  });
}

/** A share of what the topic holds again, in another order: as producers do that were not answered. */
async function repeat(kafka: Kafka, random: Random): Promise<void> {
  const seen = await seenFromTheBeginning(kafka, random);
  const again = Array.from({ length: Math.min(200, seen.length) }, () => random.pick(seen));
  await produce(
    kafka,
    again.map(({ value, headers = {} }) => ({ value, headers })),
  );
}

async function seenFromTheBeginning(kafka: Kafka, random: Random): Promise<KafkaMessage[]> {
  const seen: KafkaMessage[] = [];
  const consumer = kafka.consumer({ groupId: `nemesis-${random.hex(8)}`, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topic: topic(), fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void (message.value && seen.push(message)) });
  await pause(3_000);
  await consumer.disconnect();
  return seen;
}

async function produce(kafka: Kafka, messages: Message[]): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  // One by one: none of them may keep the others away.
  await Promise.all(messages.map((message) => producer.send({ topic: topic(), acks: -1, messages: [message] })));
  await producer.disconnect();
}

/** Somebody joins the aggregators' group and leaves it, again and again, and counts nothing of what it is given. */
function storm(kafka: Kafka): Faults[string] {
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  return {
    async strike(random) {
      stop = new AbortController();
      running = joinAndLeave(kafka, random, stop.signal);
    },
    async heal() {
      stop.abort();
      await running;
    },
  };
}

async function joinAndLeave(kafka: Kafka, random: Random, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const consumer = kafka.consumer({ groupId: `rollcall.${AGGREGATOR_GROUP}`, sessionTimeout: 6_000 });
    await joined(consumer).catch(() => {});
    await pause(random.int(200, 1_500), undefined, { signal }).catch(() => {});
    await consumer.disconnect().catch(() => {});
  }
}

async function joined(consumer: Consumer): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topic: topic(), fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} });
}
