import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertBudgets, BUDGETS, sizesOf } from '../../services/console/build/budgets.ts';
import { buildConsole } from '../../services/console/build/build-console.ts';
import { readConsoleFiles } from '../../services/console/serve/console-files.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

const FOLDER = join(packageRoot(), 'dist', 'console');

test('what was built is not built again while its sources are the same', async () => {
  const before = readFileSync(join(FOLDER, 'stamp.json'), 'utf8');
  const { made, sizes } = await buildConsole(packageRoot());
  expect(made).toBe(false);
  expect(readFileSync(join(FOLDER, 'stamp.json'), 'utf8')).toBe(before);
  expect(sizes).toEqual(sizesOf(FOLDER));
});

test('the first route is at most 100 KB and everything at most 250 KB; a build above that fails', () => {
  const sizes = sizesOf(FOLDER);
  expect(sizes.first).toBeGreaterThan(20_000);
  expect(sizes.first).toBeLessThan(sizes.all);
  expect(() => assertBudgets(sizes)).not.toThrow();
  expect(BUDGETS).toEqual({ first: 100_000, all: 250_000 });
  expect(() => assertBudgets({ first: 100_001, all: 200_000 })).toThrow('first 100001 of 100000');
  expect(() => assertBudgets({ first: 1, all: 250_001 })).toThrow('all 250001 of 250000');
});

test('every script and style was compressed beforehand, and the font is in no address', () => {
  const files = readConsoleFiles(FOLDER);
  expect(files).toBeDefined();
  for (const [name, { br, gzip, plain }] of files?.assets ?? [])
    if (/\.(?:js|css)$/.test(name) && plain.length > 1_000) {
      expect(br?.length, name).toBeLessThan(plain.length);
      expect(gzip?.length, name).toBeLessThan(plain.length);
      expect(plain.includes('data:font'), name).toBe(false);
    }
  expect([...(files?.assets.keys() ?? [])].filter((name) => name.endsWith('.woff2'))).toHaveLength(1);
});

test('without a build there are no files to serve', () => {
  expect(existsSync(join(FOLDER, 'nowhere'))).toBe(false);
  expect(readConsoleFiles(join(FOLDER, 'nowhere'))).toBeUndefined();
});
