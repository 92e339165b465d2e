import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FoundFacts {
  /** Facts of which the key was found. */
  readonly facts: number;
  /** Bytes in which keys stand, each place counted. */
  readonly bytes: number;
}

/**
 * Reads every byte below the directory and looks for the keys of facts: as the store writes them (eight bytes, little
 * endian, which are random enough that no compression changes them) and as the log does (digits). A fact without its
 * key is a name and a count that many sites share.
 */
export function factsOnDisk(directory: string, keys: readonly number[]): FoundFacts {
  const found = new Set<number>();
  let bytes = 0;
  findKeys(directory, keys, (key, length) => {
    found.add(key);
    bytes += length;
  });
  return { facts: found.size, bytes };
}

/** Calls `met` for every place where one of the keys stands, with its length in bytes and its file. */
export function findKeys(
  directory: string,
  keys: readonly number[],
  met: (key: number, length: number, path: string) => void,
): void {
  const wanted = new Set(keys);
  const begins = beginningsOf(keys);
  for (const { path, content } of filesBelow(directory)) {
    const meet = (key: number, length: number) => {
      if (wanted.has(key)) met(key, length, path);
    };
    for (let at = 0; at + KEY_BYTES <= content.length; at++)
      if (begins[first24(content, at)])
        meet(content.readUInt32LE(at + 4) * 2 ** 32 + content.readUInt32LE(at), KEY_BYTES);
    for (const [digits] of content.toString('latin1').matchAll(/[0-9]{6,16}/g)) meet(Number(digits), digits.length);
  }
}

const KEY_BYTES = 8;

/** Which 24 bits a key may begin with: few places have to be looked at twice. */
function beginningsOf(keys: readonly number[]): Uint8Array {
  const begins = new Uint8Array(2 ** 24);
  for (const key of keys) begins[key % 2 ** 24] = 1;
  return begins;
}

function first24(content: Buffer, at: number): number {
  return (content[at] as number) | ((content[at + 1] as number) << 8) | ((content[at + 2] as number) << 16);
}

/** Of a store that runs: what goes away meanwhile is none. */
function* filesBelow(directory: string): Generator<{ path: string; content: Buffer }> {
  for (const entry of unlessGone(() => readdirSync(directory, { withFileTypes: true })) ?? []) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    const content = entry.isFile() ? unlessGone(() => readFileSync(path)) : undefined;
    if (content) yield { path, content };
  }
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
