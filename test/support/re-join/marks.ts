import type { StoredFact } from './at-rest.ts';
import { membersOf } from './members.ts';

export const TWO_32 = 2 ** 32;

/** A number for each fact; facts with near marks are guessed to be of one site. */
export type Mark = (facts: readonly StoredFact[]) => Float64Array;

export const each = (of: (fact: StoredFact, index: number) => number): Mark =>
  remembered((facts) => Float64Array.from(facts, of));

/** Several attacks ask for the same marks of the same facts. */
function remembered(mark: Mark): Mark {
  const known = new WeakMap<readonly StoredFact[], Float64Array>();
  return (facts) => {
    const marks = known.get(facts) ?? mark(facts);
    known.set(facts, marks);
    return marks;
  };
}

export const xor = (a: number, b: number): number =>
  (Math.floor(a / TWO_32) ^ Math.floor(b / TWO_32)) * TWO_32 + ((a ^ b) >>> 0);
const bitsSet = (n: number): number => ones(Math.floor(n / TWO_32)) + ones(n >>> 0);
export function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
function reversed(n: number): number {
  let out = 0;
  for (let i = 0; i < 53; i++) out = out * 2 + (Math.floor(n / 2 ** i) % 2);
  return out;
}

/** Position of a fact among those of its cell by `of`, from 0 to 1. */
const rank = (of: (fact: StoredFact, index: number) => number): Mark =>
  remembered((facts) => {
    const marks = new Float64Array(facts.length);
    for (const members of membersOf(facts, (fact) => fact.cell).values()) {
      members.sort((a, b) => of(facts[a]!, a) - of(facts[b]!, b));
      for (const [r, i] of members.entries()) marks[i] = (r + 0.5) / members.length;
    }
    return marks;
  });

export const MARKS: Readonly<Record<string, Mark>> = {
  version: each((f) => f.version),
  'version, low 8 bits': each((f) => f.version % 2 ** 8),
  'version, low 16 bits': each((f) => f.version % 2 ** 16),
  'version, low 24 bits': each((f) => f.version % 2 ** 24),
  'version, low 32 bits': each((f) => f.version % TWO_32),
  'version, high 16 bits': each((f) => Math.floor(f.version / TWO_32)),
  'version, bits reversed': each((f) => reversed(f.version)),
  'version, bits set': each((f) => bitsSet(f.version)),
  'version mod 1,000,003': each((f) => f.version % 1_000_003),
  'version mod 997': each((f) => f.version % 997),
  key: each((f) => f.key),
  'key, low 5 bits': each((f) => f.key % 32),
  'key, low 16 bits': each((f) => f.key % 2 ** 16),
  'key, low 32 bits': each((f) => f.key % TWO_32),
  'key, bits reversed': each((f) => reversed(f.key)),
  'key, bits set': each((f) => bitsSet(f.key)),
  'key mod 997': each((f) => f.key % 997),
  'version XOR key': each((f) => xor(f.version, f.key)),
  'version XOR key / 32': each((f) => xor(f.version, Math.floor(f.key / 32))),
  'version XOR key, low 16 bits': each((f) => xor(f.version, f.key) % 2 ** 16),
  'version + key': each((f) => f.version + Math.floor(f.key / 2)),
  'version - key': each((f) => f.key - f.version),
  'version / key': each((f) => f.version / (f.key + 1)),
  'place in the table': each((_, i) => i),
  'place in the part mod 64': each((f) => f.partOffset % 64),
  // The table is sorted by key within a cell, so this is the rank of the key as well.
  'place in the cell': rank((_, i) => i),
  'rank of version in the cell': rank((f) => f.version),
};
