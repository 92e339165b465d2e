import { distributedTarget } from './distributed-target.ts';
import { embeddedTarget } from './embedded-target.ts';
import type { Target } from './fault.ts';
import { failedRun, type Outcome, runFaults } from './fault-run.ts';
import type { PlannedRun } from './plan.ts';

const OUTAGE_SECONDS = [6, 10] as const;

/** One at a time, which takes one run after the other: what a fault has left is there when the next one strikes. */
export class Installation {
  stopped = false;
  #name: PlannedRun['target'] | undefined;
  #target: Promise<Target> | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        this.stopped = true;
        void this.stop().then(() => process.exit(1));
      });
  }

  async run({ target: name, faults, seed }: PlannedRun): Promise<Outcome> {
    try {
      if (this.#name !== name) await this.stop();
      this.#name = name;
      this.#target ??= name === 'embedded' ? embeddedTarget() : distributedTarget();
      return await runFaults(await this.#target, faults, seed, { outageSeconds: OUTAGE_SECONDS });
    } catch (thrown) {
      process.stderr.write(`${faults.join('+')} ${seed}: ${(thrown as Error).stack}\n`);
      // Nobody knows what it is like now.
      await this.stop();
      return failedRun(name, faults, seed, (thrown as Error).message.split('\n')[0] ?? '');
    }
  }

  /** Also while it starts. */
  async stop(): Promise<void> {
    const target = await this.#target?.catch(() => undefined);
    this.#target = undefined;
    await target?.stop();
  }
}
