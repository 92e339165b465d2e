import { randomBytes, randomFillSync, randomInt } from 'node:crypto';

// The only source of randomness for services, from the system's generator. It is not injected: keys, tokens and noise
// must be unpredictable in every composition. Whatever a test wants to repeat takes its draw as an argument (noise its
// key, the agent's report its token), and the simulator draws from a seed of its own.

export function drawBytes(count: number): Buffer<ArrayBuffer> {
  return randomBytes(count);
}

/** 256 bits that nobody guesses, for a URL, a header or a cookie. */
export function drawToken(): string {
  return randomBytes(32).toString('base64url');
}

/** 64 bits that tell one write from every other: no secret. */
export function drawNonce(): string {
  return randomBytes(8).toString('hex');
}

/** A whole number from `least` to `below` - 1, each as likely. */
export function drawInt(least: number, below: number): number {
  return randomInt(least, below);
}

/** Whole numbers of 32 bits. */
export function drawUint32s(count: number): Uint32Array {
  return randomFillSync(new Uint32Array(count));
}
