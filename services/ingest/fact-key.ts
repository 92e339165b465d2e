import { hash as digestOf } from 'node:crypto';
import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { knownCell } from './known-cell.ts';
import { sipHash128 } from './sip-hash.ts';

export interface FactKey {
  /** 53 bits. */
  readonly key: number;
  /** 48 bits, added to the report's sequence to give the version. */
  readonly offset: number;
}

/**
 * The keys of one site's facts in a period: SipHash-2-4-128 of the cell under SHA-256(token, period) cut to 128 bits;
 * `key` and `offset` are disjoint bits of it. SipHash is a keyed PRF, and the token has at least 128 random bits: without
 * the token nobody can tell which keys belong together.
 */
export function factKeys(token: string, period: Period): (cell: Cell) => FactKey {
  const digest = digestOf('sha256', `${token}\0${period}`, 'buffer');
  const siteKey = Int32Array.of(0, 0, 0, 0).map((_, i) => digest.readInt32LE(i * 4));
  const hash = new Int32Array(4);
  return (cell) => {
    sipHash128(siteKey, knownCell(cell).message, hash);
    const [a = 0, b = 0, c = 0, d = 0] = hash;
    return { key: (a >>> 0) * 2 ** 21 + (b >>> 11), offset: (c >>> 0) * 2 ** 16 + (d >>> 16) };
  };
}
