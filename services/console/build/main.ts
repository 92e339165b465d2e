import { packageRoot } from '../../shared/package-root.ts';
import { buildConsole } from './build-console.ts';

/** What `npm run build` runs after the compiler. */
const { made, sizes } = await buildConsole(packageRoot());
if (made) {
  const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
  process.stderr.write(`console built: first route ${kb(sizes.first)} (of 100), all ${kb(sizes.all)} (of 250), gzip\n`);
}
