import { expect, test } from 'vitest';
import type { Counters } from '../../services/ports/counters.ts';

/** One test for each sentence of the port. */
export function describeCounters(name: string, open: () => Counters): void {
  let names = 0;
  const fresh = () => `name-${name}-${names++}`;

  test(`a number goes up to its limit and no further (${name})`, async () => {
    const counters = open();
    const one = fresh();
    for (let i = 0; i < 3; i++) expect(await counters.take([{ name: one, limit: 3 }], 60_000)).toBeUndefined();
    expect(await counters.take([{ name: one, limit: 3 }], 60_000)).toBe(0);
    expect(await counters.take([{ name: one, limit: 4 }], 60_000)).toBeUndefined();
    await counters.close();
  });

  test(`of several numbers all go up or none (${name})`, async () => {
    const counters = open();
    const [own, wide] = [fresh(), fresh()];
    const both = [
      { name: own, limit: 9 },
      { name: wide, limit: 2 },
    ];
    for (let i = 0; i < 2; i++) expect(await counters.take(both, 60_000)).toBeUndefined();
    expect(await counters.take(both, 60_000)).toBe(1);
    // The refused call has added to neither.
    expect(await counters.take([{ name: own, limit: 3 }], 60_000)).toBeUndefined();
    expect(await counters.take([{ name: own, limit: 3 }], 60_000)).toBe(0);
    await counters.close();
  });

  test(`of many at the same moment as many come through as there is room for (${name})`, async () => {
    const counters = open();
    const one = fresh();
    const all = await Promise.all(Array.from({ length: 50 }, () => counters.take([{ name: one, limit: 20 }], 60_000)));
    expect(all.filter((full) => full === undefined)).toHaveLength(20);
    await counters.close();
  });

  test(`what came to nothing is given back (${name})`, async () => {
    const counters = open();
    const one = fresh();
    for (let i = 0; i < 5; i++) {
      expect(await counters.take([{ name: one, limit: 1 }], 60_000)).toBeUndefined();
      await counters.giveBack([one]);
    }
    await counters.giveBack([one, fresh()]);
    expect(await counters.take([{ name: one, limit: 1 }], 60_000)).toBeUndefined();
    expect(await counters.take([{ name: one, limit: 1 }], 60_000)).toBe(0);
    await counters.close();
  });
}
