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

  test('keeps a place for the coverage of releases', () => {
    expect(readFileSync(document, 'utf8')).toMatch(/<!-- coverage -->[\s\S]*<!-- \/coverage -->/);
  });
});
