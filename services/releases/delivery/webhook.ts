import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ReleaseFile } from '../../ports/releases.ts';
import { Failure } from '../../shared/failure.ts';
import type { FailureCode } from '../../shared/failure-codes.ts';
import { messageId, signatureHeaders } from './signature.ts';
import { type Resolve, resolveTarget, type Target } from './webhook-target.ts';

const TIMEOUT_MS = 10_000;
/** Of an answer nobody reads: so much is let in, so that a polite server can finish. */
const MAX_DRAINED_BYTES = 65_536;

export interface WebhookOrder {
  readonly url: string;
  /** In the form `whsec_…`. */
  readonly secret: string;
  /** All of one release, at least one. */
  readonly files: readonly ReleaseFile[];
  /** When the attempt is made, in milliseconds since 1970. */
  readonly at: number;
}

export interface WebhookOptions {
  readonly resolve?: Resolve;
  readonly timeoutMs?: number;
  /** See webhookUrlFault. */
  readonly lab?: boolean;
  /** Certificates to trust instead of the system's, in PEM. */
  readonly ca?: string;
}

/**
 * Sends one release. Resolves to the HTTP status, whatever it is; a redirect is not followed. Throws `webhook-…` when
 * there was none: `webhook-timeout`, `webhook-unreachable`, or a fault of the URL. Nothing thrown holds the URL.
 */
export async function postRelease(order: WebhookOrder, options: WebhookOptions = {}): Promise<number> {
  const target = await resolveTarget(order.url, options.resolve, options.lab);
  const body = bodyOf(order.files);
  const { period, party, revision } = order.files[0] as ReleaseFile;
  const id = messageId(period, party, revision);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'rollcall',
    ...signatureHeaders(order.secret, id, Math.floor(order.at / 1_000), body),
  };
  return post(target, headers, body, options);
}

function bodyOf(files: readonly ReleaseFile[]): string {
  const { period, party, revision } = files[0] as ReleaseFile;
  const contents = files.map(({ name, content }) => ({ name, content }));
  return JSON.stringify({ type: 'release.published', period, party, revision, files: contents });
}

/** Over a connection of its own, to the addresses that were checked. */
function post(
  { url, addresses }: Target,
  headers: Record<string, string>,
  body: string,
  { timeoutMs = TIMEOUT_MS, ca }: WebhookOptions,
) {
  const options: RequestOptions & { readonly ca?: string } = {
    ...(ca === undefined ? {} : { ca }),
    method: 'POST',
    headers,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    lookup: (_host, { all }, give) =>
      all ? give(null, [...addresses]) : give(null, addresses[0].address, addresses[0].family),
  };
  return new Promise<number>((resolve, reject) => {
    let status: number | undefined;
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      status = response.statusCode ?? 0;
      drain(response, () => resolve(response.statusCode ?? 0));
    });
    // A status that was answered stands, whatever becomes of the rest of the answer.
    request.on('error', (thrown) => (status === undefined ? reject(new Failure(codeOf(thrown))) : resolve(status)));
    request.end(body);
  });
}

/** Lets the rest of the answer go by, up to a limit, then tells that it is over, however it ended. */
function drain(response: IncomingMessage, over: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DRAINED_BYTES) response.destroy();
  });
  response.on('error', () => {});
  response.on('close', over);
}

/** The error itself names the host: it goes no further. */
function codeOf(thrown: Error): FailureCode {
  return thrown.name === 'AbortError' || thrown.name === 'TimeoutError' ? 'webhook-timeout' : 'webhook-unreachable';
}
