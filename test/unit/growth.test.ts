import { describe, expect, test } from 'vitest';
import type { View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { DailyArrivals } from '../../services/aggregator/daily-arrivals.ts';
import {
  ARRIVAL_NOISE,
  type Arrival,
  DAY_MARGIN,
  dayOf,
  newSitesByDay,
  newSitesSoFar,
  SO_FAR_MARGIN,
} from '../../services/core/arrivals.ts';
import { comparedCounts, type FleetOfTwo, type TwoCounts } from '../../services/core/exact-growth.ts';
import { aloneIn, equalGroups, spansKinds, stepsOf } from '../../services/core/growth.ts';
import { addMonths, parsePeriod, periodStart } from '../../services/core/period.ts';
import { shownFrom } from '../../services/core/view-rules.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import type { Snapshot } from '../../services/ports/snapshot.ts';
import { discreteGaussian } from '../../services/releases/numbers/discrete-gaussian.ts';
import { noiseStream } from '../../services/releases/numbers/noise-stream.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { Fleet } from '../../services/simulator/fleet-month.ts';

const PERIOD = parsePeriod('2026-11');
const DAY_MS = 86_400_000;

describe('a rise that no other cell shares', () => {
  const SIZES = [900, 700, 500, 400, 300, 250, 200, 180, 160, 150, 80, 60, 40, 30, 20, 12];
  const cells = (growth: number, more: Readonly<Record<string, number>> = {}): TwoCounts<string>[] =>
    ['platform', 'vendor', 'model'].flatMap((kind) => [
      ...SIZES.map((was, i) => {
        const [cell, churn] = [`${kind} ${i}`, i % 2 ? 1.02 : 0.98];
        return { cell, kind, was, now: Math.round(was * growth * churn + (more[cell] ?? 0)), least: 10 };
      }),
      ...Object.entries(more)
        .filter(([cell]) => cell.startsWith(`${kind} new`))
        .map(([cell, now]) => ({ cell, kind, was: null, now, least: 10 })),
    ]);
  const fleet = (now: number, guarded = false): FleetOfTwo => ({ was: 2_000, now, threshold: 10, guarded });
  const alone = (counts: readonly TwoCounts<string>[], of: FleetOfTwo) =>
    aloneIn(stepsOf(comparedCounts(counts, of))).map(({ cell }) => cell);
  const together = (counts: readonly TwoCounts<string>[], of: FleetOfTwo) =>
    equalGroups(stepsOf(comparedCounts(counts, of)), spansKinds).map((group) => group.map(({ cell }) => cell).sort());

  test('is none where all grow, shrink or fill up alike', () => {
    for (const growth of [1, 1.3, 2, 0.7, 0.2]) expect(alone(cells(growth), fleet(2_000 * growth))).toEqual([]);
  });

  test('is not made of what a view hides: an unlisted name on 19 sites is not shown, and 30 are no rise of 26', () => {
    const one = (least: number) =>
      alone([...cells(1), { cell: 'x', kind: 'unlisted', was: null, now: 30, least }], fleet(2_000));
    expect([one(20), one(10)]).toEqual([[], ['x']]);
  });

  test('names the invented phone of 90 sites, whether it was there before or not', () => {
    expect(alone(cells(1, { 'model new': 90 }), fleet(2_090))).toEqual(['model new']);
    expect(alone(cells(1, { 'model 12': 90 }), fleet(2_090))).toEqual(['model 12']);
  });

  test('names it while the month is filling and its numbers lag behind', () => {
    expect(alone(cells(0.4, { 'model new': 90 }), fleet(890, true))).toEqual(['model new']);
  });

  test('is none when others of the kind rose as much: a rollout, a customer', () => {
    expect(alone(cells(1, { 'model 12': 90, 'model 13': 80 }), fleet(2_090))).toEqual([]);
  });

  test('and three kinds that rose by the same number are told together, once each', () => {
    const flood = { 'platform 12': 90, 'vendor new': 90, 'model new': 90 };
    expect(together(cells(1, flood), fleet(2_090))).toEqual([['model new', 'platform 12', 'vendor new']]);
    expect(together(cells(1.1), fleet(2_200))).toEqual([]);
  });
});

describe('the simulated fleet, which is honest', () => {
  /** Cells of two months as staff see them, from the threshold on. */
  function monthsOf(sites: number, months: number) {
    const fleet = new Fleet({ sites, months, seed: 5 });
    const identifier = buildIdentifier(loadCatalog(), PERIOD);
    return Array.from({ length: months }, (_, i) => fleet.nextMonth(addMonths(PERIOD, i), identifier).tally);
  }
  const KINDS = ['platform', 'vendor', 'model', 'unlisted'];
  const nameOf = ({ view, platform, category, vendor, model }: Record<string, unknown>) =>
    [view, platform, category, vendor, model].join(' ');

  function toldOf(earlier: ReturnType<typeof monthsOf>[number], later: typeof earlier, invented = 0) {
    const threshold = 10;
    const leastOf = (view: View) => shownFrom(view, threshold);
    const all = (rows: typeof earlier) => rows.find(({ view }) => view === 'site')?.sites ?? 0;
    const was = new Map(earlier.map((row) => [nameOf({ ...row }), row.sites]));
    const counts: TwoCounts<string>[] = later
      .filter(({ view, sites }) => KINDS.includes(view) && sites >= leastOf(view))
      .map((row) => {
        const before = was.get(nameOf({ ...row })) ?? 0;
        const least = leastOf(row.view);
        return {
          cell: nameOf({ ...row }),
          kind: row.view,
          was: before >= least ? before : null,
          now: row.sites,
          least,
        };
      });
    if (invented > 0) counts.push({ cell: 'INVENTED', kind: 'model', was: null, now: invented, least: threshold });
    const fleet = { was: all(earlier), now: all(later) + invented, threshold, guarded: false };
    const steps = stepsOf(comparedCounts(counts, fleet));
    const four = (alike: readonly { kind: string }[]) =>
      spansKinds(alike as never) || KINDS.some((kind) => alike.filter((one) => one.kind === kind).length >= 4);
    return { alone: aloneIn(steps).map(({ cell }) => cell), together: equalGroups(steps, four).length };
  }

  test('has nothing told of it in three months of 2,000 sites, and an invented phone of 90 sites is named', () => {
    const months = monthsOf(2_000, 4);
    for (let i = 1; i < months.length; i++) {
      const [earlier, later] = [months[i - 1]!, months[i]!];
      expect(toldOf(earlier, later)).toEqual({ alone: [], together: 0 });
      expect(toldOf(earlier, later, 90).alone).toEqual(['INVENTED']);
    }
  });
});

describe('new sites by day', () => {
  const noted = (period: Period, ...totals: readonly (readonly [number, number])[]): Arrival[] =>
    totals.map(([day, sites]) => ({ period, day, sites }));
  const OCTOBER = parsePeriod('2026-10');

  test('are differences of what was noted when days began, the first against none, beside the month before', () => {
    const [now, before] = [noted(PERIOD, [2, 500], [3, 560], [6, 590]), noted(OCTOBER, [2, 480], [3, 545], [4, 550])];
    expect(newSitesByDay(now, before)).toEqual([
      { day: 1, days: 1, sites: 500, before: 480, beyond: false },
      { day: 2, days: 1, sites: 60, before: 65, beyond: false },
      // Nothing was noted on two of them: the month before is not known so.
      { day: 3, days: 3, sites: 30, before: null, beyond: false },
    ]);
    expect(newSitesSoFar(now, before)).toEqual({ days: 5, sites: 590, before: null });
    expect(newSitesSoFar(now.slice(0, 2), before)).toEqual({ days: 2, sites: 560, before: 545 });
    expect(newSitesSoFar([], before)).toBeNull();
  });

  test('are told apart from the month before’s only beyond noise and chance', () => {
    const beyond = (sites: number, before: number) =>
      newSitesByDay(noted(PERIOD, [2, sites]), noted(OCTOBER, [2, before]))[0]!.beyond;
    expect([beyond(100, 10), beyond(250, 20), beyond(2_000, 1_000)]).toEqual([true, true, true]);
    expect([beyond(60, 10), beyond(-20, -60), beyond(1_250, 1_000), beyond(10, 400)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('are within their margins nineteen times in twenty, and no honest month of 30 days has many days that stand out', () => {
    const draw = drawing('margins');
    const days = Array.from({ length: 4_000 }, () => draw() - draw());
    const within = days.filter((n) => Math.abs(n) <= DAY_MARGIN).length / days.length;
    const soFar = days.map(() => draw()).filter((n) => Math.abs(n) <= SO_FAR_MARGIN).length / days.length;
    for (const part of [within, soFar]) expect(Math.abs(part - 0.95)).toBeLessThan(0.015);

    // 3,000 sites in the first two days, then 15 a day, give or take.
    const month = (period: Period) =>
      Array.from({ length: 30 }, (_, i) => ({
        period,
        day: i + 2,
        sites: 2_500 + Math.min(i, 1) * 500 + 15 * i + draw(),
      }));
    let flagged = 0;
    for (let i = 0; i < 100; i++)
      flagged += newSitesByDay(month(PERIOD), month(OCTOBER)).filter(({ beyond }) => beyond).length;
    expect(flagged / 100).toBeLessThan(0.1);
  });

  function drawing(word: string): () => number {
    const source = noiseStream('ab'.repeat(32), word);
    return () => Number(discreteGaussian(BigInt(ARRIVAL_NOISE ** 2), source));
  }

  test('are noted once a day, at its first look, with noise; on the first day nobody had come', async () => {
    const clock = new SetClock(periodStart(PERIOD) + DAY_MS / 2);
    const kept: Arrival[] = [];
    let sites: number | null = 120;
    const snapshots = async () => [{ period: PERIOD, sites } as Snapshot];
    const store = {
      snapshots,
      arrivals: async () => kept,
      noteArrivals: async (one: Arrival) => void kept.push(one),
    };
    const daily = new DailyArrivals({ store, clock, noise: () => 7 });
    await daily.note(PERIOD);
    expect(kept).toEqual([]);
    for (const [hours, now] of [
      [24, 130],
      [30, 170],
      [72, null],
    ] as const) {
      clock.moveTo(periodStart(PERIOD) + hours * 3_600_000);
      sites = now;
      await daily.note(PERIOD);
      // A process that starts anew looks at what is there.
      await new DailyArrivals({ store, clock, noise: () => 7 }).note(PERIOD);
    }
    expect(kept).toEqual(noted(PERIOD, [2, 137], [4, 7]));
    expect(dayOf(PERIOD, periodStart(addMonths(PERIOD, 1)))).toBe(31);
  });
});
