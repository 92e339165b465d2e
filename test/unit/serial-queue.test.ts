import { expect, test } from 'vitest';
import { InFlight } from '../../services/shared/in-flight.ts';
import { SerialQueue } from '../../services/shared/serial-queue.ts';

/** A promise that is settled from outside. */
function held() {
  let resolve!: () => void;
  let reject!: (thrown: Error) => void;
  const promise = new Promise<void>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
}

test('calls in a queue are made one at a time, in their order, and one that fails keeps none from being made', async () => {
  const queue = new SerialQueue();
  const said: string[] = [];
  const first = held();
  const results = [
    queue.run(async () => {
      said.push('first begins');
      await first.promise.finally(() => said.push('first ends'));
    }),
    queue.run(async () => said.push('second')),
    queue.run(() => {
      said.push('third');
      throw new Error('third');
    }),
    queue.run(async () => 'fourth'),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual(['first begins']);
  first.reject(new Error('first'));
  const settled = await Promise.allSettled(results);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(said).toEqual(['first begins', 'first ends', 'second', 'third']);
  expect(await results[3]).toBe('fourth');
});

test('what is in flight is waited for, however it ends, and what came later is not', async () => {
  const inFlight = new InFlight();
  await inFlight.settled();
  const [one, two, later] = [held(), held(), held()];
  expect(inFlight.add(one.promise)).toBe(one.promise);
  inFlight.add(two.promise).catch(() => {});
  let over = false;
  const settled = inFlight.settled().then(() => {
    over = true;
  });
  inFlight.add(later.promise);
  two.reject(new Error('two'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  one.resolve();
  await settled;
  later.resolve();
});
