import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { endFetchesOfStopped } from '../../services/adapters/kafka/stopped-runner.ts';

interface Runner {
  running: boolean;
  consuming: boolean;
  scheduleFetchManager(): void;
  stop(): Promise<void>;
}

const MOST = 1_000;
const silent = { debug() {}, info() {}, warn() {}, error() {}, namespace: () => silent };

test('a consumer that is stopped in the moment in which its fetches begin anew, as leaders have changed, ends', async () => {
  endFetchesOfStopped();
  const Runner = createRequire(import.meta.url)('kafkajs/src/consumer/runner') as new (order: object) => Runner;
  let stopped: Promise<void> | undefined;
  let asked = 0;
  const group = {
    groupId: 'group',
    memberId: 'member',
    // Asked when fetches begin, and before each: of the third on other leaders are told, and then somebody stops.
    getNodeIds() {
      if (++asked > MOST) throw new Error('it goes on for ever');
      if (asked === 3) queueMicrotask(() => (stopped = runner.stop()));
      return asked < 3 ? [1] : [2];
    },
    fetch: async () => [],
    heartbeat: async () => {},
    leave: async () => {},
  };
  const order = { logger: silent, consumerGroup: group, instrumentationEmitter: new EventEmitter(), concurrency: 1 };
  const runner = new Runner({ ...order, onCrash: () => {}, retry: { retries: 0 } });
  runner.running = true;
  runner.scheduleFetchManager();
  await expect.poll(() => stopped !== undefined).toBe(true);
  await stopped;
  expect(runner).toMatchObject({ running: false, consuming: false });
  expect(asked).toBeLessThan(MOST);
});
