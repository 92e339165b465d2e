import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';

const [NPM_10, NPM_11] = ['10.9.9', '11.21.2'] as const;
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-install-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  for (const name of FILES) copyFileSync(join(packageRoot(), name), join(made, name));
  return made;
}

/** As `npm install` of that version does, but for the packages themselves. */
function install(npm: string, cwd: string): void {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  execFileSync('npx', ['--yes', `npm@${npm}`, 'install', '--package-lock-only', ...quiet], { cwd, stdio: 'pipe' });
}

const contentOf = (directory: string) => FILES.map((name) => readFileSync(join(directory, name), 'utf8'));

test('an install by npm 10, and by npm 11, leaves the files of the project as they are', () => {
  const directory = folder();
  const before = contentOf(directory);
  // As they are afterwards: a second one begins with the same, so that it ends with the same.
  for (const npm of [NPM_10, NPM_11]) {
    install(npm, directory);
    expect([npm, contentOf(directory)]).toEqual([npm, before]);
  }
});

test('which is so by .npmrc alone: without it npm 10 writes anew what npm 11 wrote', () => {
  const directory = folder();
  writeFileSync(join(directory, '.npmrc'), '');
  const before = contentOf(directory);
  install(NPM_10, directory);
  expect(contentOf(directory)).not.toEqual(before);
});
