import { gunzipSync } from 'node:zlib';
import { HttpProblem } from '../problem.ts';

/** A member's header and trailer (RFC 1952): less is no gzip. */
const LEAST_BYTES = 18;

/**
 * The one member of gzip in `body`, in a buffer for the caller to overwrite. It is inflated into a buffer that has the
 * length which the trailer names, at one go: only then does zlib keep no window of what it wrote. What is longer than
 * it says is refused; what says that it is too long is not begun.
 */
export function inflate(body: Buffer, maxBytes: number): Buffer {
  if (body.length < LEAST_BYTES || body[0] !== 0x1f || body[1] !== 0x8b) throw notGzip();
  const length = body.readUInt32LE(body.length - 4);
  if (length > maxBytes)
    throw new HttpProblem({ status: 413, type: 'too-large', detail: `The inflated body is over ${maxBytes} bytes.` });
  try {
    // One byte more than is needed: a buffer that is full is taken for one that was too small.
    const inflated = gunzipSync(body, { chunkSize: Math.max(MIN_CHUNK, length + 1), maxOutputLength: length + 1 });
    if (inflated.length === length) return inflated;
    inflated.fill(0);
  } catch {
    // Its message may quote nothing, but says no more than this does.
  }
  throw notGzip();
}

/** zlib takes no smaller buffer. */
const MIN_CHUNK = 64;

function notGzip(): HttpProblem {
  return new HttpProblem({ status: 400, type: 'invalid-encoding', detail: 'The body is not gzip.' });
}
