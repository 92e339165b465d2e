import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';
import { clusterAvailable } from '../support/cluster.ts';
import { type Outcome, runFaults, type Target } from '../support/faults/fault-run.ts';
import { planOf } from '../support/faults/plan.ts';
import { reliabilityPage } from '../support/faults/reliability-page.ts';
import { distributedTarget, embeddedTarget } from '../support/faults/targets.ts';

// FAULTS: `share` (in CI), `all`, or names such as `kill,store-kill+broker`. FAULT_SEED, FAULT_TIMES: of which, how often.
// FAULT_PAGE=1 writes docs/reliability.md. See `npm run test:faults`.
const { FAULTS = 'share', FAULT_SEED = '1', FAULT_TIMES = '1', FAULT_PAGE } = process.env;
const plan = planOf({ faults: FAULTS, seed: Number(FAULT_SEED), times: Number(FAULT_TIMES) });
const outcomes: Outcome[] = [];

const setUps = (['embedded', 'distributed'] as const).filter((name) => plan.some(({ target }) => target === name));

describe.each(setUps)('%s', (name) => {
  const runs = plan.filter(({ target }) => target === name);
  const missing = name === 'distributed' ? clusterAvailable() : null;
  let target: Target | undefined;
  afterAll(() => target?.stop());

  // One installation for all of them: what an earlier fault has left is there when the next one strikes.
  test.skipIf(missing !== null).each(runs)(
    'acknowledged ⊆ counted ⊆ sent under $faults (seed $seed)',
    async ({ faults, seed }) => {
      target ??= await (name === 'embedded' ? embeddedTarget() : distributedTarget());
      const outcome = await runFaults(target, faults, seed);
      outcomes.push(outcome);
      expect(outcome).toMatchObject({ lost: 0, double: 0, wrongDevices: 0, wrongWhileReady: 0 });
      expect(outcome.acknowledged).toBeGreaterThan(79);
    },
  );
});

afterAll(() => {
  for (const one of outcomes) process.stderr.write(`${JSON.stringify(one)}\n`);
  if (FAULT_PAGE === undefined) return;
  const settings = `FAULTS=${FAULTS} FAULT_SEED=${FAULT_SEED} FAULT_TIMES=${FAULT_TIMES}`;
  const page = reliabilityPage(outcomes, { at: new Date(Date.now()).toISOString().slice(0, 10), settings });
  writeFileSync(join(packageRoot(), 'docs', 'reliability.md'), page);
});
