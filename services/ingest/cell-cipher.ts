import { createCipheriv } from 'node:crypto';
import { CELL_ID_BYTES, type KnownCell } from './known-cell.ts';

/**
 * AES-128 of ids of 16 bytes each, one behind the other. Under a secret key that is a pseudorandom permutation: without the
 * key nobody can tell which blocks belong together. One native call for all ids of a site.
 */
export function encrypted(ids: Uint8Array, secret: Uint8Array): Buffer {
  // Each id is one block, and no id is encrypted twice under one secret: ECB is the plain permutation that is wanted.
  const cipher = createCipheriv('aes-128-ecb', secret, null).setAutoPadding(false);
  const blocks = cipher.update(ids);
  // Ends the cipher now: its copy of the secret would wait for the garbage collector.
  cipher.final();
  return blocks;
}

/** Room for the ids of one site at a time: a report gives rarely more. */
let room = Buffer.allocUnsafeSlow(256 * CELL_ID_BYTES);

/** The ids of the cells from `from` on, laid behind one another: valid until the next call. */
export function idsOf(cells: readonly KnownCell[], from = 0): Uint8Array {
  const length = (cells.length - from) * CELL_ID_BYTES;
  if (length > room.length) room = Buffer.allocUnsafeSlow(length);
  for (let i = from; i < cells.length; i++) room.set((cells[i] as KnownCell).id, (i - from) * CELL_ID_BYTES);
  return room.subarray(0, length);
}

/** The first 53 bits of block `i`: a safe integer, and what things are named by. */
export function keyIn(blocks: Buffer, i: number): number {
  const at = i * CELL_ID_BYTES;
  return blocks.readUInt32BE(at) * 2 ** 21 + (blocks.readUInt32BE(at + 4) >>> 11);
}

/** 48 bits of block `i` that its key does not have: added to a report's sequence they give a version. */
export function offsetIn(blocks: Buffer, i: number): number {
  const at = i * CELL_ID_BYTES;
  return blocks.readUInt32BE(at + 8) * 2 ** 16 + (blocks.readUInt32BE(at + 12) >>> 16);
}
