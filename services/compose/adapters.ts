import { readFileSync } from 'node:fs';
import type { Store } from '../adapters/clickhouse/store.ts';
import type { FactLog } from '../adapters/fact-log.ts';
import type { JobQueue } from '../adapters/job-queue.ts';
import type { Persistence } from '../adapters/redis/redis-persistence.ts';
import type { Counters } from '../ports/counters.ts';
import type { RequestCounters } from '../ports/request-counters.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { JobsTarget, LogTarget, StoreTarget } from '../shared/targets.ts';

// Adapters are imported when they are chosen: an image without an adapter's packages runs everything that does not
// need it.

export async function openFactLog(target: LogTarget, clock: Clock, journal?: Log): Promise<FactLog> {
  if (target.kind === 'lmdb') {
    const { openLmdbFactLog } = await import('../adapters/lmdb/lmdb-fact-log.ts');
    return openLmdbFactLog({ ...target, ...(journal ? { journal } : {}) });
  }
  const { brokers, partitions, replication, compression, tls, sasl } = target;
  const { openKafkaFactLog } = await import('../adapters/kafka/kafka-fact-log.ts');
  return openKafkaFactLog({
    brokers,
    clock,
    partitions,
    replicationFactor: replication,
    compression,
    ...(journal ? { journal } : {}),
    ...(tls ? { ssl: tls.caFile === undefined ? true : { ca: readFileSync(tls.caFile, 'utf8') } } : {}),
    ...(sasl ? { sasl } : {}),
  });
}

/** Numbers of limits: shared by all processes where there is a Redis. */
export async function openCounters(target: JobsTarget, clock: Clock): Promise<Counters> {
  const { openMemoryCounters } = await import('../adapters/memory/memory-counters.ts');
  const ofThisProcess = openMemoryCounters(clock);
  if (target.kind === 'memory') return ofThisProcess;
  const { openRedisCounters } = await import('../adapters/redis/redis-counters.ts');
  return openRedisCounters({ url: target.url, meanwhile: ofThisProcess });
}

/** Requests a minute, likewise. */
export async function openRequestCounters(target: JobsTarget): Promise<RequestCounters> {
  if (target.kind === 'memory') {
    const { openMemoryRequestCounters } = await import('../adapters/memory/memory-request-counters.ts');
    return openMemoryRequestCounters();
  }
  const { openRedisRequestCounters } = await import('../adapters/redis/redis-request-counters.ts');
  return openRedisRequestCounters({ url: target.url });
}

/** Whether a Redis of the operator's own writes to its disk; undefined where it does not say. */
export async function persistenceOf(url: string): Promise<Persistence | undefined> {
  const { redisPersistence } = await import('../adapters/redis/redis-persistence.ts');
  return redisPersistence(url);
}

export async function openStore(target: StoreTarget): Promise<Store> {
  const store = await import('../adapters/clickhouse/store.ts');
  return store.openStore(target);
}

export async function openJobQueue(target: JobsTarget, journal?: Log): Promise<JobQueue> {
  if (target.kind === 'memory') {
    const { openMemoryJobQueue } = await import('../adapters/memory/memory-job-queue.ts');
    return openMemoryJobQueue();
  }
  const { openBullmqJobQueue } = await import('../adapters/bullmq/bullmq-job-queue.ts');
  return openBullmqJobQueue({ url: target.url, ...(journal ? { journal } : {}) });
}
