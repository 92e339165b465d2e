import { Failure } from '../../shared/failure.ts';
import type { Clients } from './clients.ts';
import type { Settings } from './options.ts';

/** No month's topic, so nobody reads it, and nothing in it is kept. */
const SUFFIX = 'clock';
const TOPIC_SETTINGS = {
  'message.timestamp.type': 'LogAppendTime',
  'retention.ms': '60000',
  'cleanup.policy': 'delete',
};

/**
 * The broker's own time, in milliseconds since 1970. Kafka has no question for it: a broker says when it appended a record
 * to a topic that is set so, and this one's records hold nothing.
 */
export async function brokerTime(clients: Clients, settings: Settings): Promise<number> {
  const topic = `${settings.prefix}.${SUFFIX}`;
  await ensure(topic, clients, settings);
  const messages = [{ key: null, value: null }];
  const sent = await clients.withTopic(topic, ({ producer }) =>
    producer.send({ topic, acks: -1, timeout: settings.timeoutMs, messages }),
  );
  const at = Number(sent[0]?.logAppendTime ?? -1);
  if (!(at > 0)) throw new Failure('log-unavailable');
  return at;
}

async function ensure(topic: string, clients: Clients, settings: Settings): Promise<void> {
  const admin = await clients.general();
  if ((await admin.listTopics()).includes(topic)) return;
  const configEntries = Object.entries(TOPIC_SETTINGS).map(([name, value]) => ({ name, value }));
  const { replicationFactor, timeoutMs } = settings;
  const topics = [{ topic, numPartitions: 1, replicationFactor, configEntries }];
  await admin.createTopics({ waitForLeaders: true, timeout: timeoutMs, topics });
}
