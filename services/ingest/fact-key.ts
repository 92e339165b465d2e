import { createCipheriv, hash } from 'node:crypto';
import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { CELL_ID_BYTES, knownCell } from './known-cell.ts';

export interface FactKey {
  /** 53 bits. */
  readonly key: number;
  /** 48 bits, added to the report's sequence to give the version. */
  readonly offset: number;
}

/**
 * The keys of one site's facts: AES-128 of each cell's id under SHA-256(token, period) cut to 128 bits; `key` and `offset`
 * are disjoint bits of the block. AES under a secret key is a pseudorandom permutation and the token has at least 128
 * random bits: without the token nobody can tell which keys belong together. One native call for all cells.
 */
export function factKeys(token: string, period: Period, cells: readonly Cell[]): FactKey[] {
  const ids = Buffer.allocUnsafe(cells.length * CELL_ID_BYTES);
  for (const [i, cell] of cells.entries()) ids.set(knownCell(cell).id, i * CELL_ID_BYTES);
  // NUL is in no token. Each id is one block, and no id is encrypted twice: ECB is the plain permutation that is wanted.
  const siteKey = hash('sha256', `${token}\0${period}`, 'buffer').subarray(0, 16);
  const blocks = createCipheriv('aes-128-ecb', siteKey, null).setAutoPadding(false).update(ids);
  return cells.map((_, i) => factKey(blocks, i * CELL_ID_BYTES));
}

function factKey(blocks: Buffer, at: number): FactKey {
  return {
    key: blocks.readUInt32BE(at) * 2 ** 21 + (blocks.readUInt32BE(at + 4) >>> 11),
    offset: blocks.readUInt32BE(at + 8) * 2 ** 16 + (blocks.readUInt32BE(at + 12) >>> 16),
  };
}
