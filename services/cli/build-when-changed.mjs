// Compiles the program when a source is newer than the last build, and otherwise costs a few milliseconds: every
// command of the command line goes through here. With `--anew` it compiles in any case.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stamp = join(root, 'dist', '.built');
const SOURCES = ['schemas', 'services', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** When anything at the path changed last; of a folder also when a name in it came or went. */
function newest(path) {
  const stat = statSync(path);
  const within = stat.isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : [];
  return Math.max(stat.mtimeMs, ...within);
}

const changed = Math.max(...SOURCES.map((name) => newest(join(root, name))));
const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const anew = process.argv.includes('--anew');
if (anew || changed > built) {
  if (!anew) process.stderr.write('Rollcall is compiled, as its sources changed: a few seconds.\n');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const rest = join(root, 'dist', 'services', 'cli', 'build', 'main.js');
  const made = spawnSync(process.execPath, [rest], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (made.status !== 0) process.exit(made.status ?? 1);
  writeFileSync(stamp, '');
  // Sources that were written while it compiled are newer. A time in seconds is rounded, down as well: two milliseconds more.
  const builtAt = (Math.ceil(changed) + 2) / 1000;
  utimesSync(stamp, builtAt, builtAt);
}
