import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../../services/simulator/random.ts';
import { type Counts, get } from '../client.ts';
import { type Cluster, type Member, startCluster } from '../cluster.ts';
import { freePort } from '../free-port.ts';
import { type RollcallProcess, spawnRollcall } from '../rollcall-process.ts';
import { openTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import type { Fault, Target } from './fault-run.ts';
import { type Counted, History } from './history.ts';

const THRESHOLD = 5;
const SETTINGS = {
  ROLLCALL_SNAPSHOT_SECONDS: '1',
  ROLLCALL_PROVISIONAL: 'exact',
  ROLLCALL_THRESHOLD: String(THRESHOLD),
  ROLLCALL_REPORTS_PER_MINUTE: '0',
};

const nothing = async () => {};

/** What a network does to connections through a proxy. */
function networkFaults(proxy: TcpProxy): Record<'reset' | 'silent' | 'slow' | 'refused', Fault> {
  const heal = async () => {
    proxy.mode = 'pass';
    proxy.delayMs = 0;
    proxy.reset();
  };
  const mode = (wanted: TcpProxy['mode']): Fault => ({ strike: async () => void (proxy.mode = wanted), heal });
  return {
    reset: { strike: async () => proxy.reset(), heal: nothing },
    silent: mode('swallow'),
    refused: {
      async strike() {
        proxy.mode = 'refuse';
        proxy.reset();
      },
      heal,
    },
    slow: {
      async strike(random: Random) {
        proxy.delayMs = random.int(100, 500);
      },
      async heal() {
        proxy.delayMs = 0;
      },
    },
  };
}

function signals(pid: () => number): Fault {
  const send = (signal: NodeJS.Signals) => async () => {
    try {
      process.kill(pid(), signal);
    } catch {
      // Gone by another fault.
    }
  };
  return { strike: send('SIGSTOP'), heal: send('SIGCONT') };
}

async function countsAt(url: string): Promise<ReadonlyMap<string, Counted>> {
  const { rows } = await get<Counts>(url, '/v1/counts?view=model&category=phone');
  return new Map(rows.map(({ model = '', sites, devices }) => [model, { sites, devices: devices ?? 0 }]));
}

const ready = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
    ({ status }) => status === 200,
    () => false,
  );

/** Everything in one process; agents reach it through a proxy. */
export async function embeddedTarget(): Promise<Target> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-faults-'));
  const port = String(await freePort());
  const start = (): Promise<RollcallProcess> => spawnRollcall(directory, { ...SETTINGS, PORT: port }, 'start');
  let running = await start();
  const proxy = await openTcpProxy(Number(port));
  const ended = (signal: NodeJS.Signals): Fault => ({
    strike: async () => void (await running.end(signal)),
    async heal() {
      if (running.exited()) running = await start();
    },
  });
  const { url } = running;
  return {
    name: 'embedded',
    threshold: THRESHOLD,
    history: new History(),
    ingestUrl: () => `http://127.0.0.1:${proxy.port}`,
    isReady: () => ready(url),
    counted: () => countsAt(url),
    faults: {
      ...networkFaults(proxy),
      kill: ended('SIGKILL'),
      restart: ended('SIGTERM'),
      freeze: signals(() => running.pid),
    },
    async stop() {
      process.kill(running.pid, 'SIGCONT');
      await running.end('SIGKILL');
      await proxy.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Three brokers, a store and a Redis behind proxies, two ingests, two aggregators, jobs and an api. */
export async function distributedTarget(): Promise<Target> {
  const cluster = await startCluster(3, SETTINGS);
  const storeUrl = new URL(cluster.store.url);
  const redisUrl = new URL(cluster.redis.url);
  const [store, redis] = [await openTcpProxy(Number(storeUrl.port)), await openTcpProxy(Number(redisUrl.port))];
  storeUrl.port = String(store.port);
  redisUrl.port = String(redis.port);
  const urls = { ROLLCALL_STORE_URL: `${storeUrl.href.replace(/\/$/, '')}/rollcall`, ROLLCALL_JOBS_URL: redisUrl.href };
  for (const role of ['api', 'ingest', 'ingest', 'aggregate', 'aggregate', 'jobs']) await cluster.join(role, urls);
  const one = (role: string): Member => cluster.of(role)[0] as Member;
  let turn = 0;
  return {
    name: 'distributed',
    threshold: THRESHOLD,
    history: new History(),
    ingestUrl: () => (cluster.of('ingest')[turn++ % 2] as Member).url,
    isReady: async () => (await Promise.all(cluster.members.map(({ url }) => ready(url)))).every(Boolean),
    counted: () => countsAt(one('api').url),
    faults: {
      ...named('store', networkFaults(store)),
      ...named('redis', networkFaults(redis)),
      ...serverFaults(cluster),
      ...Object.fromEntries(
        ['ingest', 'aggregate', 'jobs'].flatMap((role) => [
          [`${role}-kill`, killed(cluster, one(role), urls)],
          [`${role}-freeze`, signals(() => one(role).process.pid)],
        ]),
      ),
    },
    async stop() {
      await cluster.stop();
      await Promise.all([store.close(), redis.close()]);
    },
  };
}

function named(what: string, faults: Readonly<Record<string, Fault>>): Record<string, Fault> {
  return Object.fromEntries(Object.entries(faults).map(([name, fault]) => [`${what}-${name}`, fault]));
}

function killed(cluster: Cluster, member: Member, urls: NodeJS.ProcessEnv): Fault {
  return {
    strike: async () => void (await member.process.end('SIGKILL')),
    async heal() {
      if (member.process.exited()) await cluster.restart(member, 'SIGKILL', urls);
    },
  };
}

function serverFaults({ kafka, store, redis }: Cluster): Record<string, Fault> {
  const all = [0, 1, 2];
  return {
    broker: { strike: () => kafka.kill(1), heal: () => kafka.restart(1) },
    brokers: {
      strike: async () => void (await Promise.all(all.map((i) => kafka.kill(i)))),
      heal: async () => void (await Promise.all(all.map((i) => kafka.restart(i)))),
    },
    'store-frozen': { strike: async () => store.pause(), heal: async () => store.resume() },
    'store-kill': { strike: () => store.kill(), heal: () => store.restart() },
    'redis-kill': { strike: () => redis.kill(), heal: () => redis.restart() },
  };
}
