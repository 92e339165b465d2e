import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { listedNames } from '../../services/identify/listed-names.ts';
import { lengths } from '../../services/releases/numbers/gate.ts';
import { listedCells } from '../../services/releases/numbers/listed-cells.ts';
import { methodTables, withMethodTables } from '../../services/releases/numbers/method.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const document = new URL('../../services/releases/METHOD.md', import.meta.url);

const LISTED = lengths(listedCells(listedNames(loadCatalog(), [], parsePeriod('2026-12'))));

describe('METHOD.md', () => {
  // To write them again: npx vitest run --update=all test/unit/release-method.test.ts
  test('holds the tables as the code makes them', async () => {
    await expect(withMethodTables(readFileSync(document, 'utf8'), LISTED)).toMatchFileSnapshot(fileURLToPath(document));
  });

  test('is filled in at its marks, again and again, and nothing else of it changes', () => {
    const empty =
      'a\n<!-- queries -->\n<!-- /queries -->\nb<!-- claims --><!-- /claims -->\n<!-- gates -->\nold\n<!-- /gates -->c';
    const { queries, claims, gates } = methodTables(LISTED);
    const full = withMethodTables(empty, LISTED);
    expect(full).toBe(
      `a\n<!-- queries -->\n${queries}\n<!-- /queries -->\nb<!-- claims -->\n${claims}\n<!-- /claims -->\n<!-- gates -->\n${gates}\n<!-- /gates -->c`,
    );
    expect(withMethodTables(full, LISTED)).toBe(full);
  });

  test('without a place for a table is refused', () => {
    expect(() => withMethodTables('# How', LISTED)).toThrow('no place for');
  });

  test('quotes the figures of the specification', () => {
    const { queries, claims } = methodTables(LISTED);
    expect(queries).toContain('(limit 0.25)');
    expect(queries).toContain('| phones by model | 767 |');
    expect(claims).toContain('| one token, one month, whatever its agent sends |');
  });
});

/** Rows of the table whose first heading is named, as METHOD.md has it. `node dist/bench/release-coverage.js` prints them. */
function measured(heading: string): string[][] {
  const [, tables = ''] = /<!-- coverage -->\n([\s\S]*)<!-- \/coverage -->/.exec(readFileSync(document, 'utf8')) ?? [];
  const table = tables.split(/\n\n+/).find((one) => one.startsWith(`| ${heading} |`)) ?? '';
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const share = (cell = '') => Number(/(-?[0-9.]+) %/.exec(cell)?.[1]);

describe('the releases that METHOD.md has measured', () => {
  const coverage = measured('sites | tail');
  const now = coverage.filter(([, , releases]) => releases?.startsWith('now'));

  test('are of six fleets with three tails, each beside those of before', () => {
    const fleets = ['300', '1,000', '2,000', '5,000', '20,000', '100,000'];
    const expected = fleets.flatMap((sites) => ['0.8', '1', '1.2'].map((tail) => [sites, tail]));
    expect(now.map(([sites, tail]) => [sites, tail])).toEqual(expected);
    const before = coverage.filter(([, , releases]) => releases === 'before');
    expect(before.map(([sites, tail]) => [sites, tail])).toEqual(expected);
  });

  test.each([
    ['2,000', 60],
    ['5,000', 80],
    ['20,000', 95],
  ])('reach, in a fleet of %s sites, %d of 100 pairs of a site and a model', (fleet, least) => {
    const reached = now.filter(([sites]) => sites === fleet).map((row) => share(row[4]));
    expect(reached).toHaveLength(3);
    for (const one of reached) expect(one).toBeGreaterThanOrEqual(least);
  });

  test('hold what their labels name within 94 of 100 margins and more, of each fleet and each query', () => {
    const within = measured('within margin');
    expect(within.map(([query]) => query)).toEqual(expect.arrayContaining(['all', 'all phones', 'phone_model phones']));
    expect(within).toHaveLength(15);
    const shares = within.flatMap(([query, ...fleets]) =>
      fleets.filter((cell) => cell !== '-').map((cell) => [query, share(cell)] as const),
    );
    expect(shares.length).toBeGreaterThan(70);
    for (const [query, one] of shares) expect(one, query).toBeGreaterThanOrEqual(94);
  });

  test('have arrows in one still month of twenty at most, one false in twenty at most, and find moves of a fifth', () => {
    const [, , still, wrong, found] = measured('sites | releases').find(
      ([sites, releases]) => sites === '**all**' && releases === 'now',
    ) as string[];
    expect(share(still)).toBeLessThanOrEqual(5);
    expect(share(wrong)).toBeLessThanOrEqual(5);
    expect(share(found)).toBeGreaterThanOrEqual(75);
  });
});
