import { readFileSync } from 'node:fs';
import { writePage } from '../reliability-sections.ts';
import { type Outcome, runFaults, type Target } from './fault-run.ts';
import { planOf } from './plan.ts';
import { reliabilityPage } from './reliability-page.ts';
import { distributedTarget, embeddedTarget } from './targets.ts';

// The faults, alone and in pairs, over real processes. Needs `dist`; of the environment it reads what `npm run
// test:faults` documents on the page that it writes:
//
//   npm run test:faults                                  every fault and pair once, embedded and distributed
//   npm run test:faults -- kill+slow 4                   one again, by its seed
//   npm run test:faults -- all 1 20                      a soak: everything twenty times
//   npm run test:faults -- page FILE...                  docs/reliability.md of what runs have written
//
// A line of JSON for each run; it ends with 1 when one lost, doubled or mistook anything.

const [faults = 'all', ...rest] = process.argv.slice(2);
const [seed = '1', times = '1'] = rest;
if (faults === 'page') {
  const lines = rest.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const outcomes = lines.map((line) => JSON.parse(line) as Outcome);
  const at = new Date(Date.now()).toISOString().slice(0, 10);
  writePage(reliabilityPage(outcomes, at));
} else process.exitCode = await runAll();

async function runAll(): Promise<number> {
  const outcomes: Outcome[] = [];
  const plan = planOf({ faults, seed: Number(seed), times: Number(times) });
  for (const name of ['embedded', 'distributed'] as const) {
    const runs = plan.filter(({ target }) => target === name);
    if (runs.length === 0) continue;
    const target: Target = await (name === 'embedded' ? embeddedTarget() : distributedTarget());
    try {
      for (const run of runs) {
        const outcome = await runFaults(target, run.faults, run.seed);
        outcomes.push(outcome);
        process.stdout.write(`${JSON.stringify(outcome)}\n`);
      }
    } finally {
      await target.stop();
    }
  }
  const broken = outcomes.filter((one) => one.lost + one.double + one.wrongDevices + one.wrongWhileReady > 0);
  process.stderr.write(`${outcomes.length} runs, ${broken.length} broken\n`);
  return broken.length > 0 ? 1 : 0;
}
