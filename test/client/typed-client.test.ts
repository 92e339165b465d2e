import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';

const HERE = join(packageRoot(), 'test', 'client');
const OPTIONS = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];

test('a typed client made from the API’s document compiles and needs no cast', () => {
  // The generator does not install beside the project's own compiler: it has a folder of its own.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'], { cwd: HERE });
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(HERE, 'node_modules', program), ...args], { cwd: HERE, encoding: 'utf8' });
  run('openapi-typescript/bin/cli.js', join('..', '..', 'schemas', 'openapi.json'), '-o', join('made', 'api.ts'));
  const said = run(
    'typescript/bin/tsc',
    ...OPTIONS,
    '--lib',
    'es2023,dom',
    '--allowImportingTsExtensions',
    'use-client.ts',
  );
  expect(said).toBe('');
});
