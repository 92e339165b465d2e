import { createCipheriv, hash } from 'node:crypto';
import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { MAX_TOKEN_LENGTH } from '../../schemas/token.ts';
import { CELL_ID_BYTES, knownCell } from './known-cell.ts';

export interface FactKey {
  /** 53 bits. */
  readonly key: number;
  /** 48 bits, added to the report's sequence to give the version. */
  readonly offset: number;
}

const SITE_KEY_BYTES = 16;
const PERIOD_LENGTH = '2026-11'.length;

/**
 * The keys of one site's facts: AES-128 of each cell's id under SHA-256(token, period) cut to 128 bits; `key` and `offset`
 * are disjoint bits of the block. AES under a secret key is a pseudorandom permutation and the token has at least 128
 * random bits: without the token nobody can tell which keys belong together. One native call for all cells.
 */
export function factKeys(token: Uint8Array, period: Period, cells: readonly Cell[]): FactKey[] {
  const ids = Buffer.allocUnsafe(cells.length * CELL_ID_BYTES);
  for (const [i, cell] of cells.entries()) ids.set(knownCell(cell).id, i * CELL_ID_BYTES);
  const siteKey = siteKeyOf(token, period);
  // Each id is one block, and no id is encrypted twice: ECB is the plain permutation that is wanted.
  const cipher = createCipheriv('aes-128-ecb', siteKey, null).setAutoPadding(false);
  const blocks = cipher.update(ids);
  // Ends the cipher now: its copy of the key would wait for the garbage collector.
  cipher.final();
  siteKey.fill(0);
  return cells.map((_, i) => factKey(blocks, i * CELL_ID_BYTES));
}

/**
 * What the site's key is the hash of. One place outside the engine's heap: the engine keeps a small array inside, and
 * leaves copies wherever it moves it to.
 */
const MESSAGE = Buffer.allocUnsafeSlow(MAX_TOKEN_LENGTH + 1 + PERIOD_LENGTH);

/** For the caller to overwrite: whoever has it can join the site's facts. */
function siteKeyOf(token: Uint8Array, period: Period): Buffer {
  const length = token.length + 1 + PERIOD_LENGTH;
  if (length > MESSAGE.length) throw new RangeError('longer than any token');
  MESSAGE.set(token);
  // NUL is in no token.
  MESSAGE[token.length] = 0;
  MESSAGE.write(period, token.length + 1, 'latin1');
  const digest = hash('sha256', MESSAGE.subarray(0, length), 'buffer');
  MESSAGE.fill(0);
  return digest.fill(0, SITE_KEY_BYTES).subarray(0, SITE_KEY_BYTES);
}

function factKey(blocks: Buffer, at: number): FactKey {
  return {
    key: blocks.readUInt32BE(at) * 2 ** 21 + (blocks.readUInt32BE(at + 4) >>> 11),
    offset: blocks.readUInt32BE(at + 8) * 2 ** 16 + (blocks.readUInt32BE(at + 12) >>> 16),
  };
}
