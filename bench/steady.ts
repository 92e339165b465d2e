import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuUsOf, median, print } from './compare.ts';
import { requestOf, sendEach } from './load.ts';
import { sampleReport } from './sample-reports.ts';
import { startOnCore } from './server-process.ts';

// What `rollcall start` keeps resident under a steady stream of reports, minute by minute: `node dist/bench/steady.js`
// sends 640 a second for an hour. A fleet of fixed size reports over and over, each time with new numbers: after its first
// round, in minute five, the month holds as many facts as it ever will, so what grows then is not what is kept for a site.
// The clock is of no matter here: other programs may run beside it.
const CORE = 1;
const CONNECTIONS = 64;
const SITES = 60_000;
const TICK_MS = 10;
const SAMPLE_MS = 5_000;
const SETTINGS = { PORT: '0', ROLLCALL_METRICS_PORT: '0', ROLLCALL_SNAPSHOT_SECONDS: '60' };

export async function benchSteady(perSecond: number, minutes: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const env = { ...SETTINGS, ROLLCALL_DATA_DIR: directory, ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench' };
  const server = await startOnCore(CORE, '../services/main.cjs', ['start'], env);
  try {
    const stream = new Stream(server.url, perSecond);
    const sending = sendEach({ url: server.url, connections: CONNECTIONS, expectedStatus: '202' }, () => stream.next());
    print('| minute | reports a second | CPU of the server, % of a core | resident, MB (median; anonymous) | load |');
    print('|---|---|---|---|---|');
    const resident: number[] = [];
    for (let minute = 1; minute <= minutes; minute++) resident.push(await oneMinute(minute, server.pid, stream));
    stream.end();
    await sending;
    const [five, last] = [resident[4], resident.at(-1)];
    if (five !== undefined && last !== undefined) print(`minute ${minutes} by minute 5: ${(last / five).toFixed(3)}`);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Prints a line; gives the median of what was resident. */
async function oneMinute(minute: number, pid: number, stream: Stream): Promise<number> {
  const [sent, cpu, began] = [stream.sent, cpuUsOf(pid), performance.now()];
  const samples: { all: number; anonymous: number }[] = [];
  while (samples.length * SAMPLE_MS < 60_000) {
    await sleep(SAMPLE_MS);
    samples.push(residentMb(pid));
  }
  const seconds = (performance.now() - began) / 1_000;
  const [all, anonymous] = [median(samples.map((one) => one.all)), median(samples.map((one) => one.anonymous))];
  const busy = (100 * (cpuUsOf(pid) - cpu)) / 1e6 / seconds;
  print(
    `| ${minute} | ${((stream.sent - sent) / seconds).toFixed(0)} | ${busy.toFixed(0)} | ${all.toFixed(0)}; ${anonymous.toFixed(0)} | ${loadavg()[0]?.toFixed(1)} |`,
  );
  return all;
}

function residentMb(pid: number): { all: number; anonymous: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { all: mb('VmRSS'), anonymous: mb('RssAnon') };
}

/** Requests that become due so many a second. What a busy server does not take is not made up for later. */
class Stream {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting: ((request: Buffer | undefined) => void)[] = [];
  #ended = false;
  sent = 0;

  constructor(url: string, perSecond: number) {
    this.#url = url;
    let [due, at] = [0, performance.now()];
    this.#timer = setInterval(() => {
      const now = performance.now();
      due = Math.min(due + ((now - at) * perSecond) / 1_000, perSecond);
      at = now;
      for (; due >= 1 && this.#waiting.length > 0; due--) this.#waiting.shift()?.(this.#request());
    }, TICK_MS);
  }

  next(): Promise<Buffer | undefined> | undefined {
    return this.#ended ? undefined : new Promise((resolve) => this.#waiting.push(resolve));
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#timer);
    for (const wait of this.#waiting.splice(0)) wait(undefined);
  }

  #request(): Buffer {
    const [site, round] = [this.sent % SITES, Math.floor(this.sent / SITES)];
    this.sent++;
    const token = createHash('sha256').update(`site ${site}`).digest();
    return requestOf(this.#url, sampleReport(site + round, token, round + 1));
  }
}

if (process.argv[1]?.endsWith('steady.js')) {
  const [perSecond, minutes] = process.argv.slice(2).map(Number);
  await benchSteady(perSecond ?? 640, minutes ?? 60);
  process.exit();
}
