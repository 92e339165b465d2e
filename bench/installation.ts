import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, clusterAvailable, startCluster } from '../test/support/cluster.ts';
import { startOnCore } from './server-process.ts';

/** All of Rollcall on one core. */
export interface Installation {
  /** Where reports go. */
  readonly takes: string;
  /** Where reads go. */
  readonly reads: string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export async function inOneProcess(core: number, key: string, settings: NodeJS.ProcessEnv): Promise<Installation> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const env = {
    ...{ PORT: '0', ROLLCALL_METRICS_PORT: '0', ROLLCALL_DATA_DIR: directory, ROLLCALL_LOG_MAX_MB: '8192' },
    ...{ ROLLCALL_ADMIN_KEY: key, ...settings },
  };
  const { url, pid, stop } = await startOnCore(core, '../services/main.cjs', ['start'], env);
  return {
    ...{ takes: url, reads: url, pids: [pid] },
    async stop() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A process for each role, and the servers they need. Throws what is missing for these. */
export async function inRoles(core: number, key: string, settings: NodeJS.ProcessEnv): Promise<Installation> {
  const missing = clusterAvailable();
  if (missing !== null) throw new Error(missing);
  const cluster = await startCluster(1, { ROLLCALL_ADMIN_KEY: key, ...settings });
  try {
    for (const role of ['ingest', 'aggregate', 'jobs', 'api']) await cluster.join(role);
    const pids = pidsOf(cluster);
    for (const pid of pids) execFileSync('taskset', ['-acp', String(core), String(pid)]);
    const urlOf = (role: string) => cluster.of(role)[0]?.url as string;
    return { takes: urlOf('ingest'), reads: urlOf('api'), pids, stop: () => cluster.stop() };
  } catch (thrown) {
    await cluster.stop();
    throw thrown;
  }
}

/** Redis, which schedules a handful of jobs, may be anywhere. */
function pidsOf({ kafka, store, members }: Cluster): number[] {
  return [...kafka.pids(), store.pid(), ...members.map(({ process }) => process.pid)];
}
