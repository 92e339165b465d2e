import { expect, test } from 'vitest';
import { openMemoryCounters } from '../../services/adapters/memory/memory-counters.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { describeCounters } from './counters.suite.ts';

describeCounters('memory', () => openMemoryCounters(new SetClock(0)));

test('a number is forgotten when its time is over, and the quietest of too many (memory)', async () => {
  const clock = new SetClock(0);
  const counters = openMemoryCounters(clock, 2);
  expect(await counters.take([{ name: 'a', limit: 1 }], 1_000)).toBeUndefined();
  clock.moveTo(999);
  expect(await counters.take([{ name: 'a', limit: 1 }], 1_000)).toBe(0);
  clock.moveTo(1_000);
  expect(await counters.take([{ name: 'a', limit: 1 }], 1_000)).toBeUndefined();
  for (const name of ['b', 'c']) await counters.take([{ name, limit: 1 }], 1_000);
  expect(await counters.take([{ name: 'a', limit: 1 }], 1_000)).toBeUndefined();
  expect(await counters.take([{ name: 'c', limit: 1 }], 1_000)).toBe(0);
});
