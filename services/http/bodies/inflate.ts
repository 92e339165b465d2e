import { gunzipSync } from 'node:zlib';
import { HttpProblem } from '../problem.ts';

/** A member's header and trailer (RFC 1952): less is no gzip. */
const LEAST_BYTES = 18;

/**
 * What is in the gzip `body`, in a buffer for the caller to overwrite. It is inflated at one go into a buffer that holds
 * all of it: only then does zlib keep no window of what it wrote. Of one member the trailer names the length; what is
 * longer than it says is refused. Several members (RFC 1952 2.2) have no common trailer: they are given as much room as a
 * body may have, and no more.
 */
export function inflate(body: Buffer, maxBytes: number): Buffer {
  if (body.length < LEAST_BYTES || body[0] !== 0x1f || body[1] !== 0x8b) throw notGzip();
  const length = body.readUInt32LE(body.length - 4);
  // A trailer that names more may be that of a bomb, or the middle of a body that was cut short.
  const unknown = length > maxBytes || body.indexOf(MEMBER, LEAST_BYTES) > 0;
  const room = unknown ? maxBytes : length;
  try {
    // One byte more than is needed: a buffer that is full is taken for one that was too small.
    const inflated = gunzipSync(body, { chunkSize: Math.max(MIN_CHUNK, room + 1), maxOutputLength: room + 1 });
    if (unknown ? inflated.length <= maxBytes : inflated.length === length) return inflated;
    inflated.fill(0);
  } catch (thrown) {
    // Its message may quote nothing, but says no more than this does.
    if (unknown && (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
  }
  throw notGzip();
}

/** How a member begins: magic number and deflate. Among deflated bytes it stands by chance once in 16 million places. */
const MEMBER = Buffer.from([0x1f, 0x8b, 0x08]);

/** zlib takes no smaller buffer. */
const MIN_CHUNK = 64;

function notGzip(): HttpProblem {
  return new HttpProblem({ status: 400, type: 'invalid-encoding', detail: 'The body is not gzip.' });
}

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem({ status: 413, type: 'too-large', detail: `The inflated body is over ${maxBytes} bytes.` });
}
