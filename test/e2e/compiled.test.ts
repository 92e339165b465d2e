import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const SERVICES = fileURLToPath(new URL('../../dist/services/', import.meta.url));

test('node loads every compiled module of the adapters, as users run it: vitest forgives names that a CommonJS module lacks', () => {
  const folder = join(SERVICES, 'adapters');
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  expect(modules.length).toBeGreaterThan(50);
  const urls = modules.map((name) => pathToFileURL(join(folder, name)).href);
  const load = `for (const url of ${JSON.stringify(urls)}) await import(url).catch((thrown) => { console.log(url, thrown.message); process.exitCode = 1; });`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', load], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '']);
});

test('what `npm run build` compiles is the product: no bench, no test, no support of either', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const listing = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--listFilesOnly'];
  const { stdout } = spawnSync(process.execPath, listing, { cwd: root, encoding: 'utf8' });
  const own = stdout.split('\n').flatMap((line) => (line === '' ? [] : [relative(root, line.trim())]));
  const compiled = own.filter((file) => !file.startsWith('node_modules'));
  expect(compiled.length).toBeGreaterThan(300);
  expect(compiled.filter((file) => !/^(?:schemas|services)\//.test(file))).toEqual([]);
});
