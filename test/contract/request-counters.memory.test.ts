import { expect, test } from 'vitest';
import { openMemoryRequestCounters } from '../../services/adapters/memory/memory-request-counters.ts';
import { describeRequestCounters } from './request-counters.suite.ts';

describeRequestCounters('memory', async () => openMemoryRequestCounters());

test('beyond so many parties in a window all share 4,096 numbers, so that memory has a bound (memory)', async () => {
  const count = openMemoryRequestCounters(3).of({ name: 'crowd', most: 2, windowSeconds: 60 });
  for (const party of ['a-one', 'b-two', 'c-three']) expect(await count(party)).toMatchObject({ allowed: true });
  // Told apart no more: these have the first two letters in common.
  const shared = [];
  for (const party of ['zz-1', 'zz-2', 'zz-3', 'yy-1']) shared.push((await count(party)).allowed);
  expect(shared).toEqual([true, true, false, true]);
});
