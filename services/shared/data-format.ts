import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Failure } from './failure.ts';
import { packageVersion } from './package-root.ts';
import { writeWhole } from './whole-file.ts';

/**
 * The form of a data directory. Raised by a build that writes what earlier ones would misread or not see; a new table
 * or column is the store's own matter and a migration there. 1: as version 0.1.0 wrote it. 2: the log of a month is
 * several environments, each deleted when it is drained. 3: each record of it has a checksum.
 */
export const DATA_FORMAT = 3;

const FILE = 'installation.json';

/** Whatever later formats add, these two stay: by them an older build knows what it cannot read. */
const Marker = z.object({ format: z.int().min(1), writtenBy: z.string() });
type Marker = z.infer<typeof Marker>;

/** Version 0.1.0 wrote no marker. */
const UNMARKED: Marker = { format: 1, writtenBy: '0.1.0' };

/**
 * Marks the directory, which is there and locked, as one of this build's format. Throws `data-from-newer-version` for
 * one of a later format, which it leaves alone, and `data-format-unreadable`. To be called before anything in the
 * directory is read or migrated: what a newer build has begun to change is no longer an older one's.
 */
export function claimFormat(directory: string, known = DATA_FORMAT): void {
  const path = join(directory, FILE);
  const marker = readMarker(path);
  const { format, writtenBy } = marker ?? UNMARKED;
  if (format > known) throw fromNewerVersion(writtenBy, { format, known });
  if (marker && format === known) return;
  const text = `${JSON.stringify({ format: known, writtenBy: packageVersion() } satisfies Marker)}\n`;
  writeWhole(path, text);
}

/** What a data directory, which is there, says of itself. Throws `data-format-unreadable`. Changes nothing. */
export function readFormat(directory: string): { readonly format: number; readonly writtenBy: string } {
  return readMarker(join(directory, FILE)) ?? UNMARKED;
}

/** For data that this build does not know: `writtenBy` is told when it is a version. */
export function fromNewerVersion(writtenBy: unknown, detail: Readonly<Record<string, number>>): Failure {
  const version =
    typeof writtenBy === 'string' && /^[0-9][0-9A-Za-z.+-]{0,31}$/.test(writtenBy) ? writtenBy : 'unknown';
  return new Failure('data-from-newer-version', { writtenBy: version, ...detail });
}

function readMarker(path: string): Marker | undefined {
  try {
    return Marker.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure('data-format-unreadable');
  }
}
