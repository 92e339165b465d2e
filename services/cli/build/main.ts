import { buildConsole } from '../../console/build/build-console.ts';
import { packageRoot } from '../../shared/package-root.ts';
import { buildProgram } from './build-program.ts';

/** What is made of what the compiler wrote: the console, and the program in few files. */
const root = packageRoot();
const [{ made, sizes }] = await Promise.all([buildConsole(root), buildProgram(root)]);
if (made) {
  const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
  process.stderr.write(`console built: first route ${kb(sizes.first)} (of 100), all ${kb(sizes.all)} (of 250), gzip\n`);
}
