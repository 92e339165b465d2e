import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { periodAt } from '../services/core/period.ts';
import { packageRoot } from '../services/shared/package-root.ts';
import { cpuUsOf, median, print } from './compare.ts';
import { sendAll } from './load.ts';
import { loadOf } from './report.ts';
import { sampleReports } from './sample-reports.ts';
import { startOnCore } from './server-process.ts';

// What a change cost: `node dist/bench/builds.js DIRECTORY DIRECTORY …` compares built trees (each with dist and node_modules) by the CPU
// of a post, of the way from the log to the tables, and of a close, in turn. Each round: reports are posted to `rollcall
// ingest`, which is then stopped; `rollcall aggregate` inserts what waits and merges it; under a clock that is a month
// ahead `rollcall close` closes that month. Starting is in the last two, and is measured by itself.
const ROUNDS = 5;
const WARMING = 2_000;
const REPORTS = 6_000;
const CONNECTIONS = 128;
const CORE = 0;
const AHEAD_S = 40 * 86_400;
/** The aggregator is done when it has used less than so much CPU for so long. */
const QUIET = { ms: 4_000, cpuUs: 60_000, mostMs: 90_000 } as const;
const MAIN = join('dist', 'services', 'main.cjs');

/** CPU in microseconds a report, but for the start and the close, in milliseconds. */
interface Measured {
  readonly post: number;
  readonly toFacts: number;
  readonly startMs: number;
  readonly closeMs: number;
}

export async function benchBuilds(trees: readonly string[]): Promise<void> {
  const before = loadavg()[0] as number;
  const all = new Map(trees.map((tree) => [tree, [] as Measured[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const tree of trees) {
      const measured = await oneRound(tree);
      all.get(tree)?.push(measured);
      print(`${tree} ${JSON.stringify(measured)}`);
    }
  print(`load ${loadOf([before, loadavg()[0] as number])}; medians of ${ROUNDS} rounds`);
  print('| tree | POST, µs a report | log to facts with its merges, µs a report | an empty start, ms | a close, ms |');
  print('|---|---|---|---|---|');
  for (const [tree, rounds] of all) {
    const of = (what: keyof Measured) => median(rounds.map((one) => one[what])).toFixed(0);
    print(`| ${tree} | ${of('post')} | ${of('toFacts')} | ${of('startMs')} | ${of('closeMs')} |`);
  }
}

async function oneRound(tree: string): Promise<Measured> {
  const [empty, directory] = [
    mkdtempSync(join(tmpdir(), 'rollcall-bench-')),
    mkdtempSync(join(tmpdir(), 'rollcall-bench-')),
  ];
  try {
    const startMs = (await aggregated(tree, empty)) / 1e3;
    const post = await posted(tree, directory);
    const toFacts = ((await aggregated(tree, directory)) - startMs * 1e3) / (WARMING + REPORTS);
    return { post, toFacts, startMs, closeMs: await closed(tree, directory) };
  } finally {
    for (const one of [empty, directory]) rmSync(one, { recursive: true, force: true });
  }
}

const envOf = (directory: string): NodeJS.ProcessEnv => ({
  PORT: '0',
  ROLLCALL_METRICS_PORT: '0',
  ROLLCALL_DATA_DIR: directory,
  ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench',
});

async function posted(tree: string, directory: string): Promise<number> {
  const server = await startOnCore(CORE, pathToFileURL(join(tree, MAIN)).href, ['ingest'], envOf(directory));
  const load = { url: server.url, bodies: sampleReports(WARMING), connections: CONNECTIONS, expectedStatus: '202' };
  try {
    await sendAll({ ...load, count: WARMING });
    const bodies = sampleReports(REPORTS);
    const before = cpuUsOf(server.pid);
    await sendAll({ ...load, bodies, count: REPORTS });
    return (cpuUsOf(server.pid) - before) / REPORTS;
  } finally {
    await server.stop();
  }
}

/** CPU of an aggregator from its start until it has nothing to do. */
async function aggregated(tree: string, directory: string): Promise<number> {
  const server = await startOnCore(CORE, pathToFileURL(join(tree, MAIN)).href, ['aggregate'], envOf(directory));
  try {
    let [used, waited] = [cpuUsOf(server.pid), 0];
    for (; waited < QUIET.mostMs; waited += QUIET.ms) {
      await sleep(QUIET.ms);
      const now = cpuUsOf(server.pid);
      if (now - used < QUIET.cpuUs) return now;
      used = now;
    }
    return used;
  } finally {
    await server.stop();
  }
}

async function closed(tree: string, directory: string): Promise<number> {
  const clock = join(directory, 'ahead');
  writeFileSync(clock, String(AHEAD_S));
  const preload = pathToFileURL(join(packageRoot(), 'test', 'support', 'clock', 'shift.mjs')).href;
  const env = { ...envOf(directory), CLOCK_FILE: clock, NODE_OPTIONS: `--import ${preload}`, PATH: process.env.PATH };
  const before = cpuMsOfChildren();
  const child = spawn(
    'taskset',
    ['-c', String(CORE), process.execPath, join(tree, MAIN), 'close', '--period', periodAt(Date.now())],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${tree} did not close: ${said.slice(-500)}`);
  return cpuMsOfChildren() - before;
}

/** User and system time of children that have ended. */
function cpuMsOfChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

if (process.argv[1]?.endsWith('builds.js')) {
  await benchBuilds(process.argv.slice(2));
  process.exit();
}
