import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests that start the product as a process run what users run: the compiled program. Some of their own servers run compiled too. */
export default function build(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tools.json'], {
    cwd: root,
    stdio: 'inherit',
  });
}
