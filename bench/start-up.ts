import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../services/shared/package-root.ts';
import { cpuUsOf, median } from './compare.ts';
import { loadOf, NO_CONTROL, type Row } from './report.ts';
import { startOnCore } from './server-process.ts';

// From the start of a built `rollcall start` to its readiness; what it keeps resident; and what an installation weighs.
const ROUNDS = 3;

export async function benchStartUp(): Promise<Row[]> {
  const before = loadavg()[0] as number;
  const starts: { cpu: number; wall: number; rss: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) starts.push(await oneStart());
  const of = (what: 'cpu' | 'wall' | 'rss') => median(starts.map((start) => start[what]));
  return [
    {
      ...{ n: 10, measure: 'start to ready, built', ...NO_CONTROL, reach: '1.2 s' },
      ours: `${of('cpu').toFixed(1)} s CPU (${of('wall').toFixed(1)} s by the clock), ${of('rss').toFixed(0)} MB resident`,
      load: loadOf([before, loadavg()[0] as number]),
    },
    installation(),
  ];
}

async function oneStart(): Promise<{ cpu: number; wall: number; rss: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const env = { PORT: '0', ROLLCALL_METRICS_PORT: '0', ROLLCALL_DATA_DIR: directory };
  const began = performance.now();
  const server = await startOnCore(0, '../services/main.cjs', ['start'], env);
  try {
    while (!(await fetch(`${server.url}/readyz`)).ok) await sleep(10);
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
    return { cpu: cpuUsOf(server.pid) / 1e6, wall: (performance.now() - began) / 1e3, rss: Number(rss) / 1024 };
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Locked {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
}

/** Of what `npm install --omit=dev` leaves, and of it what `--omit=optional` leaves out. */
function installation(): Row {
  const root = packageRoot();
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Locked;
  const bytes = { needed: 0, optional: 0 };
  for (const [path, { dev, optional }] of Object.entries(packages)) {
    if (path === '' || dev || !existsSync(join(root, path))) continue;
    bytes[optional ? 'optional' : 'needed'] += bytesBelow(join(root, path));
  }
  const mb = (n: number) => (n / 1e6).toFixed(0);
  return {
    ...{ n: 11, measure: 'installed packages', ...NO_CONTROL, reach: 'ingest under 80 MB', load: '–' },
    ours: `${mb(bytes.needed)} MB without optional ones, which are ${mb(bytes.optional)} MB`,
  };
}

/** Packages inside packages are listed by themselves. */
function bytesBelow(path: string): number {
  return readdirSync(path, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === 'node_modules') return sum;
    const at = join(path, entry.name);
    return sum + (entry.isDirectory() ? bytesBelow(at) : entry.isFile() ? statSync(at).size : 0);
  }, 0);
}
