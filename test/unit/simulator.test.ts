import { describe, expect, it } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { MAX_WIRE_BYTES, Report } from '../../schemas/report.ts';
import { openPeriods, parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { type Delivery, type SimulatedMonth, simulate } from '../../services/simulator/simulate.ts';
import { yearOfGrowth } from '../../services/simulator/story.ts';

const FIRST = parsePeriod('2026-11');
const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, FIRST);

function run(sites: number, months: number, seed = 1): SimulatedMonth[] {
  return [...simulate({ sites, months, seed, firstPeriod: FIRST, identifier })];
}

const months = run(300, 2);
const deliveries = months.flatMap((month) => month.deliveries);
const bySite = groupBy(deliveries, ({ body }) => body.token);

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** Sites of which some pair of deliveries, in the order of arrival, satisfies the condition. */
function sitesWhere(holds: (earlier: Delivery, later: Delivery) => boolean): number {
  return bySite.filter((own) => own.some((a, i) => own.slice(i + 1).some((b) => holds(a, b)))).length;
}

describe('a simulated run', () => {
  it('is the same for the same seed and another for another', () => {
    expect(run(40, 2, 9)).toEqual(run(40, 2, 9));
    expect(run(40, 2, 9)).not.toEqual(run(40, 2, 10));
  });

  it('lets a site do the same whatever the number of other sites', () => {
    const [few, many] = [run(30, 1), run(60, 1)].map((all) => all.flatMap((month) => month.deliveries));
    const tokens = new Set(few!.map(({ body }) => body.token));
    expect(many!.filter(({ body }) => tokens.has(body.token))).toEqual(few);
  });

  it('makes the months asked for, one after the other, and none when none is asked for', () => {
    expect(months.map(({ period }) => period)).toEqual(['2026-11', '2026-12']);
    expect(run(10, 0)).toEqual([]);
    expect(run(0, 1)).toEqual([{ period: FIRST, deliveries: [], tally: [] }]);
  });

  it('asks for the rules of each period where it is given them', () => {
    const asked: Period[] = [];
    const rulesOf = (period: Period) => {
      asked.push(period);
      return buildIdentifier(catalog, period);
    };
    const pinned = [...simulate({ sites: 30, months: 3, seed: 1, firstPeriod: FIRST, identifier: rulesOf })];
    expect(asked).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(pinned).toEqual(run(30, 3));
  });
});

describe('its deliveries', () => {
  it('are valid reports that fit on the wire', () => {
    for (const { body } of deliveries) {
      expect(Report.safeParse(body).error).toBeUndefined();
      expect(JSON.stringify(body).length).toBeLessThan(MAX_WIRE_BYTES);
    }
  });

  it('come in order of time, each while its period is open', () => {
    let before = 0;
    for (const { atMs, body } of deliveries) {
      expect(atMs).toBeGreaterThanOrEqual(before);
      expect(openPeriods(atMs)).toContain(body.period);
      before = atMs;
    }
  });

  it('of a period end with its own month, though the next period has begun by then', () => {
    const [first, second] = months.map((month) => new Set(month.deliveries.map(({ body }) => body.period)));
    expect(first).toEqual(new Set(['2026-11', '2026-12']));
    expect(second).toEqual(new Set(['2026-12']));
  });

  it('of a site in a month share a token that no other month knows, and count from 1 without a gap', () => {
    for (const own of bySite) {
      expect(new Set(own.map(({ body }) => body.period)).size).toBe(1);
      const sequences = [...new Set(own.map(({ body }) => body.sequence))].sort((a, b) => a - b);
      expect(sequences).toEqual(sequences.map((_, i) => i + 1));
    }
    expect(bySite.length).toBeGreaterThan(500);
  });

  it('with the same sequence are the same report', () => {
    for (const own of bySite)
      for (const copies of groupBy(own, ({ body }) => String(body.sequence)))
        expect(new Set(copies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });
});

describe('the behaviours of 300 sites in 2 months', () => {
  const hours = 3_600_000;
  const same = (a: Delivery, b: Delivery) => a.body.sequence === b.body.sequence;

  it('include retries, late duplicates and reports overtaken by a newer one', () => {
    expect(sitesWhere((a, b) => same(a, b) && b.atMs - a.atMs < hours)).toBeGreaterThan(5);
    expect(sitesWhere((a, b) => same(a, b) && b.atMs - a.atMs >= hours)).toBeGreaterThan(5);
    expect(sitesWhere((a, b) => a.body.sequence > b.body.sequence)).toBeGreaterThan(5);
  });

  it('include devices that come, and devices that go and are sent again with count 0', () => {
    const gone = ({ body }: Delivery) => body.devices.some(({ count }) => count === 0);
    expect(bySite.filter((own) => own.some(gone)).length).toBeGreaterThan(10);
    expect(sitesWhere((a, b) => b.body.devices.length > a.body.devices.length)).toBeGreaterThan(10);
  });

  it('include opt-outs with every line ever sent, and some that return', () => {
    const withdrawn = bySite.filter((own) => own.some(({ body }) => body.withdraw));
    expect(withdrawn.length).toBeGreaterThan(10);
    for (const own of withdrawn) {
      const last = own.map(({ body }) => body).find((body) => body.withdraw)!;
      const named = (body: Report) => body.devices.map(({ count: _, ...names }) => JSON.stringify(names));
      const before = own.filter(({ body }) => body.sequence < last.sequence).flatMap(({ body }) => named(body));
      expect(new Set(named(last))).toEqual(new Set(before));
    }
    const returned = sitesWhere(
      ({ body: a }, { body: b }) =>
        a.withdraw === true &&
        b.sequence === a.sequence + 1 &&
        !b.withdraw &&
        a.platform.name === b.platform.name &&
        a.platform.version === b.platform.version,
    );
    expect(returned).toBeGreaterThan(2);
  });

  it('include upgrades: withdrawn under the old platform, then reported under the new one', () => {
    const platforms = (own: Delivery[]) => groupBy(own, ({ body }) => JSON.stringify(body.platform));
    const upgraded = bySite.filter((own) => platforms(own).length > 1);
    expect(upgraded.length).toBeGreaterThan(4);
    for (const own of upgraded) {
      const latest = platforms(own).map(
        (reports) => reports.map(({ body }) => body).sort((a, b) => b.sequence - a.sequence)[0]!,
      );
      expect(latest.sort((a, b) => a.sequence - b.sequence)[0]!.withdraw).toBe(true);
    }
  });

  it('include reports in the grace of the month before, first reports among them', () => {
    const late = deliveries.filter(({ atMs, body }) => openPeriods(atMs)[0] !== body.period);
    expect(late.length).toBeGreaterThan(20);
    expect(late.some(({ body }) => body.sequence === 1)).toBe(true);
    expect(late.some(({ body }) => body.sequence > 1)).toBe(true);
  });

  it('include sites that join and sites that leave', () => {
    const counts = months.map(({ tally }) => tally.find(({ view }) => view === 'site')!.sites);
    expect(counts[0]).toBeLessThan(285);
    expect(Math.min(...counts)).toBeGreaterThan(250);
  });
});

describe('the fleets', () => {
  const tally = run(1500, 1)[0]!.tally;
  const view = (name: string) => tally.filter((row) => row.view === name);
  const sites = view('site')[0]!.sites;

  it('are of all the platforms, one of them unknown', () => {
    const names = view('platform').map(({ platform }) => platform);
    for (const name of [
      'FreePBX 17',
      '3CX 20',
      'FusionPBX 5',
      'Asterisk 20',
      'trixbox 2',
      'Issabel 4',
      'VitalPBX 4',
      'other',
    ])
      expect(names).toContain(name);
    expect(Math.max(...view('platform').map((row) => row.sites))).toBeLessThan(0.3 * sites);
  });

  it('have a long tail of sizes', () => {
    const sizes = run(1500, 1, 2)[0]!
      .deliveries.filter(({ body }) => body.sequence === 1)
      .map(({ body }) =>
        body.devices.filter(({ category }) => category === 'phone').reduce((sum, { count }) => sum + count, 0),
      )
      .sort((a, b) => a - b);
    const median = sizes[Math.floor(sizes.length / 2)]!;
    expect(median).toBeGreaterThan(6);
    expect(median).toBeLessThan(20);
    expect(sizes.at(-1)).toBeGreaterThan(30 * median);
    expect(sizes.filter((size) => size > 100).length).toBeGreaterThan(40);
  });

  it('have phones of many makers, none of them alone, and every other kind of device', () => {
    const makers = view('vendor').filter(({ category }) => category === 'phone');
    expect(makers.length).toBeGreaterThan(9);
    const first = Math.max(...makers.map((row) => row.sites));
    expect(first).toBeGreaterThan(0.3 * sites);
    expect(first).toBeLessThan(0.7 * sites);
    const kinds = view('category').map(({ category }) => category);
    for (const kind of [
      'phone',
      'softphone',
      'dect',
      'ata',
      'gateway',
      'doorphone',
      'pci',
      'nic',
      'cpu',
      'memory',
      'board',
      'virtual',
    ])
      expect(kinds).toContain(kind);
  });

  it('have devices that no catalogue knows, some often enough for curators', () => {
    expect(view('unlisted').some((row) => row.sites >= 20)).toBe(true);
    expect(view('unlisted').some((row) => row.sites < 5)).toBe(true);
  });

  it('change over the months so that trends are seen', () => {
    const year = run(800, 8);
    const newer = (month: SimulatedMonth) => {
      const of = (pattern: RegExp) =>
        month.tally.filter((r) => r.view === 'model' && pattern.test(r.model)).reduce((sum, r) => sum + r.sites, 0);
      return of(/T46U|T43U|T33G|T54W/) / of(/T46S|T42S|T46G|T21P/);
    };
    expect(newer(year.at(-1)!)).toBeGreaterThan(1.1 * newer(year[0]!));
  });
});

describe('a year with a story', () => {
  const year = [
    ...simulate({ sites: 500, months: 12, seed: 1, firstPeriod: FIRST, identifier, story: yearOfGrowth(12) }),
  ];
  const sitesOf = (month: number, view: string, name = /^/) =>
    year[month]!.tally.filter(
      (row) => row.view === view && name.test(`${row.category} ${row.vendor} ${row.model}`.trim()),
    )
      .map(({ sites }) => sites)
      .reduce((sum, sites) => sum + sites, 0);
  const shareOf = (month: number, name: RegExp) => sitesOf(month, 'vendor', name) / sitesOf(month, 'site');

  it('has a fleet that grows by a sixth and more, a maker that rises and one that fades', () => {
    expect(sitesOf(11, 'site')).toBeGreaterThan(1.15 * sitesOf(0, 'site'));
    expect(shareOf(11, /^phone Fanvil$/)).toBeGreaterThan(1.3 * shareOf(0, /^phone Fanvil$/));
    expect(shareOf(11, /^phone Polycom$/)).toBeLessThan(0.8 * shareOf(0, /^phone Polycom$/));
  });

  it('has a model that comes in the middle, one that a provider rolls out at its end, and old ones that nobody mends', () => {
    expect([sitesOf(5, 'model', /Fanvil V66$/), sitesOf(9, 'model', /SIP-T74U$/)]).toEqual([0, 0]);
    expect(sitesOf(11, 'model', /Fanvil V66$/)).toBeGreaterThan(10);
    expect(sitesOf(10, 'model', /SIP-T74U$/)).toBeGreaterThan(30);
    expect(sitesOf(11, 'model', /Cisco SPA5/)).toBeGreaterThan(5);
  });

  it('has a name that no catalogue knows on enough sites for a curator, also in the fleet of the demo', () => {
    const demo = [
      ...simulate({ sites: 440, months: 12, seed: 1, firstPeriod: FIRST, identifier, story: yearOfGrowth(12) }),
    ];
    const unlisted = demo[11]!.tally.filter(({ view }) => view === 'unlisted');
    expect(unlisted.filter(({ sites }) => sites >= 20).map(({ vendor, model }) => `${vendor} ${model}`)).toEqual([
      'Fanvil K7X Desk',
    ]);
  });

  it('is told of long runs alone', () => {
    expect(yearOfGrowth(5)).toEqual(yearOfGrowth(1));
  });
});
