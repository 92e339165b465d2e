import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../schemas/report.ts';
import { periodAt } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { simulate } from '../services/simulator/simulate.ts';
import { writeSection } from '../test/support/reliability-sections.ts';
import { cpuUsOf, percentile, print } from './compare.ts';
import { type Installation, inOneProcess, inRoles } from './installation.ts';
import { sendAll } from './load.ts';
import { type Fates, openLoop } from './open-loop.ts';
import { openReads } from './open-reads.ts';
import { sampleReports } from './sample-reports.ts';

// What comes out when more comes in than can be done: `npm run bench -- goodput` prints it, `npm run bench -- goodput page`
// puts it into docs/reliability.md. Servers have one core, whoever asks another. With `roles` of an installation whose roles
// are processes of their own, with Kafka, the ClickHouse interface and Redis beside them, all on that one core.
const [SERVER_CORE, LOAD_CORE] = [0, 1];
const TIMES = [1, 3, 10];
const SECONDS = 20;
const READS_A_SECOND = 10;
/** Who was not answered then has hung up. */
const PATIENCE_MS = 10_000;
const KEY = 'bench-bench-bench-bench';
const PATHS = [
  '/v1/counts?view=model&category=phone&limit=50',
  '/v1/counts?view=vendor',
  '/v1/install-base',
  '/v1/trend?view=vendor&category=phone&vendor=Yealink',
  '/v1/periods',
];
const FLEET_SITES = 3_000;

/** A line of the table. */
interface Level {
  readonly name: string;
  readonly reports: Fates | undefined;
  readonly reads: Fates;
  readonly load: number;
}

const SETTINGS = { ROLLCALL_CONNECTIONS_PER_ADDRESS: '0', ROLLCALL_SNAPSHOT_SECONDS: '60' };

export async function benchGoodput({ page, roles }: { page: boolean; roles: boolean }): Promise<void> {
  execFileSync('taskset', ['-acp', String(LOAD_CORE), String(process.pid)]);
  const server = await (roles ? inRoles : inOneProcess)(SERVER_CORE, KEY, SETTINGS);
  try {
    const text = (roles ? ofRoles : section)(await measured(server));
    print(text);
    if (page) writeSection(roles ? 'roles' : 'goodput', text);
  } finally {
    await server.stop();
  }
}

async function measured(server: Installation): Promise<Measured> {
  await fill(server);
  await readsFor(server, 5);
  const levels = [await level('none', server, 0)];
  const maximum = await maximumOf(server);
  for (const times of TIMES) {
    await settled(server);
    levels.push(await level(`${times} × maximum`, server, times * maximum));
    print(lineOf(levels.at(-1) as Level, levels[0] as Level, maximum));
  }
  return { maximum, levels };
}

/** A month of a fleet, counted. */
async function fill(server: Installation): Promise<void> {
  const period = periodAt(Date.now());
  const identifier = buildIdentifier(loadCatalog(), period);
  const [month] = simulate({ sites: FLEET_SITES, months: 1, seed: 3, firstPeriod: period, identifier });
  const reports = (month?.deliveries ?? []).map(({ body }): Report => body).filter((one) => one.period === period);
  const bodies = reports.map((one) => Buffer.from(JSON.stringify(one)));
  await sendAll({ url: server.takes, bodies, connections: 64, count: bodies.length, expectedStatus: '202' });
  for (;;) {
    const headers = { authorization: `Bearer ${KEY}` };
    const answer = await fetch(`${server.reads}/v1/counts?view=vendor`, { headers });
    if (((await answer.json()) as { rows: unknown[] }).rows.length > 0) break;
    await sleep(1_000);
  }
  await settled(server);
}

/** As many as are acknowledged in a second when 128 connections send one after the other. */
async function maximumOf({ takes: url }: Installation): Promise<number> {
  const bodies = sampleReports(20_000);
  const load = { url, bodies, connections: 128, expectedStatus: '202' };
  await sendAll({ ...load, count: 2_000 });
  const began = performance.now();
  await sendAll({ ...load, count: 15_000 });
  return (15_000 * 1_000) / (performance.now() - began);
}

async function level(name: string, server: Installation, perSecond: number): Promise<Level> {
  const [reads, reports] = await Promise.all([
    readsFor(server, SECONDS),
    perSecond > 0
      ? openLoop({ url: server.takes, next: newSites(), perSecond, seconds: SECONDS, patienceMs: PATIENCE_MS })
      : undefined,
  ]);
  return { name, reports, reads, load: loadavg()[0] as number };
}

function readsFor({ reads: url }: Installation, seconds: number): Promise<Fates> {
  return openReads({ url, key: KEY, paths: PATHS, perSecond: READS_A_SECOND, seconds, patienceMs: PATIENCE_MS });
}

/** Each report is that of a site that nobody has heard of: the same work as the first of a month. */
function newSites(): () => Buffer {
  const requests = sampleReports(500).map((body) => {
    const head = `POST /v1/reports HTTP/1.1\r\nHost: rollcall\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  const TOKEN = '"token":"';
  let n = Math.floor(Math.random() * 1e9);
  return () => {
    const request = Buffer.from(requests[n % requests.length] as Buffer);
    request.write((n++).toString(36).padStart(9, '0'), request.indexOf(TOKEN) + TOKEN.length, 'latin1');
    return request;
  };
}

/** Until what was taken is counted, and the processes have next to nothing to do. */
async function settled({ pids }: Installation): Promise<void> {
  const used = () => pids.reduce((sum, pid) => sum + cpuUsOf(pid), 0);
  for (let tries = 0; tries < 20; tries++) {
    const before = used();
    await sleep(1_000);
    if (used() - before < 100_000 * Math.max(1, pids.length / 2)) return;
  }
}

const at = (times: readonly number[] = [], share: number): number => percentile(times, share);
const ms = (value: number): string => (Number.isNaN(value) ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
const rate = (count: number, { seconds }: Fates): string => `${(count / seconds).toFixed(0)}/s`;

function lineOf({ name, reports, reads, load }: Level, idle: Level, maximum: number): string {
  const asked = reads.answered.get('200');
  const ratio = (share: number) => (at(asked, share) / at(idle.reads.answered.get('200'), share)).toFixed(1);
  const unread = reads.sent - (asked?.length ?? 0);
  const cells = [
    name,
    ...(reports ? reportCells(reports, maximum) : ['–', '–', '–', '–', '–']),
    `${ms(at(asked, 0.5))}, ${ms(at(asked, 0.99))}${reports ? ` (${ratio(0.5)}, ${ratio(0.99)})` : ''}`,
    `${unread} of ${reads.sent}`,
    load.toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function reportCells(reports: Fates, maximum: number): string[] {
  const taken = reports.answered.get('202') ?? [];
  const refused = [...reports.answered].flatMap(([status, times]) => (status === '202' ? [] : times));
  return [
    rate(reports.sent, reports),
    `${rate(taken.length, reports)} (${((100 * taken.length) / reports.seconds / maximum).toFixed(0)} %)`,
    `${ms(at(taken, 0.5))}, ${ms(at(taken, 0.99))}`,
    `${rate(refused.length, reports)} after ${ms(at(refused, 0.5))}, ${ms(at(refused, 0.99))}`,
    `${reports.unanswered}, ${reports.broken}`,
  ];
}

interface Measured {
  readonly maximum: number;
  readonly levels: readonly Level[];
}

function section(all: Measured): string {
  return `## When more comes than can be done

Made by \`npm run bench -- goodput page\` (${madeOn()}); do not edit. \`rollcall start\` has one core for everything
(taking reports, inserts, merges, counts), whoever asks has another. Its maximum, ${all.maximum.toFixed(0)} reports a second acknowledged to 128 connections that send one after the
other, is asked of it once, three times and ten times over, for ${SECONDS} seconds each, behind five that are not counted: reports of new sites, 1.2 KB, 14 lines, at moments drawn at random, each on a free
connection or a new one, whatever became of those before. Beside them come ${READS_A_SECOND} reads a second of a month of ${FLEET_SITES} sites, five questions in turn. A report without an
answer after ${PATIENCE_MS / 1_000} seconds counts as unanswered; one whose connection is cut as broken.

${table(all)}`;
}

function ofRoles(all: Measured): string {
  return `## The same with a process for each role

Made by \`npm run bench -- goodput roles page\` (${madeOn()}); do not edit. \`rollcall ingest\`, \`aggregate\`, \`jobs\` and \`api\`, a broker of Kafka, the ClickHouse interface
over chDB that the suites use, and Redis, all on the one core that \`rollcall start\` had above. Reports go to ingest, whose maximum is ${all.maximum.toFixed(0)} a second here, reads to api. That interface
answers one statement after the other, inserts too; what reads wait for was not taken apart. A process for each role is no remedy where there is one core.

${table(all)}`;
}

const madeOn = (): string =>
  `${new Date(Date.now()).toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} processors`;

function table({ maximum, levels }: Measured): string {
  const [idle] = levels as [Level];
  return `| reports that come | a second | acknowledged | p50, p99 of these | refused (503) | unanswered, broken | reads: p50, p99 (times without reports) | reads without 200 | load of the machine |
|---|---|---|---|---|---|---|---|---|
${levels.map((one) => lineOf(one, idle, maximum)).join('\n')}
`;
}
