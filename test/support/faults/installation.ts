import { distributedTarget } from './distributed-target.ts';
import { embeddedTarget } from './embedded-target.ts';
import type { Target } from './fault.ts';
import { failedRun, type Outcome, runFaults } from './fault-run.ts';
import type { PlannedRun } from './plan.ts';

const OUTAGE_SECONDS = [6, 10] as const;

/** One at a time, which takes one run after the other: what a fault has left is there when the next one strikes. */
export class Installation {
  stopped = false;
  #target: Target | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        this.stopped = true;
        void this.stop().then(() => process.exit(1));
      });
  }

  async run({ target: name, faults, seed }: PlannedRun): Promise<Outcome> {
    try {
      if (this.#target?.name !== name) {
        await this.stop();
        this.#target = await (name === 'embedded' ? embeddedTarget() : distributedTarget());
      }
      return await runFaults(this.#target, faults, seed, { outageSeconds: OUTAGE_SECONDS });
    } catch (thrown) {
      process.stderr.write(`${faults.join('+')} ${seed}: ${(thrown as Error).stack}\n`);
      // Nobody knows what it is like now.
      await this.stop();
      return failedRun(name, faults, seed, (thrown as Error).message.split('\n')[0] ?? '');
    }
  }

  async stop(): Promise<void> {
    await this.#target?.stop();
    this.#target = undefined;
  }
}
