import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { MonthKey } from './month-keys.ts';

/** A name as facts carry it: two columns of 56 characters that no name is as long as. */
export interface SealedName {
  readonly vendor: string;
  readonly model: string;
}

const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const NAME_BYTES = 40;
const AUTH_BYTES = 16;
const HALF = ((TAG_BYTES + NONCE_BYTES + NAME_BYTES + AUTH_BYTES) / 3 / 2) * 4;
/** NL is in no name. */
const BETWEEN = '\n';

/**
 * The lane of names that no list has, under the month's key: tag = HMAC(k1, name) and box = AES-256-GCM(k2, name padded to 40
 * bytes, nonce from HMAC(k3, name)). The same name gives the same text, so that sites can be counted without it being read;
 * whoever has no key reads nothing, and tells no name's length. Under one key a nonce comes again with the same name alone.
 */
export class SealedNames {
  readonly #key: MonthKey;

  constructor(key: MonthKey) {
    this.#key = key;
  }

  /** Undefined for a maker and a model that together are longer than there is room for. */
  seal(vendor: string, model: string): SealedName | undefined {
    const name = Buffer.from(vendor + BETWEEN + model, 'latin1');
    if (name.length > NAME_BYTES) return undefined;
    const nonce = this.#hmac('seal-nonce', name).subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key.for('seal-box'), nonce);
    const padded = Buffer.concat([name, Buffer.alloc(NAME_BYTES - name.length)]);
    const box = [cipher.update(padded), cipher.final(), cipher.getAuthTag()];
    const text = Buffer.concat([this.#tag(name), nonce, ...box]).toString('base64');
    return { vendor: text.slice(0, HALF), model: text.slice(HALF) };
  }

  /** Undefined for what this key has not sealed. */
  open(sealed: SealedName): { readonly vendor: string; readonly model: string } | undefined {
    const bytes = Buffer.from(sealed.vendor + sealed.model, 'base64');
    if (!isSealed(sealed) || bytes.length !== TAG_BYTES + NONCE_BYTES + NAME_BYTES + AUTH_BYTES) return undefined;
    const box = bytes.subarray(TAG_BYTES + NONCE_BYTES, -AUTH_BYTES);
    try {
      const nonce = bytes.subarray(TAG_BYTES, TAG_BYTES + NONCE_BYTES);
      const cipher = createDecipheriv('aes-256-gcm', this.#key.for('seal-box'), nonce, { authTagLength: AUTH_BYTES });
      cipher.setAuthTag(bytes.subarray(-AUTH_BYTES));
      const padded = Buffer.concat([cipher.update(box), cipher.final()]);
      const name = padded.subarray(0, padded.indexOf(0) < 0 ? NAME_BYTES : padded.indexOf(0));
      if (!this.#tag(name).equals(bytes.subarray(0, TAG_BYTES))) return undefined;
      const [vendor, model] = name.toString('latin1').split(BETWEEN);
      return vendor === undefined || model === undefined ? undefined : { vendor, model };
    } catch {
      // Sealed by another key, or by nobody.
      return undefined;
    }
  }

  #tag(name: Uint8Array): Buffer {
    return this.#hmac('seal-tag', name).subarray(0, TAG_BYTES);
  }

  #hmac(purpose: 'seal-tag' | 'seal-nonce', name: Uint8Array): Buffer {
    return createHmac('sha256', this.#key.for(purpose)).update(name).digest();
  }
}

/** By its form: no name that is not sealed is as long. */
export function isSealed({ vendor, model }: SealedName): boolean {
  return vendor.length === SEALED_LENGTH && model.length === SEALED_LENGTH;
}

/** Of each of the two columns. */
export const SEALED_LENGTH = HALF;
