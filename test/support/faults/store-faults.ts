import { existsSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { periodAt, periodNumber } from '../../../services/core/period.ts';
import type { ClickHouseHttp } from '../clickhouse-http/start-clickhouse-http.ts';
import type { SmallDisk } from '../small-disk.ts';
import type { Fault, Faults } from './fault.ts';

/** What can happen to a store's server, its disk and its files. */
export function storeFaults(store: ClickHouseHttp, disk: SmallDisk | undefined): Faults {
  return {
    frozen: { strike: async () => store.pause(), heal: async () => store.resume() },
    kill: { strike: () => store.kill(), heal: () => store.restart() },
    part: damagedPart(join(store.directory, 'data', 'rollcall'), {
      stop: () => store.kill(),
      start: () => store.restart(),
    }),
    ...(disk === undefined ? {} : { disk: fullDisk(disk) }),
  };
}

export function fullDisk(disk: SmallDisk): Fault {
  return { strike: async () => disk.fill(), heal: async () => disk.clear() };
}

interface Server {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A bit of the largest active part of this month's facts is another while the server is down; put right the same way. */
export function damagedPart(tables: string, server: Server): Fault {
  let whole: { readonly file: string; readonly bytes: Buffer } | undefined;
  return {
    async strike() {
      await server.stop();
      const file = largestPart(join(tables, `facts_${periodNumber(periodAt(Date.now()))}`));
      const bytes = readFileSync(file);
      whole = { file, bytes };
      const damaged = Buffer.from(bytes);
      damaged[60] = (damaged[60] ?? 0) ^ 0xff;
      writeFileSync(file, damaged);
      await server.start();
    },
    async heal() {
      await server.stop();
      if (whole && existsSync(whole.file)) writeFileSync(whole.file, whole.bytes);
      await server.start();
    },
  };
}

function largestPart(table: string): string {
  const directory = realpathSync(table);
  const parts = readdirSync(directory).filter((name) => /^[0-9]{6}_/.test(name));
  const files = parts.map((name) => join(directory, name, 'data.bin')).filter((file) => existsSync(file));
  const [largest] = files.sort((a, b) => statSync(b).size - statSync(a).size);
  if (largest === undefined) throw new Error('no part of this month is on disk');
  return largest;
}
