import { hash } from 'node:crypto';
import type { Period } from '../../schemas/period.ts';
import { MAX_TOKEN_LENGTH } from '../../schemas/token.ts';

/** What a site's facts and slots are named by in a month, 128 bits each. Whoever has one can join what is named by it. */
export interface SiteSecrets {
  readonly ofFacts: Uint8Array;
  readonly ofSlots: Uint8Array;
  /** What tells cells apart in the slots: no fact has the same number. */
  readonly ofCells: Uint8Array;
}

const SECRET_BYTES = 16;
const PERIOD_LENGTH = '2026-11'.length;
const WORD = '\0slots';

/**
 * What the secrets are hashes of. One place outside the engine's heap: the engine keeps a small array inside, and
 * leaves copies wherever it moves it to.
 */
const MESSAGE = Buffer.allocUnsafeSlow(MAX_TOKEN_LENGTH + 1 + PERIOD_LENGTH + WORD.length);

/**
 * SHA-256(token, period) for facts, SHA-512(token, period, a word) for slots, cut to what is needed. For the caller to
 * {@link forgetSecrets}; the token is the caller's as well. Throws RangeError for what is longer than any token.
 */
export function secretsOf(token: Uint8Array, period: Period): SiteSecrets {
  const length = token.length + 1 + PERIOD_LENGTH;
  if (length + WORD.length > MESSAGE.length) throw new RangeError('longer than any token');
  MESSAGE.set(token);
  // NUL is in no token.
  MESSAGE[token.length] = 0;
  MESSAGE.write(period + WORD, token.length + 1, 'latin1');
  const facts = hash('sha256', MESSAGE.subarray(0, length), 'buffer').fill(0, SECRET_BYTES);
  const slots = hash('sha512', MESSAGE.subarray(0, length + WORD.length), 'buffer').fill(0, 2 * SECRET_BYTES);
  MESSAGE.fill(0);
  return {
    ofFacts: facts.subarray(0, SECRET_BYTES),
    ofSlots: slots.subarray(0, SECRET_BYTES),
    ofCells: slots.subarray(SECRET_BYTES, 2 * SECRET_BYTES),
  };
}

/** No fact and no slot of the site can be joined with what is left of them. */
export function forgetSecrets({ ofFacts, ofSlots, ofCells }: SiteSecrets): void {
  ofFacts.fill(0);
  ofSlots.fill(0);
  ofCells.fill(0);
}
