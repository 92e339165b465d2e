import { afterAll, expect, test } from 'vitest';
import { embeddedTarget } from '../support/faults/embedded-target.ts';
import type { Target } from '../support/faults/fault.ts';
import { isBroken, runFaults } from '../support/faults/fault-run.ts';
import { planOf } from '../support/faults/plan.ts';

// A share of `npm run test:faults`, over one installation: what an earlier fault has left is there when the next strikes.
const SHORT = { outageSeconds: [0.4, 1.6] } as const;
let target: Target | undefined;
afterAll(() => target?.stop());

test.each(planOf({ faults: 'share', seed: 1, times: 1 }))(
  'acknowledged ⊆ counted ⊆ sent under $faults (seed $seed)',
  async ({ faults, seed }) => {
    target ??= await embeddedTarget();
    const outcome = await runFaults(target, faults, seed, SHORT);
    expect(isBroken(outcome) ? outcome : 'whole').toBe('whole');
    expect(outcome.acknowledged).toBeGreaterThan(79);
  },
);
