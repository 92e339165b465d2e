import type { AuditAnswer } from './answers.ts';

type Entry = AuditAnswer['entries'][number];

/**
 * Whether each entry's hash is that of what it says and of the entry before: SHA-256 of the previous hash, a newline,
 * and the JSON of action, actor, at (milliseconds), nonce, object and seq in this order. `unknown` where the browser
 * does not let the page hash.
 */
export async function chainHolds(entries: readonly Entry[]): Promise<boolean | 'unknown'> {
  if (globalThis.crypto?.subtle === undefined) return 'unknown';
  const inOrder = [...entries].sort((a, b) => a.seq - b.seq);
  const hashes = await Promise.all(inOrder.map(hashOf));
  return inOrder.every((entry, i) => entry.hash === hashes[i] && (i === 0 || entry.previous === inOrder[i - 1]?.hash));
}

async function hashOf({ action, actor, at, nonce, object, seq, previous }: Entry): Promise<string> {
  const text = `${previous}\n${JSON.stringify({ action, actor, at: Date.parse(at), nonce, object, seq })}`;
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
