import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSection } from '../reliability-sections.ts';
import { spawnRollcall } from '../rollcall-process.ts';
import { honestBeside } from './beside.ts';
import { type Beside, hostileSection } from './hostile-section.ts';
import { judgedCases, type Tally } from './judged-cases.ts';

// Generated bodies over the parser of reports and identification, and hostile requests beside honest ones:
//
//   npm run test:hostile                       ten million cases: half a million of each of the seeds 1 to 20
//   npm run test:hostile -- 100000 7           so many, of this seed
//   npm run test:hostile -- http               honest reports beside hostile requests, how much later
//   npm run test:hostile -- page FILE...       the section of docs/reliability.md, of what runs have written
//
// A line of JSON for each seed: how many were taken and refused, the slowest in milliseconds, and the first wrong ones by
// number, each of which `caseOf(seed, number)` makes again. Ends with 1 when one is wrong.

const SEEDS = 20;
const CASES = 500_000;
const HONEST = 2_000;

const [what = 'all', ...rest] = process.argv.slice(2);
const say = (line: Tally | Beside) => process.stdout.write(`${JSON.stringify(line)}\n`);

if (what === 'page') {
  const lines = rest.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const at = new Date(Date.now()).toISOString().slice(0, 10);
  writeSection(
    'hostile',
    hostileSection(
      lines.map((line) => JSON.parse(line) as Tally | Beside),
      at,
    ),
  );
} else if (what === 'http') say(await besideHostile());
else if (what === 'all') for (let seed = 1; seed <= SEEDS; seed++) run(CASES, seed);
else run(Number(what), Number(rest[0] ?? '1'));

function run(cases: number, seed: number): void {
  const tally = judgedCases(seed, cases);
  say(tally);
  if (tally.wrong > 0) process.exitCode = 1;
}

async function besideHostile(): Promise<Beside> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-hostile-'));
  const running = await spawnRollcall(directory, {}, 'start');
  try {
    await honestBeside(running.url, HONEST / 10);
    return { ...(await honestBeside(running.url, HONEST)), load: loadavg()[0] as number };
  } finally {
    await running.end('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
}
