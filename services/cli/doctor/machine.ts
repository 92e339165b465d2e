import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_FORMAT, readFormat } from '../../shared/data-format.ts';
import { packageRoot, packageVersion } from '../../shared/package-root.ts';
import { bad, type Finding, fine, note, unknown } from './finding.ts';

/** This version, the Node that runs it, and what the system allows a process of this user. */
export function ofMachine(): Finding[] {
  return [fine('rollcall', packageVersion()), ofNode(process.versions.node, leastNode()), ofDescriptors(limits())];
}

function leastNode(): string {
  const { engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  return engines.node.replace(/^\D+/, '');
}

export function ofNode(version: string, least: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return enough ? fine('node', version) : bad('node', version, `Install Node ${least} or newer`);
}

function limits(): string {
  return existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'utf8') : '';
}

/** Connections, parts of the store and files of the log each take a descriptor. */
const FEW = 1_024;

export function ofDescriptors(text: string): Finding {
  const allowed = /^Max open files\s+(\S+)/m.exec(text)?.[1];
  if (allowed === undefined) return unknown('descriptors', 'this system does not say how many');
  if (allowed === 'unlimited' || Number(allowed) >= FEW) return fine('descriptors', allowed);
  return bad('descriptors', `${allowed} files and connections`, `Allow ${FEW} or more: ulimit -n, LimitNOFILE=`);
}

/** The directory itself, what wrote it, and whether it is closed to others. */
export function ofDataDirectory(directory: string): Finding[] {
  const what = `data directory ${directory}`;
  if (!existsSync(directory)) return [note(what, 'not there yet', 'The first start makes it')];
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    const owner = statSync(directory).uid;
    const uid = process.getuid?.() ?? 0;
    return [bad(what, `of user ${owner}, this is user ${uid}`, `chown -R ${uid} ${directory}`)];
  }
  const open = (statSync(directory).mode & 0o077) !== 0;
  return [
    open ? note(what, 'other users may look into it', `chmod 700 ${directory}`) : fine(what, 'this user has it alone'),
    ofFormat(directory),
  ];
}

function ofFormat(directory: string): Finding {
  try {
    const { format, writtenBy } = readFormat(directory);
    const seen = `format ${format}, written by ${writtenBy}; this version writes ${DATA_FORMAT}`;
    if (format > DATA_FORMAT) return bad('data format', seen, `Start version ${writtenBy} or a newer one`);
    return format === DATA_FORMAT ? fine('data format', seen) : note('data format', seen, 'The next start raises it');
  } catch {
    return bad('data format', 'installation.json cannot be read', 'Put it back from a copy');
  }
}

const GB = 1_073_741_824;
/** Below these a start, a merge or a close may not find room. */
const LITTLE = { bytes: GB, share: 0.05 };
const NOTHING = 100 * 1_048_576;

/** The disk of each directory that is there, each once. */
export function ofDisks(directories: readonly string[]): Finding[] {
  const there = directories.filter((directory) => existsSync(directory));
  const disks = new Map(there.map((directory) => [statSync(directory).dev, directory]));
  return [...disks.values()].map(ofDisk);
}

function ofDisk(directory: string): Finding {
  const { bavail, bsize, blocks } = statfsSync(directory);
  return ofSpace(`disk of ${directory}`, bavail * bsize, blocks * bsize);
}

export function ofSpace(what: string, free: number, whole = 0): Finding {
  const seen = `${(free / GB).toFixed(1)}${whole > 0 ? ` of ${(whole / GB).toFixed(1)}` : ''} GB free`;
  if (free < NOTHING) return bad(what, seen, 'Make room now: reports are answered 503 until there is some');
  if (free < LITTLE.bytes || free < LITTLE.share * whole) return note(what, seen, 'Make room before it is full');
  return fine(what, seen);
}
