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

/** A chain of entries that every process of an installation appends to. */
export interface AuditStore {
  /** The newest entry. */
  auditHead(): Promise<AuditEntry | undefined>;
  /** True when the entry took its place; false, and nothing is written, when another has it. `audit-forked` when two have. */
  appendAudit(entry: AuditEntry): Promise<boolean>;
  /** About `limit` entries after place `after`, in order; several of one place, which is a forgery, come together. */
  auditEntries(after: number, limit: number): Promise<AuditEntry[]>;
}
