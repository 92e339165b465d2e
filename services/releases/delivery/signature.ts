import { createHash, createHmac } from 'node:crypto';

// Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): three headers, a
// symmetric signature over id, time and body, a secret written as `whsec_` and base64.

const PREFIX = 'whsec_';

/**
 * The secret that a party checks our calls with, in the form it is given. Derived, so that it is stored nowhere; another
 * party or another URL has another. `root`: 32 secret bytes. A party's name holds no `|`, so no two pairs give one text.
 */
export function webhookSecret(root: Uint8Array, party: string, url: string): string {
  const secret = createHmac('sha256', root).update(`webhook|${party}|${url}`).digest('base64');
  return PREFIX + secret;
}

/** The same for every attempt at one release of one party, so that a receiver can drop repeats. */
export function messageId(period: string, party: string, revision: number): string {
  const digest = createHash('sha256').update(`${period}|${party}|${revision}`).digest('hex');
  return `release_${digest.slice(0, 32)}`;
}

export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** `seconds` since 1970. The key is the bytes behind the secret's prefix. */
export function signatureHeaders(secret: string, id: string, seconds: number, body: string): SignatureHeaders {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
