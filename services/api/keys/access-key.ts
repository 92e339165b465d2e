import { createHash } from 'node:crypto';
import { drawBytes, drawToken } from '../../shared/random.ts';

/**
 * `rc_<id>_<secret><checksum>`: 8 characters that name the key in public, 43 of a secret of 256 bits, and 6 that a slip
 * of the pen does not survive. Secret scanners find it by its shape.
 */
const SHAPE = /^rc_([a-z2-7]{8})_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})$/;
/** What somebody who mistyped a key may have left of it. The first admin's key begins with another word. */
const LIKENESS = /^rc_(?!admin_)/;
const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

export interface IssuedKey {
  readonly id: string;
  /** Shown once, to whoever asked for it. */
  readonly text: string;
}

export function issueKey(): IssuedKey {
  const id = Array.from(drawBytes(8), (byte) => ID_LETTERS[byte % 32]).join('');
  const body = `rc_${id}_${drawToken()}`;
  return { id, text: body + checksum(body) };
}

/** What a text says by itself, without asking any store. `other`: not of this form, such as a configured admin's key. */
export function readKey(text: string): { id: string } | 'mistyped' | 'other' {
  const [, id, secret, check] = SHAPE.exec(text) ?? [];
  if (id === undefined) return LIKENESS.test(text) ? 'mistyped' : 'other';
  return check === checksum(`rc_${id}_${secret}`) ? { id } : 'mistyped';
}

/** All that is stored of a key. The secret has 256 random bits: there is nothing to stretch. */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function checksum(body: string): string {
  return createHash('sha256').update(`checksum ${body}`).digest('base64url').slice(0, 6);
}
