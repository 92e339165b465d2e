import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { UsageError } from '../command.ts';

/**
 * The bytes of a file that somebody else gave: a regular one of at most `mostBytes`, so that reading it comes to an end.
 * Opening does not wait for whoever writes into a pipe.
 */
export function readRegular(path: string, mostBytes: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new UsageError(`${path}: not a regular file`);
    if (stats.size > mostBytes)
      throw new UsageError(`${path}: of ${stats.size} bytes; no such file has over ${mostBytes}`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
