/** A key as it is kept: everything but the key. */
export interface StoredKey {
  /** The public part, eight characters. */
  readonly id: string;
  /** SHA-256 of the whole key, hexadecimal. */
  readonly digest: string;
  readonly owner: string;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  /** Ids of keys. */
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** `2026-11-23`. No finer: when somebody works is not recorded. */
  readonly lastUsedDay: string | null;
}

export type NewKey = Omit<StoredKey, 'revokedAt' | 'lastUsedDay'>;

export interface StoredSession {
  /** SHA-256 of the token, hexadecimal. */
  readonly id: string;
  readonly key: string;
  /** Says which key it was when an id can stand for several in turn, as the configured admin's does. */
  readonly fingerprint: string;
  readonly createdAt: number;
  readonly seenAt: number;
}

/** Who did what to what, when, and the hash that ties the entry to the one before it. */
export interface AuditEntry {
  /** 1, 2, 3 … */
  readonly seq: number;
  readonly at: number;
  /** Id of the key that acted. */
  readonly actor: string;
  /** A word such as `key.created`. */
  readonly action: string;
  /** Ids of what was acted on. Never content of a report, an address or a key. */
  readonly object: string;
  /** Random: two acts alike in all else are two entries. */
  readonly nonce: string;
  /** The hash of the entry before; zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

/**
 * Keys, sessions and the audit: rows are only ever added. Every process of an installation shares one, and what one
 * process has written, a later read of any other finds. Failures are those of the count store.
 */
export interface AccessStore {
  /** Every key that was ever created, oldest first. */
  keys(): Promise<StoredKey[]>;
  addKey(key: NewKey): Promise<void>;
  /** Also when it was revoked before: the first time counts. */
  revokeKey(id: string, at: number, by: string): Promise<void>;
  /** However often it is told, and by however many processes: one row a day and key. */
  noteUse(id: string, day: string): Promise<void>;

  /** Sessions that began after `since` and were not ended. */
  sessions(since: number): Promise<StoredSession[]>;
  addSession(session: Omit<StoredSession, 'seenAt'>): Promise<void>;
  noteSeen(id: string, at: number): Promise<void>;
  endSession(id: string, at: number): Promise<void>;

  /** The newest entry. */
  auditHead(): Promise<AuditEntry | undefined>;
  /** True when the entry took its place; false, and nothing is written, when another has it. `audit-forked` when two have. */
  appendAudit(entry: AuditEntry): Promise<boolean>;
  /** About `limit` entries after place `after`, in order; several of one place, which is a forgery, come together. */
  auditEntries(after: number, limit: number): Promise<AuditEntry[]>;

  close(): Promise<void>;
}
