import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shiftedClock } from '../clock/shifted-clock.ts';
import { freePort } from '../free-port.ts';
import { spawnRollcall } from '../rollcall-process.ts';
import { mountSmallDisk, type SmallDisk } from '../small-disk.ts';
import { openTcpProxy } from '../tcp-proxy.ts';
import { type Fault, type Faults, nothing, type Target } from './fault.ts';
import { History } from './history.ts';
import { Kept, processFaults } from './kept.ts';
import { networkFaults } from './network-faults.ts';
import { countsAt, ready, SETTINGS, THRESHOLD, wrongClock } from './settings.ts';
import { damagedPart, fullDisk } from './store-faults.ts';

const DISK_MB = 160;
const DAY = 24 * 60 * 60;

/** Everything in one process, its log and its store on disks of their own; agents reach it through a proxy. */
export async function embeddedTarget(): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-faults-'));
  const [log, store] = [join(directory, 'log'), join(directory, 'store')];
  const disks = { 'log-disk': mountSmallDisk(log, DISK_MB), 'store-disk': mountSmallDisk(store, DISK_MB) };
  const clock = shiftedClock(directory);
  const env = { ...SETTINGS, ...clock.env, PORT: String(await freePort()) };
  const start = () => spawnRollcall(directory, env, 'start');
  const kept = new Kept(await start(), start);
  const proxy = await openTcpProxy(Number(env.PORT));
  const { url } = kept;
  const restarted = { stop: () => kept.end('SIGTERM'), start: () => kept.revive() };
  return {
    name: 'embedded',
    threshold: THRESHOLD,
    history: new History(),
    ingestUrl: () => `http://127.0.0.1:${proxy.port}`,
    isReady: () => ready(url),
    counted: () => countsAt(url),
    revive: () => kept.revive(),
    ended: () => kept.ended,
    memoryMb: () => Math.round(kept.memoryMb()),
    mostMemoryMb: 1_500,
    faults: {
      ...networkFaults(proxy),
      ...processFaults(kept),
      restart: { strike: () => kept.end('SIGTERM'), heal: nothing },
      clock: wrongClock(clock),
      boot: wrongBoot(kept, clock.set),
      ...diskFaults(disks),
      part: damagedPart(join(store, 'data', 'default'), restarted),
      'log-file': cutLog(log, kept),
    },
    async stop() {
      await kept.end('SIGKILL');
      await proxy.close();
      for (const disk of Object.values(disks)) disk?.unmount();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const diskFaults = (disks: Readonly<Record<string, SmallDisk | undefined>>): Faults =>
  Object.fromEntries(Object.entries(disks).flatMap(([name, disk]) => (disk ? [[name, fullDisk(disk)]] : [])));

/** Starts 50 days ahead, until NTP puts it right. */
function wrongBoot(kept: Kept, ahead: (seconds: number) => void): Fault {
  return {
    async strike() {
      await kept.end('SIGTERM');
      ahead(50 * DAY);
      await kept.revive();
    },
    heal: async () => ahead(0),
  };
}

/** A half of the log's newest file is gone after a power cut: it is refused, until the file is there again. */
function cutLog(log: string, kept: Kept): Fault {
  let whole: { readonly file: string; readonly bytes: Buffer } | undefined;
  return {
    async strike() {
      await kept.end('SIGKILL');
      const file = newestFile(log);
      const bytes = readFileSync(file);
      truncateSync(file, Math.floor(statSync(file).size / 8_192) * 4_096);
      // Where nothing of it is missing it may start: then what it writes from now on is the log.
      const started = await kept.revive().then(
        () => true,
        () => false,
      );
      whole = started ? undefined : { file, bytes };
    },
    async heal() {
      if (whole) writeFileSync(whole.file, whole.bytes);
      whole = undefined;
    },
  };
}

function newestFile(log: string): string {
  const files = readdirSync(log, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('data.mdb'));
  const newest = files.map((path) => join(log, path)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (newest === undefined) throw new Error('there is no log');
  return newest;
}
