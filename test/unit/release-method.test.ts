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

  const reached = (fleet: string) => now.filter(([sites]) => sites === fleet).map((row) => share(row[4]));
  const average = (shares: readonly number[]) => shares.reduce((sum, one) => sum + one, 0) / shares.length;

  test('reach, of pairs of a site and a model, 60 of 100 at 2,000 sites and 95 at 20,000, over the three tails; what falls short is said', () => {
    expect(average(reached('2,000'))).toBeGreaterThanOrEqual(60);
    expect(average(reached('20,000'))).toBeGreaterThanOrEqual(95);
    const short = /\*\*What falls short\.\*\*[\s\S]*?\n\n/
      .exec(readFileSync(document, 'utf8'))?.[0]
      .replace(/\s+/g, ' ');
    const [least, most] = [Math.min(...reached('5,000')), Math.max(...reached('5,000'))];
    expect(short).toContain(
      `(${average(reached('2,000')).toFixed(0)} %) and not with the longest (${Math.min(...reached('2,000')).toFixed(0)} %)`,
    );
    expect(short).toContain(
      `of 5,000 ${average(reached('5,000')).toFixed(0)} % instead of 80 (${least.toFixed(0)} to ${most.toFixed(0)})`,
    );
  });

  test('hold what their labels name within 94 of 100 margins and more, of each fleet and each query', () => {
    const within = measured('within margin');
    expect(within.map(([query]) => query)).toEqual(expect.arrayContaining(['all', 'all phones', 'phone_model phones']));
    expect(within).toHaveLength(15);
    const cells = within.flatMap(([query = '', ...fleets]) =>
      fleets
        .filter((cell) => cell !== '-')
        .map((cell) => ({ query, cell, of: Number(/of ([0-9,]+)$/.exec(cell)?.[1]?.replaceAll(',', '')) })),
    );
    expect(cells.filter(({ of }) => of >= 200).length).toBeGreaterThan(35);
    // Of few numbers the share is known that well only: three standard errors.
    const leastOf = (of: number) => (of >= 200 ? 94 : 94 - 300 * Math.sqrt((0.94 * 0.06) / of));
    for (const { query, cell, of } of cells)
      expect(share(cell), `${query}: ${cell}`).toBeGreaterThanOrEqual(leastOf(of));
  });

  test('have arrows in one still month of twenty at most, one false in twenty at most, and find moves of a fifth', () => {
    const [, , still, wrong, found] = measured('sites | releases').find(
      ([sites, releases]) => sites === '**all**' && releases === 'now',
    ) as string[];
    const [withArrows = 0, months = 0] = (/\((\d+) of (\d+)\)/.exec(still ?? '') ?? []).slice(1).map(Number);
    expect(months).toBeGreaterThan(100);
    // One of twenty by expectation, as well as so many months tell.
    expect(withArrows).toBeLessThanOrEqual(0.05 * months + 2 * Math.sqrt(0.05 * 0.95 * months));
    expect(share(wrong)).toBeLessThanOrEqual(5);
    expect(share(found)).toBeGreaterThanOrEqual(75);
  });
});
