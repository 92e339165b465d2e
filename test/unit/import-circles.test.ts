import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-circles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm run check` says of a made-up tree, by the product's own settings. */
function lint(name: string, files: Readonly<Record<string, string>>): { code: number | null; output: string } {
  const root = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const settings = JSON.parse(readFileSync(join(packageRoot(), 'biome.json'), 'utf8')) as object;
  writeFileSync(join(root, 'biome.json'), JSON.stringify({ ...settings, vcs: { enabled: false } }));
  const biome = join(packageRoot(), 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', '.'], { cwd: root, encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

/** Three files of which each needs the next, and the last `back`. */
const files = (back: string) => ({
  'services/core/a.ts': `import type { B } from './b.ts';\n\nexport type A = B | 1;\n`,
  'services/core/b.ts': `import type { C } from '../shared/c.ts';\n\nexport type B = C | 2;\n`,
  'services/shared/c.ts': `import type { A } from '${back}';\n\nexport type C = A | 3;\n`,
  'services/shared/d.ts': 'export type A = 4;\n',
});

test('imports that go in a circle are refused, also where they are of types alone', () => {
  const { code, output } = lint('circle', files('../core/a.ts'));
  expect(output).toContain('lint/suspicious/noImportCycles');
  expect(code).toBe(1);
});

test('the same files without the last import are not', () => {
  expect(lint('line', files('./d.ts')).code).toBe(0);
});
