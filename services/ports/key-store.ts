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

/**
 * Keys: rows are only ever added. Every process of an installation shares them, and what one process has written, a
 * later read of any other finds.
 */
export interface KeyStore {
  /** Every key that was ever created, oldest first. */
  keys(): Promise<StoredKey[]>;
  addKey(key: NewKey): Promise<void>;
  /** Also when it was revoked before: the first time counts. */
  revokeKey(id: string, at: number, by: string): Promise<void>;
  /** However often it is told, and by however many processes: one row a day and key. */
  noteUse(id: string, day: string): Promise<void>;
}
