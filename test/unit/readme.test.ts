import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { execute } from '../../services/cli/rollcall.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

const read = (...names: string[]) => readFileSync(join(packageRoot(), ...names), 'utf8');
const README = read('README.md');
const PAGES = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(packageRoot(), 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

afterEach(() => vi.restoreAllMocks());

test('every command that the README names is one, and has help', async () => {
  const named = [...README.matchAll(/(?:rollcall -- |`rollcall )([a-z][a-z-]*)(?: ([a-z]+)(?= |`|$))?/gm)];
  const commands = new Set(named.map(([, name]) => name as string));
  expect([...commands]).toEqual(expect.arrayContaining(['verify', 'keys', 'close', 'audit', 'ingest']));
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  for (const name of commands) expect([name, await execute([name, '--help'], {})]).toEqual([name, 0]);
});

test('every npm script that a page names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const page of PAGES)
    for (const [, name = ''] of read(page).matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g))
      expect([page, name, name in scripts]).toEqual([page, name, true]);
});

test('every endpoint of its table is served', () => {
  const { paths } = JSON.parse(read('schemas', 'openapi.json')) as { paths: object };
  const known = Object.keys(paths).map((path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`));
  const rows = README.split('\n').filter((line) => /^\| .*`/.test(line) && !line.includes('/devices'));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/(\/[a-z/.A-Z0-9-]+)/g)].map(([path]) => path),
  );
  const own = ['/livez', '/readyz', '/version', '/metrics'];
  const served = named.filter((path) => /^\/(v1|docs|openapi)/.test(path));
  expect(served.length).toBeGreaterThan(15);
  for (const path of served.filter((one) => !own.includes(one)))
    expect([path, known.some((pattern) => pattern.test(path))]).toEqual([path, true]);
});

test('every link of a page leads somewhere', () => {
  for (const page of PAGES)
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g))
      if (!/^https?:/.test(target))
        expect([page, target, existsSync(join(packageRoot(), page, '..', target))]).toEqual([page, target, true]);
});

test('its picture is there, light and dark, as the demo shows itself, and small enough for a telephone', () => {
  const pictures = [...README.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(pictures.toSorted()).toEqual(['docs/overview-dark.png', 'docs/overview-light.png']);
  for (const path of pictures) {
    const bytes = readFileSync(join(packageRoot(), path));
    expect([path, bytes.subarray(1, 4).toString()]).toEqual([path, 'PNG']);
    // Width of its header: as wide as the page that it was taken of.
    expect([path, bytes.readUInt32BE(16)]).toEqual([path, 1280]);
    expect(bytes.length).toBeLessThan(300 * 1024);
  }
});
