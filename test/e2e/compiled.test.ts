import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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
