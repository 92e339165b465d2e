import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Tests that start the product as a process run what users run: the compiled program in its few files, and the built console. Some of
 * their own servers run compiled too.
 */
export default function build(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const run = (...args: string[]) => execFileSync('node', args, { cwd: root, stdio: 'inherit' });
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.tools.json');
  run('dist/services/cli/build/main.js');
}
