/**
 * SipHash-2-4 with a 128-bit result (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the authors'
 * reference code for the 128-bit variant), in 32-bit integers: low and high half of each 64-bit word side by side.
 */

/** The state: v0 to v3, low half first. One is enough, because nothing here waits. */
const v = new Int32Array(8);

/** Writes four 32-bit words to `out`. `key` has four words; `message` comes from {@link sipMessage}. */
export function sipHash128(key: Int32Array, message: Int32Array, out: Int32Array): void {
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = key;
  v[0] = k0 ^ 0x70736575;
  v[1] = k1 ^ 0x736f6d65;
  v[2] = k2 ^ 0x6e646f6d ^ 0xee;
  v[3] = k3 ^ 0x646f7261;
  v[4] = k0 ^ 0x6e657261;
  v[5] = k1 ^ 0x6c796765;
  v[6] = k2 ^ 0x79746573;
  v[7] = k3 ^ 0x74656462;
  for (let i = 0; i < message.length; i += 2) {
    v[6]! ^= message[i]!;
    v[7]! ^= message[i + 1]!;
    rounds(2);
    v[0]! ^= message[i]!;
    v[1]! ^= message[i + 1]!;
  }
  v[4]! ^= 0xee;
  rounds(4);
  out[0] = v[0]! ^ v[2]! ^ v[4]! ^ v[6]!;
  out[1] = v[1]! ^ v[3]! ^ v[5]! ^ v[7]!;
  v[2]! ^= 0xdd;
  rounds(4);
  out[2] = v[0]! ^ v[2]! ^ v[4]! ^ v[6]!;
  out[3] = v[1]! ^ v[3]! ^ v[5]! ^ v[7]!;
}

/** The bytes as 64-bit little-endian words in halves, padded with zeros and the length in the last byte. */
export function sipMessage(bytes: Uint8Array): Int32Array {
  const words = Math.floor(bytes.length / 8) + 1;
  const padded = Buffer.alloc(words * 8);
  padded.set(bytes);
  padded[words * 8 - 1] = bytes.length & 0xff;
  return Int32Array.from({ length: words * 2 }, (_, i) => padded.readInt32LE(i * 4));
}

function rounds(count: number): void {
  let v0l = v[0]!;
  let v0h = v[1]!;
  let v1l = v[2]!;
  let v1h = v[3]!;
  let v2l = v[4]!;
  let v2h = v[5]!;
  let v3l = v[6]!;
  let v3h = v[7]!;
  for (let i = 0; i < count; i++) {
    // Each addition is of 64 bits: the low half's sum is over 2^32 - 1 when it carries.
    let sum = (v0l >>> 0) + (v1l >>> 0);
    v0h = (v0h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v0l = sum | 0;
    let held = v1l;
    v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
    v1h = ((v1h << 13) | (held >>> 19)) ^ v0h;
    held = v0l;
    v0l = v0h;
    v0h = held;

    sum = (v2l >>> 0) + (v3l >>> 0);
    v2h = (v2h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v2l = sum | 0;
    held = v3l;
    v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
    v3h = ((v3h << 16) | (held >>> 16)) ^ v2h;

    sum = (v0l >>> 0) + (v3l >>> 0);
    v0h = (v0h + v3h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v0l = sum | 0;
    held = v3l;
    v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
    v3h = ((v3h << 21) | (held >>> 11)) ^ v0h;

    sum = (v2l >>> 0) + (v1l >>> 0);
    v2h = (v2h + v1h + (sum > 0xffffffff ? 1 : 0)) | 0;
    v2l = sum | 0;
    held = v1l;
    v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l;
    v1h = ((v1h << 17) | (held >>> 15)) ^ v2h;
    held = v2l;
    v2l = v2h;
    v2h = held;
  }
  v[0] = v0l;
  v[1] = v0h;
  v[2] = v1l;
  v[3] = v1h;
  v[4] = v2l;
  v[5] = v2h;
  v[6] = v3l;
  v[7] = v3h;
}
