import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package-root.ts';
import { MARKER } from './environment.ts';
import { recordsIn } from './record.ts';

/** An environment that is not as it was left. */
export interface Damage {
  readonly directory: string;
  /** What is wrong with it, in a word of ours. */
  readonly what: string;
  /** Whole records that are in its file all the same. */
  readonly readable: number;
}

/** Those of the environments that are damaged. None is opened by this process: LMDB trusts what it reads. */
export function damagesOf(directories: readonly string[]): Damage[] {
  const found = new Map<string, string>();
  for (const directory of directories) {
    const fault = fileFault(directory);
    if (fault !== undefined) found.set(directory, fault);
  }
  const left = directories.filter((directory) => !found.has(directory) && hasData(directory));
  for (const [directory, fault] of probed(left)) found.set(directory, fault);
  return [...found].map(([directory, what]) => ({ directory, what, readable: salvageable(directory).length }));
}

/** Whole records of an environment's file, whatever else is in it: also such as were consumed, which count once. */
export function salvageable(directory: string): Buffer[] {
  const path = join(directory, 'data.mdb');
  return existsSync(path) ? recordsIn(readFileSync(path)) : [];
}

function hasData(directory: string): boolean {
  const path = join(directory, 'data.mdb');
  return existsSync(path) && statSync(path).size > 0;
}

const LEAST_PAGE = 4096;
const MOST_PAGE = 65_536;
const PAGE_SIZE_AT = 0x30;
const MAGIC_AT = 0x18;
const LMDB_MAGIC = 0xbeefc0de;
const TRANSACTION_AT = 0x98;

/** What can be told of the file itself. Of LMDB's two heads the newer counts: where it is gone the older would, silently. */
function fileFault(directory: string): string | undefined {
  if (!hasData(directory)) return existsSync(join(directory, MARKER)) ? 'emptied' : undefined;
  const begin = beginOf(join(directory, 'data.mdb'));
  const page = begin.length < LEAST_PAGE ? LEAST_PAGE : begin.readUInt32LE(PAGE_SIZE_AT);
  if (page < LEAST_PAGE || page > MOST_PAGE) return 'no-environment';
  const heads = [begin.subarray(0, page), begin.subarray(page, 2 * page)];
  if (heads.some((head) => head.length < page || head.readUInt32LE(MAGIC_AT) !== LMDB_MAGIC)) return 'no-environment';
  const [first, second] = heads.map((head) => Number(head.readBigUInt64LE(TRANSACTION_AT))) as [number, number];
  return Math.abs(first - second) > 1 ? 'head-altered' : undefined;
}

function beginOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const begin = Buffer.alloc(2 * MOST_PAGE);
    return begin.subarray(0, readSync(file, begin, 0, begin.length, 0));
  } finally {
    closeSync(file);
  }
}

const PROBE_MS = 10 * 60_000;

/** Has another process read all of them; where it ends before its time, the one that it was at is at fault. */
function probed(directories: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (let from = 0; from < directories.length; ) {
    const lines = outputOf(directories.slice(from));
    for (const line of lines) {
      const { records, damaged, expected } = JSON.parse(line) as Record<'records' | 'damaged' | 'expected', number>;
      if (damaged > 0) found.set(directories[from] as string, 'record-altered');
      else if (records !== expected) found.set(directories[from] as string, 'records-missing');
      from++;
    }
    if (from < directories.length) found.set(directories[from++] as string, 'unreadable');
  }
  return found;
}

function outputOf(directories: readonly string[]): string[] {
  const program = join(packageRoot(), 'dist', 'services', 'adapters', 'lmdb', 'probe.js');
  const { stdout, error } = spawnSync(process.execPath, [program, ...directories], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PROBE_MS,
    env: {},
  });
  if (error) throw error;
  return stdout.split('\n').slice(0, -1);
}
