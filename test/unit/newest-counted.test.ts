import { expect, test } from 'vitest';
import { chosenPeriod, chosenRange } from '../../services/api/counts/snapshots.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { CountReader } from '../../services/ports/count-reader.ts';
import type { Snapshot } from '../../services/ports/snapshot.ts';
import { SetClock } from '../../services/shared/clock.ts';

const clock = new SetClock(Date.parse('2026-11-26T12:00:00Z'));
const snapshotOf = (period: string): Snapshot => ({
  ...{ period: parsePeriod(period), id: 1, takenAt: clock.now(), provisional: true, catalogue: '1', sites: 20 },
});
const having = (...periods: string[]) => ({
  store: { snapshots: async () => periods.map(snapshotOf) } as unknown as CountReader,
  clock,
  threshold: 5,
});

test('who names no month means the newest that has begun, although a clock that ran ahead had a later one counted', async () => {
  const deps = having('2026-10', '2026-11', '2027-01');
  expect(await chosenPeriod(undefined, deps)).toMatchObject({ period: '2026-11', snapshot: { period: '2026-11' } });
  expect(await chosenRange({}, deps)).toMatchObject({ from: '2025-12', to: '2026-11' });
});

test('a month that is named is meant, whatever the clock says', async () => {
  const deps = having('2026-11', '2027-01');
  expect((await chosenPeriod(parsePeriod('2027-01'), deps)).snapshot?.period).toBe('2027-01');
});

test('where nothing was counted of a month that has begun, the current one is meant', async () => {
  expect(await chosenPeriod(undefined, having('2027-01'))).toMatchObject({ period: '2026-11', snapshot: undefined });
});
