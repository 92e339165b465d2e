import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, type Fact, VIEWS, type View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { breakApart, type SiteReport } from '../../services/ingest/break-apart.ts';
import { type FactKey, factKeys } from '../../services/ingest/fact-key.ts';
import type { CountedModel } from '../../services/ingest/identify-lines.ts';
import { reportedModels } from '../support/reported-models.ts';
import { DEVICE_VIEWS, VIEW_COLUMNS } from '../support/view-columns.ts';

const PERIOD = parsePeriod('2026-11');
const ENDPOINTS = ['softphone', 'mobile', 'dect', 'ata', 'gateway', 'doorphone', 'conference', 'headset'];

/** PRIVACY.md sections 3 and 4, written down again: which facts a release query reads, and its L2 bound squared. */
interface Query {
  readonly name: string;
  readonly reads: (fact: Fact) => boolean;
  /** What a fact inside the bound adds to its cell. */
  readonly adds: (fact: Fact) => number;
  readonly boundSquared: number;
}
const sites = (fact: Fact) => (fact.bounded > 0 ? 1 : 0);
const modelsOf = (...categories: string[]) => {
  return (fact: Fact) => fact.view === 'model' && categories.includes(fact.category);
};
const phoneVendors = (fact: Fact) => fact.view === 'vendor' && fact.category === 'phone';
const QUERIES: readonly Query[] = [
  { name: 'sites by platform', reads: (f) => f.view === 'platform', adds: sites, boundSquared: 1 },
  { name: 'sites by platform and vendor', reads: (f) => f.view === 'platform_vendor', adds: sites, boundSquared: 4 },
  { name: 'sites by phone vendor', reads: phoneVendors, adds: sites, boundSquared: 4 },
  { name: 'sites by phone model', reads: modelsOf('phone'), adds: sites, boundSquared: 8 },
  { name: 'phones by model', reads: modelsOf('phone'), adds: (f) => f.bounded, boundSquared: 8 * 50 ** 2 },
  { name: 'sites by other endpoint model', reads: modelsOf(...ENDPOINTS), adds: sites, boundSquared: 8 },
  { name: 'sites by PCI model', reads: modelsOf('pci'), adds: sites, boundSquared: 4 },
  { name: 'sites by NIC model', reads: modelsOf('nic'), adds: sites, boundSquared: 2 },
  { name: 'sites by CPU', reads: modelsOf('cpu'), adds: sites, boundSquared: 1 },
  { name: 'sites by memory size', reads: modelsOf('memory'), adds: sites, boundSquared: 1 },
  { name: 'sites by board', reads: modelsOf('board'), adds: sites, boundSquared: 1 },
];

/** How many models of a group are inside the bound, and which categories the group holds. */
const GROUPS: readonly { readonly categories: readonly string[]; readonly most: number }[] = [
  { categories: ['phone'], most: 8 },
  { categories: ENDPOINTS, most: 8 },
  { categories: ['pci'], most: 4 },
  { categories: ['nic'], most: 2 },
  { categories: ['cpu'], most: 1 },
  { categories: ['memory'], most: 1 },
  { categories: ['board'], most: 1 },
  { categories: ['virtual'], most: 0 },
];

const cellName = (cell: Cell) => [cell.view, cell.platform, cell.category, cell.vendor, cell.model].join('|');

const tokens = fc
  .uint8Array({ minLength: 17, maxLength: 64 })
  .map((bytes) => Buffer.from(Buffer.from(bytes).toString('base64url')));

/** Many phones, few vendors and many equal counts, so that bounds are reached and ties are met. */
const counts = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 45, max: 55 }),
  fc.constantFrom(10_000, 512 * 10_000),
);
const models = (maxLength: number): fc.Arbitrary<CountedModel[]> =>
  reportedModels({ maxLength, names: 41, count: counts });
const platforms = fc.constantFrom('FreePBX 17', 'FreePBX 16', '3CX 20', 'other');

const siteReports = (maxLength = 60): fc.Arbitrary<SiteReport> =>
  fc.record({
    token: tokens,
    period: fc.constant(PERIOD),
    sequence: fc.integer({ min: 1, max: 999_999 }),
    platform: platforms,
    models: models(maxLength),
    withdraw: fc.constant(false),
  });

const of = (facts: readonly Fact[], view: View) => facts.filter((fact) => fact.view === view);
const distinct = (items: readonly string[]) => [...new Set(items)];

const keyOf = (...[token, period, cell]: [string, Period, Cell]) =>
  factKeys(Buffer.from(token), period, [cell])[0] as FactKey;

describe('a report broken apart', () => {
  test('gives one fact for its site, its platform and each of its models, categories, vendors', () => {
    fc.assert(
      fc.property(siteReports(), (site) => {
        const facts = breakApart(site);
        const listed = site.models.filter((m) => m.view === 'model');
        const named = listed.filter((m) => m.vendor !== '');
        const phoneVendors = distinct(named.filter((m) => m.category === 'phone').map((m) => m.vendor));
        expect(Object.fromEntries(VIEWS.map((view) => [view, of(facts, view).length]))).toEqual({
          site: 1,
          platform: 1,
          category: distinct(listed.map((m) => m.category)).length,
          vendor: distinct(named.map((m) => `${m.category}|${m.vendor}`)).length,
          platform_vendor: phoneVendors.length,
          model: listed.length,
          unlisted: site.models.length - listed.length,
        });
        expect(distinct(facts.map(cellName))).toHaveLength(facts.length);
        expect(distinct(facts.map((fact) => String(fact.key)))).toHaveLength(facts.length);
      }),
      { numRuns: 150 },
    );
  });

  test('says in each view what the report says, and presence alone outside model and unlisted', () => {
    fc.assert(
      fc.property(siteReports(), (site) => {
        const facts = breakApart(site);
        for (const fact of facts) {
          const fitting = site.models.filter(
            (m) =>
              (fact.view === 'unlisted') === (m.view === 'unlisted') &&
              (fact.category === '' || fact.category === m.category) &&
              (fact.vendor === '' || fact.vendor === m.vendor) &&
              (fact.model === '' || (fact.model === m.model && fact.vendor === m.vendor)) &&
              (fact.view !== 'platform_vendor' || m.category === 'phone'),
          );
          const devices = fitting.reduce((sum, m) => sum + m.count, 0);
          const always = fact.view === 'site' || fact.view === 'platform';
          const expected = DEVICE_VIEWS.includes(fact.view) ? devices : always || devices > 0 ? 1 : 0;
          expect(fact.count, cellName(fact)).toBe(expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('leaves the columns empty that a view does not use, and names the platform as it is', () => {
    fc.assert(
      fc.property(siteReports(), (site) => {
        for (const fact of breakApart(site)) {
          for (const column of ['platform', 'category', 'vendor', 'model'] as const)
            if (!VIEW_COLUMNS[fact.view].includes(column)) expect(fact[column], cellName(fact)).toBe('');
          if (VIEW_COLUMNS[fact.view].includes('platform')) expect(fact.platform).toBe(site.platform);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('holds nothing but cell, key, count, bounded and version', () => {
    fc.assert(
      fc.property(siteReports(10), (site) => {
        const columns = ['bounded', 'category', 'count', 'key', 'model', 'platform', 'vendor', 'version', 'view'];
        for (const fact of breakApart(site)) expect(Object.keys(fact).sort()).toEqual(columns);
        expect(JSON.stringify(breakApart(site))).not.toContain(Buffer.from(site.token).toString());
      }),
      { numRuns: 50 },
    );
  });
});

describe('the contribution of a site to releases', () => {
  test('is within the bound of every query', () => {
    fc.assert(
      fc.property(siteReports(120), (site) => {
        const facts = breakApart(site);
        for (const query of QUERIES) {
          const squared = facts.filter(query.reads).reduce((sum, fact) => sum + query.adds(fact) ** 2, 0);
          expect(squared, query.name).toBeLessThanOrEqual(query.boundSquared);
        }
      }),
      { numRuns: 250 },
    );
  });

  test('is nothing where no query reads', () => {
    fc.assert(
      fc.property(siteReports(120), (site) => {
        for (const fact of breakApart(site))
          if (!QUERIES.some((query) => query.reads(fact))) expect(fact.bounded, cellName(fact)).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('is min(count, 50) of a phone model inside the bound, 1 of anything else inside it, and 0 of what is gone', () => {
    fc.assert(
      fc.property(siteReports(120), (site) => {
        for (const fact of breakApart(site)) {
          const whole = fact.view === 'model' && fact.category === 'phone' ? Math.min(fact.count, 50) : 1;
          expect(fact.count === 0 ? [0] : [0, whole], cellName(fact)).toContain(fact.bounded);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('goes to the models of the largest counts, ties by key, until the bound is reached', () => {
    fc.assert(
      fc.property(siteReports(120), (site) => {
        const facts = of(breakApart(site), 'model');
        for (const { categories, most } of GROUPS) {
          const group = facts.filter((fact) => categories.includes(fact.category) && fact.count > 0);
          expectLargest(group, (fact) => fact.count, most);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('goes to the four phone vendors of the most phones, alike with and without the platform', () => {
    fc.assert(
      fc.property(siteReports(120), (site) => {
        const facts = breakApart(site);
        const phones = (vendor: string) =>
          site.models
            .filter((m) => m.view === 'model' && m.category === 'phone' && m.vendor === vendor)
            .reduce((sum, m) => sum + m.count, 0);
        const vendors = of(facts, 'vendor').filter((fact) => fact.category === 'phone' && fact.count > 0);
        expectLargest(vendors, (fact) => phones(fact.vendor), 4);
        for (const fact of of(facts, 'platform_vendor')) {
          const alone = of(facts, 'vendor').find((f) => f.category === 'phone' && f.vendor === fact.vendor);
          expect(fact).toMatchObject({ count: alone?.count, bounded: alone?.bounded });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('to its platform is always one', () => {
    fc.assert(
      fc.property(siteReports(5), (site) => {
        expect(of(breakApart(site), 'platform')[0]).toMatchObject({ count: 1, bounded: 1 });
      }),
      { numRuns: 20 },
    );
  });

  test('would be over the bound without bounding: the oracle bites', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({
      ...{ view: 'model', category: 'phone', vendor: `V${i}`, model: 'M', count: 60 },
    })) as CountedModel[];
    const site = {
      token: Buffer.from('a'.repeat(22)),
      period: PERIOD,
      sequence: 1,
      platform: 'other',
      models: many,
      withdraw: false,
    };
    const unbounded = breakApart(site).map((fact) => ({ ...fact, bounded: fact.count }));
    const over = QUERIES.filter(
      (query) => unbounded.filter(query.reads).reduce((sum, f) => sum + query.adds(f) ** 2, 0) > query.boundSquared,
    );
    expect(over.map((query) => query.name)).toEqual([
      'sites by platform and vendor',
      'sites by phone vendor',
      'sites by phone model',
      'phones by model',
    ]);
  });
});

/** The first `most` by size, then by key, are inside the bound; everything else is outside. */
function expectLargest(group: readonly Fact[], sizeOf: (fact: Fact) => number, most: number): void {
  const inside = group.filter((fact) => fact.bounded > 0);
  const outside = group.filter((fact) => fact.bounded === 0);
  expect(inside).toHaveLength(Math.min(most, group.length));
  for (const chosen of inside)
    for (const left of outside) {
      expect(sizeOf(chosen)).toBeGreaterThanOrEqual(sizeOf(left));
      if (sizeOf(chosen) === sizeOf(left)) expect(chosen.key).toBeLessThan(left.key);
    }
}

describe('a withdrawal', () => {
  test('takes back every fact of the report, and nothing else', () => {
    fc.assert(
      fc.property(siteReports(), counts, (site, anyCount) => {
        const reported = breakApart(site);
        // The counts of a withdrawal are ignored.
        const models = site.models.map((m) => ({ ...m, count: anyCount }));
        const withdrawn = breakApart({ ...site, models, sequence: site.sequence + 1, withdraw: true });
        const keys = (facts: readonly Fact[]) => facts.map((fact) => `${cellName(fact)}|${fact.key}`).sort();
        expect(keys(withdrawn)).toEqual(keys(reported));
        for (const fact of withdrawn) expect(fact).toMatchObject({ count: 0, bounded: 0 });
        const versions = new Map(reported.map((fact) => [fact.key, fact.version]));
        for (const fact of withdrawn) expect(fact.version).toBe((versions.get(fact.key) as number) + 1);
      }),
      { numRuns: 150 },
    );
  });

  test('is itself taken back by the next report', () => {
    fc.assert(
      fc.property(siteReports(), (site) => {
        const history = [site, { ...site, sequence: site.sequence + 1, withdraw: true }];
        const again = { ...site, sequence: site.sequence + 2 };
        expect(stored([...history, again])).toEqual(stored([again]));
      }),
      { numRuns: 50 },
    );
  });
});

/** What the store keeps of some reports: of each cell and key the highest version, without it. */
function stored(reports: readonly SiteReport[]): string[] {
  return winners(reports.flatMap(breakApart))
    .map((fact) => `${cellName(fact)}|${fact.key}|${fact.count}|${fact.bounded}`)
    .sort();
}

function winners(facts: readonly Fact[]): Fact[] {
  const best = new Map<string, Fact>();
  for (const fact of facts) {
    const name = `${cellName(fact)}|${fact.key}`;
    if (fact.version >= (best.get(name)?.version ?? 0)) best.set(name, fact);
  }
  return [...best.values()];
}

describe('keys and versions', () => {
  test('are the same for the same cell and token, whatever else the report holds', () => {
    fc.assert(
      fc.property(siteReports(), models(60), fc.nat(1_000), (site, others, later) => {
        const first = new Map(breakApart(site).map((fact) => [cellName(fact), fact]));
        const sequence = site.sequence + later;
        for (const fact of breakApart({ ...site, sequence, models: others })) {
          const known = first.get(cellName(fact));
          if (!known) continue;
          expect(fact.key).toBe(known.key);
          expect(fact.version - known.version).toBe(later);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('are safe integers, and versions leave room for every sequence', () => {
    fc.assert(
      fc.property(siteReports(), (site) => {
        for (const fact of breakApart({ ...site, sequence: 1_000_000 })) {
          const { key, version } = fact;
          const fits = Number.isSafeInteger(key) && key >= 0 && Number.isSafeInteger(version);
          expect(fits && version >= 1_000_000 && version < 2 ** 48 + 1_000_001).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('hide the sequence: no two facts of a site have the same version, nor do two sites in the same cell', () => {
    fc.assert(
      fc.property(siteReports(), tokens, (site, token) => {
        const versions = [site, { ...site, token }].flatMap(breakApart).map((fact) => fact.version);
        if (!token.equals(site.token)) expect(new Set(versions).size).toBe(versions.length);
      }),
      { numRuns: 100 },
    );
  });

  test('are another for every cell, token and period, and no two cells read the same', () => {
    const cell = { view: 'model', platform: '', category: 'phone', vendor: 'AB', model: 'C' } as const;
    const token = 'a'.repeat(22);
    const keys = [
      keyOf(token, PERIOD, cell),
      keyOf(token, PERIOD, { ...cell, vendor: 'A', model: 'BC' }),
      keyOf(token, PERIOD, { ...cell, vendor: 'ABC', model: '' }),
      keyOf(token, PERIOD, { ...cell, vendor: '', model: 'ABC' }),
      keyOf(token, PERIOD, { ...cell, platform: 'AB', vendor: '' }),
      keyOf(token, PERIOD, { ...cell, view: 'unlisted' }),
      keyOf(token, PERIOD, { ...cell, category: 'softphone' }),
      keyOf(token, PERIOD, { ...cell, category: '' }),
      keyOf(token, parsePeriod('2026-12'), cell),
      keyOf(`${token}a`, PERIOD, cell),
    ];
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
    expect(new Set(keys.map(({ offset }) => offset)).size).toBe(keys.length);
  });

  test('do not change unnoticed: a period is pinned to its hash', () => {
    const cell = { view: 'model', platform: '', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' } as const;
    expect(keyOf('pL1xpL1xpL1xpL1xpL1xpL', PERIOD, cell)).toEqual({
      key: 2_731_721_880_366_747,
      offset: 3_684_499_318_826,
    });
  });
});

/**
 * Keys and offsets of 250 sites with 40 cells each in 2 periods. The tokens are hashes of numbers: the sample is the
 * same in every run, so what holds of it once holds always.
 */
function sample(): { key: bigint; offset: bigint }[] {
  const drawn: { key: bigint; offset: bigint }[] = [];
  for (let site = 0; site < 250; site++) {
    const token = createHash('sha256').update(`site ${site}`).digest('base64url');
    for (const period of [PERIOD, parsePeriod('2026-12')])
      for (let n = 0; n < 40; n++) {
        const cell = { view: 'model', platform: '', category: 'phone', vendor: `V${n % 4}`, model: `M${n}` } as const;
        const { key, offset } = keyOf(token, period, cell);
        drawn.push({ key: BigInt(key), offset: BigInt(offset) });
      }
  }
  return drawn;
}

describe('over a large sample', () => {
  const drawn = sample();
  const size = drawn.length;
  /** Five standard deviations of a mean of `size` coins. */
  const tolerance = 5 * 0.5 * Math.sqrt(1 / size);
  const shareOfOnes = (values: readonly bigint[], bit: number) =>
    values.filter((value) => (value >> BigInt(bit)) & 1n).length / values.length;
  const ones = (value: bigint) => value.toString(2).replaceAll('0', '').length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('no two keys and no two offsets are equal', () => {
    expect(new Set(drawn.map(({ key }) => key)).size).toBe(size);
    expect(new Set(drawn.map(({ offset }) => offset)).size).toBe(size);
  });

  test('each of the 53 bits of keys and of the 48 bits of offsets is a fair coin', () => {
    const keys = drawn.map(({ key }) => key);
    const offsets = drawn.map(({ offset }) => offset);
    for (let bit = 0; bit < 53; bit++) expect(Math.abs(shareOfOnes(keys, bit) - 0.5)).toBeLessThan(tolerance);
    for (let bit = 0; bit < 48; bit++) expect(Math.abs(shareOfOnes(offsets, bit) - 0.5)).toBeLessThan(tolerance);
    for (const key of keys) expect(key >> 53n).toBe(0n);
    for (const offset of offsets) expect(offset >> 48n).toBe(0n);
  });

  test('the keys of one site share no more bits than those of two sites, nor do their offsets', () => {
    for (const [apart, what] of [
      [1, 'two cells of one site'],
      [40, 'two periods of one site'],
      [80, 'two sites'],
    ] as const) {
      const pairs = drawn.slice(apart).map((later, i) => [later, drawn[i] as (typeof drawn)[number]] as const);
      const keyDistance = mean(pairs.map(([a, b]) => ones(a.key ^ b.key)));
      const offsetDistance = mean(pairs.map(([a, b]) => ones(a.offset ^ b.offset)));
      expect(Math.abs(keyDistance / 53 - 0.5), what).toBeLessThan(tolerance);
      expect(Math.abs(offsetDistance / 48 - 0.5), what).toBeLessThan(tolerance);
    }
  });

  test('a key tells nothing of its own offset, wherever the bits are laid against each other', () => {
    const low48 = (value: bigint) => value & ((1n << 48n) - 1n);
    for (let shift = 0n; shift <= 5n; shift++) {
      const distance = mean(drawn.map(({ key, offset }) => ones(low48(key >> shift) ^ offset)));
      expect(Math.abs(distance / 48 - 0.5)).toBeLessThan(tolerance);
    }
  });
});

describe('one site more or less', () => {
  /** Reports of one site in one period: each one names with count 0 what an earlier one had and it has not. */
  const histories: fc.Arbitrary<SiteReport[]> = fc
    .record({ token: tokens, platform: platforms, fleets: fc.array(models(40), { minLength: 1, maxLength: 3 }) })
    .map(({ token, platform, fleets }) =>
      fleets.map((fleet, i) => {
        const name = (m: CountedModel) => `${m.view}|${m.category}|${m.vendor}|${m.model}`;
        const present = new Set(fleet.map(name));
        const gone = new Map(
          fleets.slice(0, i).flatMap((earlier) => earlier.map((m) => [name(m), { ...m, count: 0 }])),
        );
        const models = [...fleet, ...[...gone].filter(([cell]) => !present.has(cell)).map(([, m]) => m)];
        return { token, period: PERIOD, sequence: i + 1, platform, models, withdraw: false };
      }),
    );

  /** The answer to a query: what every site adds to each cell. */
  function answer(query: Query, facts: readonly Fact[]): Map<string, number> {
    const cells = new Map<string, number>();
    for (const fact of winners(facts).filter(query.reads))
      cells.set(cellName(fact), (cells.get(cellName(fact)) ?? 0) + query.adds(fact));
    return cells;
  }

  const distanceSquared = (a: Map<string, number>, b: Map<string, number>) =>
    [...new Set([...a.keys(), ...b.keys()])].reduce((sum, cell) => {
      return sum + ((a.get(cell) ?? 0) - (b.get(cell) ?? 0)) ** 2;
    }, 0);

  test('moves every release query by at most its L2 bound', () => {
    fc.assert(
      fc.property(fc.array(histories, { maxLength: 4 }), histories, (others, site) => {
        const without = others.flat().flatMap(breakApart);
        const withIt = [...without, ...site.flatMap(breakApart)];
        for (const query of QUERIES)
          expect(distanceSquared(answer(query, withIt), answer(query, without)), query.name).toBeLessThanOrEqual(
            query.boundSquared,
          );
      }),
      { numRuns: 150 },
    );
  });

  test('moves nothing once it has withdrawn', () => {
    fc.assert(
      fc.property(fc.array(histories, { maxLength: 3 }), histories, (others, site) => {
        const last = site.at(-1) as SiteReport;
        const without = others.flat().flatMap(breakApart);
        const withdrawal = { ...last, sequence: last.sequence + 1, withdraw: true };
        const withIt = [...without, ...[...site, withdrawal].flatMap(breakApart)];
        for (const query of QUERIES)
          expect(distanceSquared(answer(query, withIt), answer(query, without)), query.name).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
