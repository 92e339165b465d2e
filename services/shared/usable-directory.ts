import { accessSync, constants, lstatSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from './failure.ts';

/** What a process makes in its data directory: whatever else lies on a volume is somebody else's. */
const OURS =
  /^(installation\.json|rollcall\.pid|admin-key|signing-key\.pem|catalog-mappings\.json|store|log|[0-9]{4}-[0-9]{2})$/;

/**
 * Makes the directory, for this user alone, if it is not there. Throws `data-directory-unusable` with the path, the right
 * that is missing, whose it is and the line that mends it, when this user cannot use it or what a process of ours made in it.
 */
export function requireUsable(directory: string, setting: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    requireRights(directory);
    for (const name of readdirSync(directory)) if (OURS.test(name)) requireRights(join(directory, name));
  } catch (thrown) {
    throw unusable(directory, setting, thrown as NodeJS.ErrnoException);
  }
}

function requireRights(path: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  accessSync(path, lstatSync(path).isDirectory() ? R_OK | W_OK | X_OK : R_OK | W_OK);
}

const NO_RIGHT = ['EACCES', 'EPERM'];

/** In words: what the system said of a path in the directory. */
export function unusable(directory: string, setting: string, thrown: NodeJS.ErrnoException): Failure {
  const cause = thrown.code ?? 'unknown';
  const detail = { [setting]: directory, cause };
  if (!NO_RIGHT.includes(cause)) return new Failure('data-directory-unusable', detail, { cause: thrown });
  const path = thrown.path ?? directory;
  const rights = rightsOf(path, nearest(path).stats, nearest(directory).path);
  return new Failure('data-directory-unusable', { ...detail, ...rights }, { cause: thrown });
}

/** Itself, or the folder above it that it would have to be made in. */
function nearest(path: string): { readonly path: string; readonly stats: Stats | undefined } {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return { path: at, stats: statSync(at) };
    } catch {
      if (at === dirname(at)) return { path: at, stats: undefined };
    }
  }
}

/** `folder`: what is to be given to this user, with everything in it. */
function rightsOf(path: string, stats: Stats | undefined, folder: string): Readonly<Record<string, string>> {
  const [user, group] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  return {
    path,
    needs: 'read and write permission',
    owner: stats ? `${stats.uid}:${stats.gid} mode ${(stats.mode & 0o777).toString(8)}` : 'unknown',
    user: `${user}:${group}`,
    remedy: `chown -R ${user}:${group} ${folder}`,
  };
}
