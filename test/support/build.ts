import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { folderInMemory } from './suites/folder-in-memory.ts';

/**
 * Tests that start the product as a process run what users run: the compiled program in its few files, and the built console. Some of
 * their own servers run compiled too. Their temporary folders are in memory where there is enough of it.
 */
export default function build(): (() => void) | undefined {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const run = (...args: string[]) => execFileSync('node', args, { cwd: root, stdio: 'inherit' });
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.tools.json');
  run('dist/services/cli/build/main.js');
  const folder = folderInMemory();
  if (folder === undefined) return undefined;
  // Workers and what they start are given this process's environment.
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
