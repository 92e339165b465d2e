import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { HttpProblem } from '../problem.ts';
import { inflate } from './inflate.ts';
import { overwrite } from './overwritten-sockets.ts';

export interface BodyLimits {
  /** Bytes of a body on the wire, and after inflating. */
  readonly maxWireBytes: number;
  readonly maxInflatedBytes: number;
}

/**
 * The body in one buffer, for its reader to overwrite: no other copy of it is left, whether it was whole, too large or
 * broken off. Rejects with {@link HttpProblem}.
 */
export async function readBody(message: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  // Codings are named in any case, and x-gzip is gzip (RFC 9110, 8.4.1).
  const named = (message.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const encoding = named === 'x-gzip' ? 'gzip' : named;
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new HttpProblem({ status: 415, type: 'unsupported-encoding', detail: 'Content-Encoding may be gzip.' });
  const body = await wireBytes(message, limits.maxWireBytes);
  if (encoding === 'identity') return body;
  try {
    return inflate(body, limits.maxInflatedBytes);
  } finally {
    overwrite(body);
  }
}

function wireBytes(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(message.headers['content-length']) > maxBytes) return reject(tooLarge(maxBytes));
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (end: () => void) => {
      message.off('data', take).off('end', whole).off('error', broken).off('close', broken);
      end();
    };
    const fail = (thrown: Error) =>
      settle(() => {
        chunks.forEach(overwrite);
        reject(thrown);
      });
    const take = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) fail(tooLarge(maxBytes));
    };
    const whole = () => settle(() => resolve(joined(chunks, length)));
    const broken = () =>
      fail(new HttpProblem({ status: 400, type: 'bad-request', detail: 'The request cannot be read.' }));
    message.on('data', take).on('end', whole).on('error', broken).on('close', broken);
  });
}

/** Most bodies are one chunk, which is ours: it is a copy of the parser's. */
function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const body = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const chunk of chunks) {
    at += chunk.copy(body, at);
    overwrite(chunk);
  }
  return body;
}

function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem({ status: 413, type: 'too-large', detail: `The body is over ${maxBytes} bytes.` });
}

/**
 * A body that nobody reads, because its request was answered before, arrives all the same: it is overwritten as it
 * comes. Node would drop it as it is. From the answer on, not from when it is sent: behind a request on the same connection that
 * is still unanswered it may never be, as the client hangs up.
 */
export function overwriteUnread(server: Server): void {
  server.prependListener('request', (message: IncomingMessage, response: ServerResponse) => {
    const { 'content-length': length = '0', 'transfer-encoding': coding } = message.headers;
    if (length === '0' && coding === undefined) return;
    const end = response.end as (...given: unknown[]) => ServerResponse;
    response.end = (...given: unknown[]) => {
      if (!response.writableEnded && !message.readableEnded) {
        message.on('data', overwrite);
        message.read(0);
        message.resume();
      }
      return end.apply(response, given);
    };
  });
}
