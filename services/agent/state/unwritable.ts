import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../shared/failure.ts';

/** What an owner can do something about, by the code that the system gives. */
const REASONS: Readonly<Record<string, string>> = {
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EEXIST: 'a file is where a folder should be',
  ENOTDIR: 'a file is where a folder should be',
  EIO: 'the disk fails',
};

/** Failure `state-unwritable` that names the file and says why; a Failure of before goes on as it is. */
export function unwritable(file: string, thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure('state-unwritable', { file, why: why(thrown) });
}

/** The same for a file that is there and cannot be read. */
export function unreadable(file: string, thrown: unknown): Failure {
  return new Failure('state-unreadable', { file, why: why(thrown) });
}

function why(thrown: unknown): string {
  const code = String((thrown as NodeJS.ErrnoException).code ?? 'failed');
  return REASONS[code] === undefined ? code : `${code}, ${REASONS[code]}`;
}

/** Throws the same where it can be seen beforehand that nothing can be kept. Looked at, not tried: it leaves nothing on the disk. */
export function mustBeWritable(file: string): void {
  let folder = dirname(file);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}
