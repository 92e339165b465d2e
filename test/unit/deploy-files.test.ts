import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig, SETTING_NAMES } from '../../services/shared/config.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

const PACKAGING = join(packageRoot(), 'services/cli/packaging');
const MANIFESTS = join(PACKAGING, 'kubernetes');
const files = readdirSync(MANIFESTS).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext: object;
  readonly resources: { readonly limits: { readonly memory: string }; readonly requests: { readonly memory: string } };
}
interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}

const resources = files.flatMap((name) =>
  parseAllDocuments(readFileSync(join(MANIFESTS, name), 'utf8')).map((document) => document.toJS() as Resource),
);
const containers = resources
  .filter(({ kind }) => kind === 'Deployment')
  .map(({ spec }) => spec.template.spec.containers[0] as Container);

/** `NAME=value` lines. */
const settings = Object.fromEntries(
  readFileSync(join(MANIFESTS, 'rollcall.env'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
);

const run = (command: string, args: readonly string[]) => spawnSync(command, args, { encoding: 'utf8' });
/** CI puts the package into a place of the project's own. */
const own = join(packageRoot(), '.python', 'bin', 'python3');
const python = existsSync(own) ? own : 'python3';
const validator = run(python, ['-m', 'kubernetes_validate', '--help']).status === 0;

test.skipIf(!validator)(
  'the schemas of Kubernetes take every manifest, strictly (pip install kubernetes-validate==1.36.0)',
  () => {
    const said = run(python, [
      ...['-m', 'kubernetes_validate', '--strict', '-k', '1.36'],
      ...files.map((name) => join(MANIFESTS, name)),
    ]);
    expect([said.stdout + said.stderr, said.status]).toEqual([expect.any(String), 0]);
    const wrong = run(python, [
      '-m',
      'kubernetes_validate',
      '--strict',
      '-k',
      '1.36',
      join(PACKAGING, '../../../docker-compose.yml'),
    ]);
    expect(wrong.status).not.toBe(0);
  },
);

test('every role of the product is deployed, with settings that load', () => {
  expect(containers.map(({ args }) => args[0]).sort()).toEqual(['aggregate', 'api', 'ingest', 'jobs']);
  expect(() => loadConfig(settings)).not.toThrow();
  for (const { env } of containers) for (const { name } of env) expect(SETTING_NAMES).toContain(name);
});

test('a container is nobody on a root that it cannot write, and ingest has neither the admin key nor the signing key', () => {
  for (const one of containers) {
    expect(one.securityContext).toMatchObject({ readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    expect(one.resources.limits.memory).toBe(one.resources.requests.memory);
  }
  const ingest = containers.find(({ args }) => args[0] === 'ingest');
  expect(ingest?.env.map(({ name }) => name)).toEqual(['ROLLCALL_STORE_URL', 'ROLLCALL_MONTH_SECRET']);
});

test('the kustomization names every manifest', () => {
  const text = readFileSync(join(MANIFESTS, 'kustomization.yaml'), 'utf8');
  expect([...(parse(text) as { resources: string[] }).resources].sort()).toEqual([...files].sort());
});

const systemd = run('systemd-analyze', ['--version']).status === 0;

test.skipIf(!systemd)(
  'systemd takes the unit, apart from a program that is not installed here and a key of newer ones',
  () => {
    const said = run('systemd-analyze', ['verify', '--man=no', join(PACKAGING, 'rollcall.service')]);
    const faults = (said.stdout + said.stderr).split('\n').filter((line) => line.includes('rollcall.service'));
    expect(faults.filter((line) => !/is not executable|No such file|Unknown key 'MemoryZSwapMax'/.test(line))).toEqual(
      [],
    );
  },
);
