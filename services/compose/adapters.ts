import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaFactLogOptions } from '../adapters/kafka/options.ts';
import type { AccessStore } from '../ports/access-store.ts';
import type { CatalogStore } from '../ports/catalog-store.ts';
import type { CountStore } from '../ports/count-store.ts';
import type { FactLog } from '../ports/fact-log.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { packageRoot } from '../shared/package-root.ts';

// Adapters are chosen by the scheme of a URL and imported when chosen: an image without an adapter's packages runs
// everything that does not need it.

export async function openFactLog(config: Config, clock: Clock): Promise<FactLog> {
  if (config.logUrl.startsWith('lmdb:')) {
    const { openLmdbFactLog } = await import('../adapters/lmdb/lmdb-fact-log.ts');
    return openLmdbFactLog({ directory: config.logUrl.slice('lmdb:'.length), maxBytes: config.logMaxBytes });
  }
  const { partitions, replication, tls, tlsCa, sasl } = config.kafka;
  const { openKafkaFactLog } = await import('../adapters/kafka/kafka-fact-log.ts');
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
  return (await openStores(config)).counts;
}

/** All speak through the same connections, which closing the counts closes. */
export async function openStores(
  config: Config,
): Promise<{ counts: CountStore; mappings: CatalogStore; access: AccessStore; releases: ReleaseStore }> {
  const [{ openClients }, { ClickHouseCountStore }, { ClickHouseCatalogStore }, { ClickHouseAccessStore }, releases] =
    await Promise.all([
      import('../adapters/clickhouse/client/open-client.ts'),
      import('../adapters/clickhouse/counts/clickhouse-count-store.ts'),
      import('../adapters/clickhouse/catalog/clickhouse-catalog-store.ts'),
      import('../adapters/clickhouse/access/clickhouse-access-store.ts'),
      import('../adapters/clickhouse/releases/clickhouse-release-store.ts'),
    ]);
  const clients = await openClients(config.storeUrl);
  const counts = new ClickHouseCountStore(clients, join(packageRoot(), 'schemas', 'clickhouse'));
  return {
    counts,
    mappings: new ClickHouseCatalogStore(clients),
    access: new ClickHouseAccessStore(clients),
    releases: new releases.ClickHouseReleaseStore(clients),
  };
}

/** The mappings alone, over connections of their own: for a process that takes reports and counts nothing. */
export async function openCatalogStore(config: Config): Promise<CatalogStore> {
  return (await openStores(config)).mappings;
}

export async function openJobQueue(config: Config): Promise<JobQueue> {
  if (config.jobsUrl.startsWith('memory:')) {
    const { openMemoryJobQueue } = await import('../adapters/memory/memory-job-queue.ts');
    return openMemoryJobQueue();
  }
  const { openBullmqJobQueue } = await import('../adapters/bullmq/bullmq-job-queue.ts');
  return openBullmqJobQueue({ url: config.jobsUrl });
}
