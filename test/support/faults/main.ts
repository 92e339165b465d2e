import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keepingSections } from '../reliability-sections.ts';
import { isBroken, type Outcome } from './fault-run.ts';
import { Installation } from './installation.ts';
import { planOf } from './plan.ts';
import { reliabilityPage } from './reliability-page.ts';

// The faults, alone and in pairs, over real processes. Needs `dist`.
//
//   npm run test:faults                                              every fault alone once, embedded and distributed
//   npm run test:faults -- --fault store-kill+broker --seed 4        one again, by its seed
//   npm run test:faults -- --fault distributed-pairs --times 30      thirty pairs, drawn by the seed
//   npm run test:faults -- --fault all --times 20 --minutes 60       a soak of at most an hour
//   npm run test:faults -- page FILE...                              docs/reliability.md of what runs have written
//
// A line of JSON for each run; it ends with 1 when one lost, doubled or mistook anything.

const { values, positionals } = parseArgs({
  options: {
    fault: { type: 'string', default: 'alone' },
    seed: { type: 'string', default: '1' },
    times: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '100000' },
  },
  allowPositionals: true,
});
const [first, ...rest] = positionals;
if (first === 'page') writePage(rest);
// At once: what a proxy has cut off may keep Node 20 for ever in closing its handles.
else process.exit(await runAll());

function writePage(files: readonly string[]): void {
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const outcomes = lines.map((line) => JSON.parse(line) as Outcome);
  const at = new Date(Date.now()).toISOString().slice(0, 10);
  keepingSections(reliabilityPage(outcomes, at));
}

async function runAll(): Promise<number> {
  // The names of the options may be left out: kill+slow 4.
  const [seed = values.seed, times = values.times] = rest;
  const plan = planOf({ faults: first ?? values.fault, seed: Number(seed), times: Number(times) });
  const until = performance.now() + Number(values.minutes) * 60_000;
  const installation = new Installation();
  let [runs, broken] = [0, 0];
  for (const run of plan) {
    if (performance.now() > until || installation.stopped) break;
    const outcome = await installation.run(run);
    runs++;
    if (isBroken(outcome)) broken++;
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
  await installation.stop();
  process.stderr.write(`${runs} runs, ${broken} broken\n`);
  return broken > 0 ? 1 : 0;
}
