import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { Failure } from '../../shared/failure.ts';

/** Of an Ed25519 signature (RFC 8032). */
const SIGNATURE_BYTES = 64;

/** SHA-256 of the raw public key of 32 bytes, hexadecimal. Throws `not-an-ed25519-key`. */
export function fingerprintOf(publicKey: KeyObject): string {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new Failure('not-an-ed25519-key');
  const { x } = publicKey.export({ format: 'jwk' });
  return createHash('sha256')
    .update(Buffer.from(x as string, 'base64url'))
    .digest('hex');
}

/** A name for the key, 16 digits. It says which key to ask for; only the key itself proves anything. */
export function keyIdOf(publicKey: KeyObject): string {
  return fingerprintOf(publicKey).slice(0, 16);
}

/**
 * A signature on a text, as base64 and a newline: plain Ed25519 over its bytes, so that openssl checks it. What the text
 * is stands in the text. Ed25519 draws nothing: the same text has the same signature.
 */
export function signText(text: string, privateKey: KeyObject): string {
  return `${sign(null, Buffer.from(text), privateKey).toString('base64')}\n`;
}

export function signatureFits(signed: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  return verify(null, signed, publicKey, signature);
}

/** The signature in such a text, or undefined: base64 has many spellings of the same bytes, and only ours is read. */
export function readSignature(file: Uint8Array): Uint8Array | undefined {
  const signature = Buffer.from(Buffer.from(file).toString('latin1'), 'base64');
  const asWritten = Buffer.from(`${signature.toString('base64')}\n`);
  return signature.length === SIGNATURE_BYTES && asWritten.equals(file) ? signature : undefined;
}
