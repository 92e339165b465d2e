import { createHmac } from 'node:crypto';
import { Failure } from '../../shared/failure.ts';

/** Uniform, independent bits. */
export interface BitSource {
  /** The next `bytes` bytes (1 or more) as a big-endian number. */
  take(bytes: number): bigint;
}

/**
 * The bits that noise is made from: HMAC-SHA-256(key, label | counter), block after block. Whoever has neither the key
 * nor broken HMAC cannot tell them from chance, and the same key and label give the same bits again. The counter has 8
 * bytes and ends the input, so that no label continues another.
 * @param keyHex 32 bytes, hexadecimal; anything else is the failure `noise-key-malformed`.
 */
export function noiseStream(keyHex: string, label: string): BitSource {
  if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Failure('noise-key-malformed');
  const key = Buffer.from(keyHex, 'hex');
  const counter = Buffer.alloc(8);
  let blocks = 0n;
  let block = Buffer.alloc(0);
  let at = 0;

  const nextByte = (): number => {
    if (at === block.length) {
      counter.writeBigUInt64BE(blocks++);
      block = createHmac('sha256', key).update(label, 'utf8').update(counter).digest();
      at = 0;
    }
    return block[at++] as number;
  };
  return {
    take(bytes) {
      let value = 0n;
      for (let left = bytes; left > 0; left -= BYTES_OF_A_NUMBER) {
        const some = Math.min(left, BYTES_OF_A_NUMBER);
        let part = 0;
        for (let i = 0; i < some; i++) part = part * 256 + nextByte();
        value = left === bytes ? BigInt(part) : (value << BigInt(8 * some)) | BigInt(part);
      }
      return value;
    },
  };
}

/** So many are a safe integer. A bigint for each byte costs more than the bytes. */
const BYTES_OF_A_NUMBER = 6;

/** A number from 0 to `n` - 1, each as likely as any other: what would favour the small ones is drawn again. */
export function uniformBelow(n: bigint, source: BitSource): bigint {
  if (n === 1n) return 0n;
  const bits = lengthOf(n - 1n);
  const bytes = Math.ceil(bits / 8);
  const unused = BigInt(bytes * 8 - bits);
  for (;;) {
    const drawn = source.take(bytes) >> unused;
    if (drawn < n) return drawn;
  }
}

const UINT32_END = 2n ** 32n;

/** How many bits a number above 0 has. */
function lengthOf(n: bigint): number {
  return n < UINT32_END ? 32 - Math.clz32(Number(n)) : n.toString(2).length;
}
