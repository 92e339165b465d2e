import { createRequire } from 'node:module';

/** What of kafkajs's `src/consumer/runner.js` (2.2.4) is looked at. */
interface Runner {
  readonly running: boolean;
  readonly fetchManager: { stop(): Promise<void> };
  fetch(nodeId: number): Promise<readonly unknown[]>;
}

let mended = false;

/**
 * Ends the fetches of a consumer that was stopped. kafkajs 2.2.4 begins them anew when the leaders of its partitions have
 * changed, also when a stop came in between, which then waits for ever; and as a stopped consumer's fetch answers at once with
 * nothing, the loop around it never lets go of the event loop: no timer, no answer, one core (seen in the contract suite's test
 * of a broker that is started again, as a profile). Here a stopped one's loops are told to end, as by the stop itself.
 */
export function endFetchesOfStopped(): void {
  if (mended) return;
  mended = true;
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/runner') as { prototype: Runner };
  const { fetch } = prototype;
  prototype.fetch = async function (this: Runner, nodeId) {
    if (this.running) return fetch.call(this, nodeId);
    void this.fetchManager.stop();
    return [];
  };
}
