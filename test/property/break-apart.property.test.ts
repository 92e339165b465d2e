import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Cell, type Fact, VIEWS, type View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { breakApart, type SiteReport } from '../../services/ingest/break-apart.ts';
import { type FactKey, factKeys } from '../../services/ingest/fact-key.ts';
import type { CountedModel } from '../../services/ingest/identify-lines.ts';
import { fc } from '../support/fast-check.ts';
import { reportedModels } from '../support/reported-models.ts';
import { DEVICE_VIEWS, VIEW_COLUMNS } from '../support/view-columns.ts';

const PERIOD = parsePeriod('2026-11');

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

  test('holds nothing but cell, key, count and version', () => {
    fc.assert(
      fc.property(siteReports(10), (site) => {
        const columns = ['category', 'count', 'key', 'model', 'platform', 'vendor', 'version', 'view'];
        for (const fact of breakApart(site)) expect(Object.keys(fact).sort()).toEqual(columns);
        expect(JSON.stringify(breakApart(site))).not.toContain(Buffer.from(site.token).toString());
      }),
      { numRuns: 50 },
    );
  });
});

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
        for (const fact of withdrawn) expect(fact).toMatchObject({ count: 0 });
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
    .map((fact) => `${cellName(fact)}|${fact.key}|${fact.count}`)
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
