import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scaleText } from '../../bench/scale.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

const read = (...path: string[]) => readFileSync(join(packageRoot(), ...path), 'utf8');

test("docs/scale.md is what follows from the bench's last table", () => {
  expect(read('docs', 'scale.md')).toBe(scaleText(read('bench', 'README.md')));
});

test('of a table in which a number is missing nothing follows', () => {
  const table = read('bench', 'README.md');
  expect(() => scaleText(table.replace(/^\| 2 \|.*$/gm, ''))).toThrow('µs a report');
});
