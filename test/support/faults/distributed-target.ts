import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ShiftedClock, shiftedClock } from '../clock/shifted-clock.ts';
import { type Cluster, startCluster } from '../cluster.ts';
import { mountSmallDisk, type SmallDisk } from '../small-disk.ts';
import { openTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { brokerFaults, recordFaults } from './broker-faults.ts';
import { closing } from './closing-fault.ts';
import { type Fault, type Faults, named, type Target } from './fault.ts';
import { History } from './history.ts';
import { Kept, processFaults } from './kept.ts';
import { networkFaults } from './network-faults.ts';
import { redisPair } from './redis-faults.ts';
import { countsAt, ready, SETTINGS, THRESHOLD, wrongClock } from './settings.ts';
import { storeFaults } from './store-faults.ts';

const BROKERS = 3;
const DISK_MB = 160;
const ROLES = ['api', 'ingest', 'ingest', 'aggregate', 'aggregate', 'jobs'] as const;

/** Three brokers, a store and a Redis behind proxies and on small disks, two ingests, two aggregators, jobs and an api. */
export async function distributedTarget(): Promise<Target> {
  const opened: Close[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  return await over(opened, stop).catch(async (thrown: unknown) => {
    await stop();
    throw thrown;
  });
}

type Close = () => unknown;

async function over(opened: Close[], stop: () => Promise<void>): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-faults-'));
  opened.push(() => rmSync(directory, { recursive: true, force: true }));
  const servers = await startServers(directory, opened);
  const { cluster, proxies, disks } = servers;
  const redis = await redisPair(cluster.redis, proxies.redis);
  opened.push(() => redis.stop());
  const members = await startMembers(directory, servers);
  const one = (role: string) => members.find((member) => member.role === role) as Looked;
  const ingests = members.filter(({ role }) => role === 'ingest');
  const brokers = servers.brokers;
  let turn = 0;
  return {
    name: 'distributed',
    threshold: THRESHOLD,
    history: new History(),
    ingestUrl: () => (ingests[turn++ % ingests.length] as Looked).kept.url,
    isReady: async () => (await Promise.all(members.map(({ kept }) => ready(kept.url)))).every(Boolean),
    counted: () => countsAt(one('api').kept.url),
    revive: async () => void (await Promise.all(members.map(({ kept }) => kept.revive()))),
    ended: () => members.reduce((sum, { kept }) => sum + kept.ended, 0),
    memoryMb: () => Math.round(Math.max(...members.map(({ kept }) => kept.memoryMb()))),
    mostMemoryMb: 512,
    faults: {
      ...named('store', { ...networkFaults(proxies.store), ...storeFaults(cluster.store, disks.store) }),
      ...named('redis', { ...networkFaults(proxies.redis), ...redis.faults }),
      ...named('broker', networkFaults(proxies.broker)),
      ...brokerFaults(cluster.kafka, disks.brokers),
      ...recordFaults(brokers),
      ...Object.assign({}, ...['ingest', 'aggregate', 'jobs', 'api'].map((role) => memberFaults(one(role)))),
      close: closing({ brokers, replicas: BROKERS, storeUrl: cluster.store.url, apiUrl: one('api').kept.url }),
    },
    stop,
  };
}

interface Servers {
  readonly cluster: Cluster;
  /** Past the proxies nothing of the product goes. */
  readonly brokers: readonly string[];
  readonly proxies: {
    readonly store: TcpProxy;
    readonly redis: TcpProxy;
    readonly brokers: readonly TcpProxy[];
    /** Of the broker that has trouble alone. */
    readonly broker: TcpProxy;
  };
  readonly disks: { readonly store: SmallDisk | undefined; readonly brokers: readonly SmallDisk[] };
  readonly urls: NodeJS.ProcessEnv;
}

async function startServers(directory: string, opened: Close[]): Promise<Servers> {
  const proxied = async (port: number): Promise<TcpProxy> => {
    const proxy = await openTcpProxy(port);
    opened.push(() => proxy.close());
    return proxy;
  };
  const mounted = (at: string): SmallDisk | undefined => {
    const disk = mountSmallDisk(at, DISK_MB);
    if (disk) opened.push(() => disk.unmount());
    return disk;
  };
  const proxies = await Promise.all(Array.from({ length: BROKERS }, () => proxied(0)));
  const brokers = proxies.map(({ port }) => `127.0.0.1:${port}`);
  const disks: SmallDisk[] = [];
  const storeDirectory = join(directory, 'store');
  const store = mounted(storeDirectory);
  const cluster = await startCluster(BROKERS, SETTINGS, {
    store: { directory: storeDirectory },
    kafka: {
      // What a broker says of itself leads through its proxy, whoever asks: the other brokers, too.
      settingsOf: (i) => ({ 'advertised.listeners': `PLAINTEXT://${brokers[i]}` }),
      makeDataDirs: (all) => disks.push(...all.flatMap((one) => mounted(one) ?? [])),
    },
  });
  // Ends the product's processes, too.
  opened.push(() => cluster.stop());
  // Before its servers remove their folders.
  opened.push(() => [store, ...disks].forEach((disk) => void disk?.unmount()));
  for (const [i, broker] of cluster.kafka.brokers.entries()) proxies[i]?.leadTo(portOf(`tcp://${broker}`));
  const toStore = await proxied(portOf(cluster.store.url));
  const toRedis = await proxied(portOf(cluster.redis.url));
  return {
    cluster,
    brokers,
    proxies: { store: toStore, redis: toRedis, brokers: proxies, broker: proxies[1] as TcpProxy },
    disks: { store, brokers: disks },
    urls: {
      ROLLCALL_LOG_URL: `kafka://${brokers.join(',')}`,
      ROLLCALL_STORE_URL: `${through(cluster.store.url, toStore)}/rollcall`,
      ROLLCALL_JOBS_URL: through(cluster.redis.url, toRedis),
    },
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

function through(url: string, proxy: TcpProxy): string {
  const changed = new URL(url);
  changed.port = String(proxy.port);
  return changed.href.replace(/\/$/, '');
}

interface Looked {
  readonly role: string;
  readonly kept: Kept;
  readonly clock: ShiftedClock;
}

async function startMembers(directory: string, { cluster, urls }: Servers): Promise<Looked[]> {
  const members: Looked[] = [];
  for (const [i, role] of ROLES.entries()) {
    const own = join(directory, `${role}-${i}`);
    mkdirSync(own);
    const clock = shiftedClock(own);
    const settings = { ...urls, ...clock.env };
    const member = await cluster.join(role, settings);
    const start = async () => {
      await cluster.restart(member, 'SIGKILL', settings);
      return member.process;
    };
    members.push({ role, clock, kept: new Kept(member.process, start) });
  }
  return members;
}

/** Of the first process of its role: where there are two, the other one goes on. */
function memberFaults({ role, kept, clock }: Looked): Faults {
  const clocks: Readonly<Record<string, Fault>> = { clock: wrongClock(clock) };
  return named(role, { ...processFaults(kept), ...clocks });
}
