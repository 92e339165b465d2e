import { afterAll, expect, test } from 'vitest';
import { runFaults, type Target } from '../support/faults/fault-run.ts';
import { planOf } from '../support/faults/plan.ts';
import { embeddedTarget } from '../support/faults/targets.ts';

// A share of `npm run test:faults`, over one installation: what an earlier fault has left is there when the next strikes.
let target: Target | undefined;
afterAll(() => target?.stop());

test.each(planOf({ faults: 'share', seed: 1, times: 1 }))(
  'acknowledged ⊆ counted ⊆ sent under $faults (seed $seed)',
  async ({ faults, seed }) => {
    target ??= await embeddedTarget();
    const outcome = await runFaults(target, faults, seed);
    expect(outcome).toMatchObject({ lost: 0, double: 0, wrongDevices: 0, wrongWhileReady: 0 });
    expect(outcome.acknowledged).toBeGreaterThan(79);
  },
);
