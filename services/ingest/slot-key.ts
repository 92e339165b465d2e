import { createCipheriv, hash } from 'node:crypto';
import type { Period } from '../../schemas/period.ts';
import { LANES, type Lane } from '../../schemas/slot.ts';
import { MAX_TOKEN_LENGTH } from '../../schemas/token.ts';
import { SLOTS } from '../core/lanes.ts';
import { CELL_ID_BYTES } from './known-cell.ts';

/** The two secrets that a site's slots are named by, both of its token and neither that of its facts. */
export interface SlotSecrets {
  readonly ofSlots: Uint8Array;
  readonly ofCells: Uint8Array;
}

const SECRET_BYTES = 16;
const PERIOD_LENGTH = '2026-11'.length;
const WORD = '\0slots';

/** What the secrets are the hash of, outside the engine's heap: see {@link ./fact-key.ts}. */
const MESSAGE = Buffer.allocUnsafeSlow(MAX_TOKEN_LENGTH + 1 + PERIOD_LENGTH + WORD.length);

/**
 * SHA-512(token, period, a word that no fact's key is made with), in two; for the caller to overwrite, as both are of one
 * buffer. NUL is in no token.
 */
export function slotSecrets(token: Uint8Array, period: Period): SlotSecrets {
  const length = token.length + 1 + PERIOD_LENGTH + WORD.length;
  if (length > MESSAGE.length) throw new RangeError('longer than any token');
  MESSAGE.set(token);
  MESSAGE[token.length] = 0;
  MESSAGE.write(period + WORD, token.length + 1, 'latin1');
  const bits = hash('sha512', MESSAGE.subarray(0, length), 'buffer').fill(0, 2 * SECRET_BYTES);
  MESSAGE.fill(0);
  return { ofSlots: bits.subarray(0, SECRET_BYTES), ofCells: bits.subarray(SECRET_BYTES, 2 * SECRET_BYTES) };
}

/** No site's slots can be joined with what is left of the secrets. */
export function forgetSecrets({ ofSlots, ofCells }: SlotSecrets): void {
  ofSlots.fill(0);
  ofCells.fill(0);
}

export interface SlotKey {
  /** 53 bits. */
  readonly key: number;
  /** 48 bits, added to the report's sequence to give the version. */
  readonly offset: number;
}

/** A name for each slot of each lane, in the order of the lanes: one block each. */
const SLOT_IDS = Buffer.concat(
  LANES.flatMap((lane) =>
    Array.from({ length: SLOTS[lane] }, (_, i) =>
      hash('sha256', `slot\0${lane}\0${i}`, 'buffer').subarray(0, CELL_ID_BYTES),
    ),
  ),
);

/** The keys of all 24 slots of a site, by lane: AES-128 of each slot's name, as {@link ./fact-key.ts} of each cell's. */
export function slotKeys({ ofSlots }: SlotSecrets): ReadonlyMap<Lane, readonly SlotKey[]> {
  const blocks = encrypted(SLOT_IDS, ofSlots);
  let at = 0;
  const next = (): SlotKey => {
    const [key, offset] = [first53(blocks, at), blocks.readUInt32BE(at + 8) * 2 ** 16 + blocks.readUInt16BE(at + 12)];
    at += CELL_ID_BYTES;
    return { key, offset };
  };
  return new Map(LANES.map((lane) => [lane, Array.from({ length: SLOTS[lane] }, next)]));
}

/** What tells a site's cells apart in the slots: 53 bits for each cell's id. */
export function cellKeys({ ofCells }: SlotSecrets, ids: readonly Uint8Array[]): number[] {
  const blocks = encrypted(Buffer.concat(ids), ofCells);
  return ids.map((_, i) => first53(blocks, i * CELL_ID_BYTES));
}

/** No id is encrypted twice under one secret: ECB is the plain permutation that is wanted. */
function encrypted(ids: Buffer, secret: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-128-ecb', secret, null).setAutoPadding(false);
  const blocks = cipher.update(ids);
  // Ends the cipher now, and its copy of the secret.
  cipher.final();
  return blocks;
}

function first53(blocks: Buffer, at: number): number {
  return blocks.readUInt32BE(at) * 2 ** 21 + (blocks.readUInt32BE(at + 4) >>> 11);
}
