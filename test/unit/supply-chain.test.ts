import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const read = (...names: string[]) => readFileSync(join(packageRoot(), ...names), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
/** By the path that each is installed at. */
const packages = Object.entries(lock.packages).filter(([path]) => path.startsWith('node_modules/'));
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

/** What may run when packages are installed, and why. Whatever is not here fails this test. */
const INSTALL_SCRIPTS: Readonly<Record<string, string>> = {
  chdb: 'looks for the engine, which comes as a package of its own (optional: the embedded store)',
  lmdb: 'compiles its addon where the registry has no built one for the machine',
  'msgpackr-extract': 'the same, for a faster reading of job payloads (optional: bullmq)',
};

/** Of what is shipped. None of them asks for more than its text, which stays in the packages. */
const LICENSES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];
/** Of what only builds and tests: fonts and a parser for CSS go into the console as they are. */
const LICENSES_OF_TOOLS = [
  ...LICENSES,
  'MPL-2.0',
  'OFL-1.1',
  'Unlicense',
  'MIT OR Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
];

/** Platform packages that npm leaves out here are in the lock file by name and version only. */
const isComplete = ({ integrity }: Locked) => integrity !== undefined;

test('nothing runs at an install but what is named, each with its reason', () => {
  const scripts = packages.filter(([, one]) => one.hasInstallScript).map(([path]) => nameOf(path));
  expect([...new Set(scripts)].sort()).toEqual(Object.keys(INSTALL_SCRIPTS).sort());
});

test('every package has a licence that is allowed where it goes', () => {
  const odd = packages.filter(([, one]) => {
    const allowed = one.dev ? LICENSES_OF_TOOLS : LICENSES;
    return isComplete(one) && !allowed.includes(one.license ?? 'none');
  });
  expect(odd.map(([path, one]) => [nameOf(path), one.license])).toEqual([]);
  expect(packages.filter(([, one]) => isComplete(one)).length).toBeGreaterThan(200);
});

test('every package is of the registry, by its digest, and what we name we name exactly', () => {
  for (const [path, one] of packages) {
    if (!isComplete(one)) expect([path, one.optional]).toEqual([path, true]);
    else expect(one.integrity).toMatch(/^sha512-/);
    if (one.resolved !== undefined) expect(new URL(one.resolved).protocol).toBe('https:');
  }
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
});

const DEVELOPMENT = 'cdx:npm:package:development';

test('the bill of materials lists what is shipped, and marks what only builds and tests', () => {
  // Not with --omit=dev: npm then leaves out what a tool wants too, such as zod.
  const made = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
    cwd: packageRoot(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { bomFormat, components } = JSON.parse(made.stdout) as {
    bomFormat: string;
    components: { name: string; purl: string; properties?: { name: string; value: string }[] }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['fastify', 'lmdb', 'kafkajs', 'bullmq', 'zod']));
  for (const { purl } of components) expect(purl).toMatch(/^pkg:npm\//);
  const tools = components.filter(({ properties = [] }) => properties.some(({ name }) => name === DEVELOPMENT));
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['vitest', 'typescript']));
  expect(tools.map(({ name }) => name)).not.toContain('fastify');
});

test('every threat names a test, and every test that is named is there', () => {
  const rows = read('docs', 'threat-model.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const tests = [...row.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path]) => path as string);
    expect([row, tests.length > 0]).toEqual([row, true]);
    for (const path of tests) expect([path, existsSync(join(packageRoot(), path))]).toEqual([path, true]);
  }
});
