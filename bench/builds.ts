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
import { type ServerProcess, startOnCore } from './server-process.ts';

// What a change cost: `node dist/bench/builds.js DIRECTORY DIRECTORY …` compares built trees (each with dist and node_modules) by the CPU
// of a post, of the way from the log to the tables, and of a close. Posts go to the `rollcall ingest` of all trees in turn, a few
// hundred at a time, because a shared machine changes from minute to minute; ratios are medians of the rounds'. Then, in
// each round of the others: reports are posted to an ingest, which is stopped; `rollcall aggregate` inserts what waits and
// merges it; under a clock that is a month ahead `rollcall close` closes that month. Starting is in the last two.
const POST_ROUNDS = 15;
const POSTS = 500;
const ROUNDS = 5;
const REPORTS = 6_000;
const CONNECTIONS = 128;
const CORE = 0;
const AHEAD_S = 40 * 86_400;
/**
 * The aggregator is done when it has used less than so much CPU for so long: idle it uses 16 ms a second, and between two merges
 * it rests for seconds.
 */
const QUIET = { ms: 8_000, cpuUs: 220_000, mostMs: 96_000 } as const;
const MAIN = join('dist', 'services', 'main.cjs');

/** Milliseconds of CPU. */
interface Measured {
  readonly start: number;
  readonly toFacts: number;
  readonly close: number;
}

export async function benchBuilds(trees: readonly string[]): Promise<void> {
  await comparePosts(trees);
  const before = loadavg()[0] as number;
  const all = trees.map((): Measured[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, tree] of trees.entries()) {
      const measured = await oneRound(tree);
      all[i]?.push(measured);
      print(`${tree} ${JSON.stringify(measured)}`);
    }
  print(
    `load ${loadOf([before, loadavg()[0] as number])}; medians of ${ROUNDS} rounds of ${REPORTS} reports, ms of CPU`,
  );
  print('| tree | an empty start | log to facts, with its merges | a close |');
  print('|---|---|---|---|');
  for (const [i, rounds] of all.entries()) {
    const of = (what: keyof Measured) => median(rounds.map((one) => one[what])).toFixed(0);
    print(`| ${trees[i]} | ${of('start')} | ${of('toFacts')} | ${of('close')} |`);
  }
}

async function comparePosts(trees: readonly string[]): Promise<void> {
  const before = loadavg()[0] as number;
  const directories = trees.map(() => mkdtempSync(join(tmpdir(), 'rollcall-bench-')));
  const servers: ServerProcess[] = [];
  try {
    for (const [i, tree] of trees.entries()) servers.push(await serverOf(tree, 'ingest', directories[i] as string));
    const costs = trees.map((): number[] => []);
    // The first two rounds warm the compiler up.
    for (let round = -2; round < POST_ROUNDS; round++)
      for (const [i, server] of servers.entries()) {
        const cost = await posted(server, round < 0 ? 4 * POSTS : POSTS);
        if (round >= 0) costs[i]?.push(cost);
      }
    print(`load ${loadOf([before, loadavg()[0] as number])}; medians of ${POST_ROUNDS} rounds of ${POSTS} reports`);
    print('| tree | POST, µs of CPU a report | by the first tree |');
    print('|---|---|---|');
    for (const [i, tree] of trees.entries()) {
      const ratios = (costs[i] as number[]).map((cost, round) => cost / (costs[0]?.[round] as number));
      print(`| ${tree} | ${median(costs[i] as number[]).toFixed(0)} | ${median(ratios).toFixed(2)} |`);
    }
  } finally {
    for (const server of servers) await server.stop();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  }
}

async function oneRound(tree: string): Promise<Measured> {
  const [empty, directory] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'rollcall-bench-'))) as [string, string];
  try {
    const start = (await aggregated(tree, empty)) / 1e3;
    const server = await serverOf(tree, 'ingest', directory);
    await posted(server, REPORTS).finally(() => server.stop());
    const toFacts = (await aggregated(tree, directory)) / 1e3 - start;
    return { start, toFacts, close: await closed(tree, directory) };
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

function serverOf(tree: string, role: string, directory: string): Promise<ServerProcess> {
  return startOnCore(CORE, pathToFileURL(join(tree, MAIN)).href, [role], envOf(directory));
}

/** Microseconds of CPU a report. */
async function posted({ url, pid }: ServerProcess, count: number): Promise<number> {
  const bodies = sampleReports(Math.min(count, 2_000));
  const before = cpuUsOf(pid);
  await sendAll({ url, bodies, connections: CONNECTIONS, count, expectedStatus: '202' });
  return (cpuUsOf(pid) - before) / count;
}

/** CPU of an aggregator from its start until it has nothing to do. */
async function aggregated(tree: string, directory: string): Promise<number> {
  const server = await serverOf(tree, 'aggregate', directory);
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
