import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../ports/audit-store.ts';

/** What comes before the first entry. */
export const BEFORE_FIRST = { seq: 0, hash: '0'.repeat(64) } as const;

export interface Act {
  /** Id of the key that acted. */
  readonly actor: string;
  /** Such as `key.created`. */
  readonly action: string;
  /** Ids of what was acted on: words of the code's own, never content. */
  readonly object: string;
}

export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** The entry that follows `head`. Throws for words that are no ids: content has no business in the audit. */
export function entryAfter(head: Link, act: Act, at: number, nonce: string): AuditEntry {
  if (!/^[a-z]+(?:[.-][a-z]+)*$/.test(act.action)) throw new RangeError('not an action');
  if (!/^[A-Za-z0-9 ._:+/()!&,-]{0,200}$/.test(act.object)) throw new RangeError('not an object of the audit');
  const entry = { ...act, seq: head.seq + 1, at, nonce, previous: head.hash };
  return { ...entry, hash: hashOf(entry) };
}

/** SHA-256 of the previous hash and the entry as canonical JSON: names in order, no blanks. */
function hashOf({ seq, at, actor, action, object, nonce, previous }: Omit<AuditEntry, 'hash'>): string {
  const canonical = JSON.stringify({ action, actor, at, nonce, object, seq });
  return createHash('sha256').update(`${previous}\n${canonical}`).digest('hex');
}

export interface Break {
  /** The first place that is not as it was written. */
  readonly seq: number;
  /** altered: its hash is another's. missing: it is not there. forked: it is there twice. unlinked: it follows another. */
  readonly reason: 'altered' | 'missing' | 'forked' | 'unlinked';
}

/** The first broken link of entries in order that follow `before`. That the end was cut off cannot be seen from what is left. */
export function firstBreak(entries: readonly AuditEntry[], before: Link = BEFORE_FIRST): Break | undefined {
  let last = before;
  for (const entry of entries) {
    if (entry.seq === last.seq) return { seq: entry.seq, reason: 'forked' };
    if (entry.seq !== last.seq + 1) return { seq: last.seq + 1, reason: 'missing' };
    if (entry.previous !== last.hash) return { seq: entry.seq, reason: 'unlinked' };
    if (entry.hash !== hashOf(entry)) return { seq: entry.seq, reason: 'altered' };
    last = entry;
  }
  return undefined;
}
