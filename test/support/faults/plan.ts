import { Random } from '../../../services/simulator/random.ts';

/** What is run: by name of the set-up, faults alone (`kill`) and together (`kill+reset`), each with its seed. */
export interface PlannedRun {
  readonly target: 'embedded' | 'distributed';
  readonly faults: readonly string[];
  readonly seed: number;
}

/** By what is struck: two faults of one thing are not struck together. `none` shows what a run costs without one. */
const EMBEDDED: Readonly<Record<string, readonly string[]>> = {
  nothing: ['none'],
  process: ['kill', 'restart', 'freeze', 'descriptors', 'memory'],
  network: ['reset', 'silent', 'slow', 'refused'],
  disk: ['log-disk', 'store-disk'],
  file: ['part', 'log-file'],
  time: ['clock', 'boot'],
};

const NETWORK = ['reset', 'silent', 'slow', 'refused'];
const PROCESS = ['kill', 'freeze', 'descriptors', 'memory', 'clock'];
const DISTRIBUTED: Readonly<Record<string, readonly string[]>> = {
  nothing: ['none'],
  broker: [
    ...['broker', 'brokers', 'broker-frozen', 'broker-rolling', 'broker-disk', 'brokers-disk'],
    ...NETWORK.map((fault) => `broker-${fault}`),
  ],
  store: ['frozen', 'kill', 'disk', 'part', ...NETWORK].map((fault) => `store-${fault}`),
  redis: ['kill', 'emptied', 'full', 'evicting', 'failover', ...NETWORK].map((fault) => `redis-${fault}`),
  ...Object.fromEntries(
    ['ingest', 'aggregate', 'jobs', 'api'].map((role) => [role, PROCESS.map((fault) => `${role}-${fault}`)]),
  ),
  records: ['poison', 'duplicates', 'rebalances'],
  close: ['close'],
};

/** In CI: what an embedded process meets most. */
const SHARE = ['freeze+reset', 'silent+kill'] as const;

export interface PlanSettings {
  /** `share` (CI); `alone`, `pairs` and `all` of both, or of one: `embedded-alone`; or names such as `kill,store-kill+broker`. */
  readonly faults: string;
  /** Of the first run; each one further has the next. */
  readonly seed: number;
  /** How often each is run; of pairs, how many are drawn by the seed. 0: all of them, once. */
  readonly times: number;
}

export function planOf({ faults, seed, times }: PlanSettings): PlannedRun[] {
  return namesOf(faults, seed, times).map((name, i) => {
    const [set, names] = name.includes(':') ? (name.split(':') as [string, string]) : [undefined, name];
    const parts = names.split('+');
    const embedded = set === undefined ? parts.every((part) => isOne(EMBEDDED, part)) : set === 'embedded';
    return { target: embedded ? 'embedded' : 'distributed', faults: parts, seed: seed + i };
  });
}

const SETS = { embedded: EMBEDDED, distributed: DISTRIBUTED } as const;

function namesOf(faults: string, seed: number, times: number): readonly string[] {
  if (faults === 'share') return SHARE;
  const known = /^(?:(embedded|distributed)-)?(alone|pairs|all)$/.exec(faults);
  const named = known ? ofSets(known[1], known[2] as string) : faults.split(',');
  if (faults.endsWith('pairs') && times > 0) return drawn(named, seed, times);
  return Array.from({ length: Math.max(1, times) }, () => named).flat();
}

function ofSets(one: string | undefined, kind: string): string[] {
  return Object.entries(SETS)
    .filter(([set]) => one === undefined || set === one)
    .flatMap(([set, things]) => {
      const [alone, together] = [Object.values(things).flat(), pairsOf(things)];
      const names = kind === 'alone' ? alone : kind === 'pairs' ? together : [...alone, ...together];
      return names.map((name) => `${set}:${name}`);
    });
}

/** Of every two things, each fault of the one with each of the other. */
function pairsOf(things: Readonly<Record<string, readonly string[]>>): string[] {
  const struck = Object.entries(things).filter(([thing]) => thing !== 'nothing');
  return struck.flatMap(([, faults], i) =>
    struck.slice(i + 1).flatMap(([, others]) => faults.flatMap((fault) => others.map((other) => `${fault}+${other}`))),
  );
}

/** In the order that the seed gives; of what is left, always one whose faults were drawn least. */
function drawn(names: readonly string[], seed: number, count: number): string[] {
  const random = new Random(seed, 0, 11);
  const left = [...names];
  const times = new Map<string, number>();
  const faultsOf = (name: string) => name.replace(/^\w+:/, '').split('+');
  const timesOf = (name: string) => faultsOf(name).reduce((sum, fault) => sum + (times.get(fault) ?? 0), 0);
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const least = Math.min(...left.map(timesOf));
    const one = random.pick(left.filter((name) => timesOf(name) === least));
    left.splice(left.indexOf(one), 1);
    for (const fault of faultsOf(one)) times.set(fault, (times.get(fault) ?? 0) + 1);
    return one;
  });
}

const isOne = (things: Readonly<Record<string, readonly string[]>>, name: string): boolean =>
  Object.values(things).some((faults) => faults.includes(name));

/** How many there are, of both set-ups. */
export const PLAN_FAULTS = {
  names: ofSets(undefined, 'alone').filter((name) => !name.endsWith(':none')),
  pairs: ofSets(undefined, 'pairs').length,
} as const;
