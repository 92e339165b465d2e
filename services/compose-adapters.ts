import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaFactLogOptions } from './adapters/fact-log/kafka/options.ts';
import type { CountStore } from './ports/count-store.ts';
import type { FactLog } from './ports/fact-log.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { Clock } from './shared/clock.ts';
import type { Config } from './shared/config.ts';
import { packageRoot } from './shared/package-root.ts';

// Adapters are chosen by the scheme of a URL and imported when chosen: an image without an adapter's packages runs
// everything that does not need it.

export async function openFactLog(config: Config, clock: Clock): Promise<FactLog> {
  if (config.logUrl.startsWith('lmdb:')) {
    const { openLmdbFactLog } = await import('./adapters/fact-log/lmdb/lmdb-fact-log.ts');
    return openLmdbFactLog({ directory: config.logUrl.slice('lmdb:'.length), maxBytes: config.logMaxBytes });
  }
  const { partitions, replication, tls, tlsCa, sasl } = config.kafka;
  const { openKafkaFactLog } = await import('./adapters/fact-log/kafka/kafka-fact-log.ts');
  return openKafkaFactLog({
    brokers: config.logUrl.slice('kafka://'.length).split(','),
    clock,
    partitions,
    replicationFactor: replication,
    ...(tls ? { ssl: tlsCa === undefined ? true : { ca: readFileSync(tlsCa, 'utf8') } } : {}),
    ...(sasl ? { sasl: sasl as NonNullable<KafkaFactLogOptions['sasl']> } : {}),
  });
}

export async function openCountStore(config: Config): Promise<CountStore> {
  const [{ openClients }, { ClickHouseCountStore }] = await Promise.all([
    import('./adapters/count-store/open-client.ts'),
    import('./adapters/count-store/clickhouse-count-store.ts'),
  ]);
  return new ClickHouseCountStore(await openClients(config.storeUrl), join(packageRoot(), 'schemas', 'clickhouse'));
}

export async function openJobQueue(config: Config): Promise<JobQueue> {
  if (config.jobsUrl.startsWith('memory:')) {
    const { openMemoryJobQueue } = await import('./adapters/job-queue/memory.ts');
    return openMemoryJobQueue();
  }
  const { openBullmqJobQueue } = await import('./adapters/job-queue/bullmq.ts');
  return openBullmqJobQueue({ url: config.jobsUrl });
}
