import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startKafka } from '../test/support/kafka/start-kafka.ts';
import { print } from './compare.ts';
import { sendAll } from './load.ts';
import { sampleReports } from './sample-reports.ts';
import { startProgram } from './server-process.ts';

// Where the CPU of a server goes: `node dist/bench/profile.js ingest`, `ingest kafka`, `start` or `start idle` runs it with node's own
// profiler, posts reports (none when idle), and prints shares of the main thread's busy time: of each function by itself,
// and with all that it calls.
const WARMING = 4_000;
const REPORTS = 12_000;
const CONNECTIONS = 128;
const LINES = 45;

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

async function profileOf(role: string, kind: string | undefined): Promise<Profile> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const kafka = kind === 'kafka' ? await startKafka({ nodes: 1 }) : undefined;
  const room = { PORT: '0', ROLLCALL_METRICS_PORT: '0', ROLLCALL_DATA_DIR: join(directory, 'data') };
  const log = kafka ? { ROLLCALL_LOG_URL: `kafka://${kafka.brokers.join(',')}` } : {};
  const main = fileURLToPath(new URL('../services/main.cjs', import.meta.url));
  const words = [process.execPath, '--cpu-prof', '--cpu-prof-dir', directory, main, role];
  const env = { ...room, ...log, ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench' };
  const server = await startProgram(0, words, env);
  try {
    const load = { url: server.url, bodies: sampleReports(2_000), connections: CONNECTIONS, expectedStatus: '202' };
    if (kind !== 'idle') for (const count of [WARMING, REPORTS]) await sendAll({ ...load, count });
    await server.stop();
    const files = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
    const [text] = files
      .map((name) => readFileSync(join(directory, name), 'utf8'))
      .toSorted((a, b) => b.length - a.length);
    return JSON.parse(text as string) as Profile;
  } finally {
    await kafka?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function printShares({ nodes, samples, timeDeltas }: Profile): void {
  const self = new Map<number, number>();
  for (const [i, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[i] ?? 0));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const nameOf = (id: number) => {
    const { functionName, url, lineNumber } = byId.get(id)?.callFrame ?? { functionName: '', url: '', lineNumber: 0 };
    return `${functionName || '(anonymous)'} ${basename(url)}${url ? `:${lineNumber + 1}` : ''}`;
  };
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id));
  const busy = [...self].reduce((sum, [id, us]) => sum + (idle.has(id) ? 0 : us), 0);
  const [alone, withAll] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, name: string, us: number) => to.set(name, (to.get(name) ?? 0) + us);
  // A function that calls itself is counted once.
  const walk = (id: number, above: ReadonlySet<string>): number => {
    const name = nameOf(id);
    const own = idle.has(id) ? 0 : (self.get(id) ?? 0);
    const inside = new Set([...above, name]);
    const all = (byId.get(id)?.children ?? []).reduce((sum, child) => sum + walk(child, inside), own);
    add(alone, name, own);
    if (!above.has(name)) add(withAll, name, all);
    return all;
  };
  walk((nodes[0] as { id: number }).id, new Set());
  print(`busy ${(busy / 1e3).toFixed(0)} ms of the main thread; load ${loadavg()[0]?.toFixed(1)}`);
  for (const [title, shares] of [
    ['by itself', alone],
    ['with all that it calls', withAll],
  ] as const) {
    print(`\n${title}, %`);
    for (const [name, us] of [...shares].toSorted((a, b) => b[1] - a[1]).slice(0, LINES))
      print(`${((100 * us) / busy).toFixed(1).padStart(6)}  ${name}`);
  }
}

if (process.argv[1]?.endsWith('profile.js')) {
  printShares(await profileOf(process.argv[2] ?? 'ingest', process.argv[3]));
  process.exit();
}
