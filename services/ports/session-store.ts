/** Times are milliseconds since 1970. */
export interface StoredSession {
  /** SHA-256 of the token, hexadecimal. */
  readonly id: string;
  readonly key: string;
  /** Says which key it was when an id can stand for several in turn, as the configured admin's does. */
  readonly fingerprint: string;
  /** Of somebody whom an identity provider vouches for, and who has no key; null for the holder of a key. */
  readonly person: { readonly owner: string; readonly scopes: readonly string[] } | null;
  readonly createdAt: number;
  readonly seenAt: number;
}

/** Sessions of browsers: rows are only ever added, and every process of an installation shares them. */
export interface SessionStore {
  /** Sessions that began after `since` and were not ended. */
  sessions(since: number): Promise<StoredSession[]>;
  addSession(session: Omit<StoredSession, 'seenAt'>): Promise<void>;
  noteSeen(id: string, at: number): Promise<void>;
  endSession(id: string, at: number): Promise<void>;
}
