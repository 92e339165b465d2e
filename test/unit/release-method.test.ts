import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { methodTables, withMethodTables } from '../../services/releases/numbers/method.ts';

const document = new URL('../../services/releases/METHOD.md', import.meta.url);

describe('METHOD.md', () => {
  // To write them again: npx vitest run --update=all test/unit/release-method.test.ts
  test('holds the tables as the code makes them', async () => {
    await expect(withMethodTables(readFileSync(document, 'utf8'))).toMatchFileSnapshot(fileURLToPath(document));
  });

  test('is filled in at its marks, again and again, and nothing else of it changes', () => {
    const empty =
      'a\n<!-- queries -->\n<!-- /queries -->\nb<!-- claims --><!-- /claims -->\n<!-- gates -->\nold\n<!-- /gates -->c';
    const { queries, claims, gates } = methodTables();
    const full = withMethodTables(empty);
    expect(full).toBe(
      `a\n<!-- queries -->\n${queries}\n<!-- /queries -->\nb<!-- claims -->\n${claims}\n<!-- /claims -->\n<!-- gates -->\n${gates}\n<!-- /gates -->c`,
    );
    expect(withMethodTables(full)).toBe(full);
  });

  test('without a place for a table is refused', () => {
    expect(() => withMethodTables('# How')).toThrow('no place for');
  });

  test('quotes the figures of the specification', () => {
    const { queries, claims } = methodTables();
    expect(queries).toContain('0.245625** (limit 0.25)');
    expect(queries).toContain('| phones by model | 20000 | 160000 | 400.0 | 0.0625 |');
    for (const figure of ['3.51', '14.8', '5.17', '7.69']) expect(claims).toContain(`| ${figure} |`);
  });

  test('keeps a place for the coverage of releases', () => {
    expect(readFileSync(document, 'utf8')).toMatch(/<!-- coverage -->[\s\S]*<!-- \/coverage -->/);
  });
});
