import { resolve } from 'node:path';
import type { Store } from '../adapters/clickhouse/store.ts';
import type { FactLog } from '../adapters/fact-log.ts';
import type { JobQueue } from '../adapters/job-queue.ts';
import type { Check } from '../http/health.ts';
import type { Counters } from '../ports/counters.ts';
import type { RequestCounters } from '../ports/request-counters.ts';
import { claimFormat } from '../shared/data-format.ts';
import { lockDirectory } from '../shared/directory-lock.ts';
import type { Resources } from '../shared/resources.ts';
import { requireUsable } from '../shared/usable-directory.ts';
import { openCounters, openFactLog, openJobQueue, openRequestCounters, openStore } from './adapters.ts';
import type { Environment } from './environment.ts';

/**
 * What roles are built over, each opened when a role first asks for it. What was opened last is closed first: whoever
 * runs jobs asks for what they work on before it asks for the queue, whose close waits for them.
 */
export interface Parts {
  /** Migrated. */
  store(): Promise<Store>;
  log(): Promise<FactLog>;
  jobs(): Promise<JobQueue>;
  /** Of limits. */
  counters(): Promise<Counters>;
  requests(): Promise<RequestCounters>;
  /** Of what was opened. */
  checks(): readonly Check[];
}

/** Whoever has a directory of embedded parts has it alone. */
export function partsIn({ config, clock, journal }: Environment, resources: Resources): Parts {
  if (config.log.kind === 'lmdb' || config.store.kind === 'chdb') {
    resources.add(lockDirectory(config.dataDirectory));
    claimFormat(config.dataDirectory);
    // Also by processes with data directories of their own.
    if (config.log.kind === 'lmdb' && resolve(config.log.directory) !== resolve(config.dataDirectory))
      resources.add(lockDirectory(config.log.directory, 'ROLLCALL_LOG_URL'));
    if (config.store.kind === 'chdb') requireUsable(config.store.directory, 'ROLLCALL_STORE_URL');
  }
  const checks: Check[] = [];
  return {
    store: once(async () => {
      const store = await openStore(config.store);
      resources.add(store.server);
      await store.server.migrate();
      checks.push({ name: 'store', check: () => store.server.check() });
      return store;
    }),
    log: once(async () => {
      const log = resources.add(await openFactLog(config.log, clock, journal));
      checks.push({ name: 'log', check: () => log.check() });
      return log;
    }),
    jobs: once(async () => resources.add(await openJobQueue(config.jobs, journal))),
    counters: once(async () => resources.add(await openCounters(config.jobs, clock))),
    requests: once(async () => resources.add(await openRequestCounters(config.jobs))),
    checks: () => checks,
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  // One that failed is tried again when it is next asked for.
  return () =>
    (opened ??= open().catch((thrown: unknown) => {
      opened = undefined;
      throw thrown;
    }));
}
