import { join } from 'node:path';
import type { CountStore } from './ports/count-store.ts';
import type { FactLog } from './ports/fact-log.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { Config } from './shared/config.ts';
import { packageRoot } from './shared/package-root.ts';

// Adapters are chosen by the scheme of a URL and imported when chosen: an image without an adapter's packages runs
// everything that does not need it.

export async function openFactLog(config: Config): Promise<FactLog> {
  const { openLmdbFactLog } = await import('./adapters/fact-log/lmdb/lmdb-fact-log.ts');
  return openLmdbFactLog({ directory: config.logUrl.slice('lmdb:'.length), maxBytes: config.logMaxBytes });
}

export async function openCountStore(config: Config): Promise<CountStore> {
  const [{ openClients }, { ClickHouseCountStore }] = await Promise.all([
    import('./adapters/count-store/open-client.ts'),
    import('./adapters/count-store/clickhouse-count-store.ts'),
  ]);
  return new ClickHouseCountStore(await openClients(config.storeUrl), join(packageRoot(), 'schemas', 'clickhouse'));
}

export async function openJobQueue(_config: Config): Promise<JobQueue> {
  const { openMemoryJobQueue } = await import('./adapters/job-queue/memory.ts');
  return openMemoryJobQueue();
}
