import { expect, test } from 'vitest';
import type { RequestCounters } from '../../services/ports/request-counters.ts';
import { pause } from '../../services/shared/clock.ts';

/** One test for each sentence of the port. `open` opens as another process would: over a connection of its own. */
export function describeRequestCounters(name: string, open: () => Promise<RequestCounters>): void {
  let limits = 0;
  const limit = (most: number, windowSeconds = 60) => ({ name: `limit-${name}-${limits++}`, most, windowSeconds });

  test(`a party has so many requests in a window and is told what is left of them; another has its own (${name})`, async () => {
    const counters = await open();
    const count = counters.of(limit(3));
    for (let left = 2; left >= 0; left--) expect(await count('one')).toMatchObject({ allowed: true, remaining: left });
    const refused = await count('one');
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    expect(refused.beginsAnewInMs).toBeGreaterThan(30_000);
    expect(refused.beginsAnewInMs).toBeLessThanOrEqual(60_000);
    expect(await count('other')).toMatchObject({ allowed: true, remaining: 2 });
    // Another limit counts apart.
    expect(await counters.of(limit(3))('one')).toMatchObject({ allowed: true, remaining: 2 });
    await counters.close();
  });

  test(`many refusals do not make the window longer: it ends when its first request is so old (${name})`, async () => {
    const counters = await open();
    const count = counters.of(limit(2, 1));
    const verdicts = [];
    for (let i = 0; i < 50; i++) verdicts.push(await count('one'));
    expect(verdicts.map(({ allowed }) => allowed).slice(0, 3)).toEqual([true, true, false]);
    await pause(1_100);
    expect(await count('one')).toMatchObject({ allowed: true, remaining: 1 });
    await counters.close();
  });

  test(`of many at the same moment as many are allowed as there is room for (${name})`, async () => {
    const counters = await open();
    const count = counters.of(limit(20));
    const all = await Promise.all(Array.from({ length: 50 }, () => count('one')));
    expect(all.filter(({ allowed }) => allowed)).toHaveLength(20);
    await counters.close();
  });
}
