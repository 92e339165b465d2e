import kafkajs, { type Admin, type ConfigEntries } from 'kafkajs';
import { Failure } from '../../shared/failure.ts';
import type { Log } from '../../shared/log.ts';

// Node finds only some of a CommonJS module's names: these two are had from the whole.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

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

export type TopicSettings = Readonly<Record<string, string>>;

/** With so many copies, two of them must have a record before it is acknowledged. */
export function settingsFor(copies: number): TopicSettings {
  return { ...TOPIC_SETTINGS, 'min.insync.replicas': copies > 1 ? '2' : '1' };
}

export interface FoundTopic {
  readonly topic: string;
  /** Brokers that are to hold each record. */
  readonly copies: number;
}

/**
 * Puts a topic right that somebody else made: a tool, a mirror, the broker itself when it was asked for it. Throws
 * `log-topic-unfit` where that is not allowed: what is appended would expire, or be refused by its size for ever.
 */
export async function mendTopic(admin: Admin, { topic, copies }: FoundTopic, journal: Log): Promise<void> {
  const there = await copiesOf(admin, topic);
  if (there < copies)
    journal.warn('a topic has fewer copies than ROLLCALL_KAFKA_REPLICATION', { topic, copies: there });
  const wanted = settingsFor(there);
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  const found = resources[0]?.configEntries ?? [];
  const wrong = found.filter(({ configName, configValue }) => (wanted[configName] ?? configValue) !== configValue);
  if (wrong.length === 0) return;
  const told = { topic, had: wrong.map(({ configName, configValue }) => `${configName}=${configValue}`).join(' ') };
  const configEntries = [...ownOf(found, wanted), ...entriesOf(wanted)];
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] }).catch((cause) => {
    journal.error('a topic was made with settings that lose facts, and may not be changed', told);
    throw new Failure('log-topic-unfit', { topic }, { cause });
  });
  journal.warn('a topic that was made with other settings was put right', told);
}

export function entriesOf(settings: TopicSettings): { name: string; value: string }[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

async function copiesOf(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return Math.min(...(topics[0]?.partitions ?? []).map(({ replicas }) => replicas.length));
}

/** Whatever is not named in a change goes back to the broker's default: the topic's own other settings are repeated. */
function ownOf(found: readonly ConfigEntries[], wanted: TopicSettings): { name: string; value: string }[] {
  return found
    .filter((entry) => entry.configSource === ConfigSource.TOPIC_CONFIG && !(entry.configName in wanted))
    .map(({ configName: name, configValue: value }) => ({ name, value }));
}
