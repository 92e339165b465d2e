/** A link that signs its holder in once, as it is kept: everything but its token. */
export interface StoredLink {
  /** SHA-256 of the token, hexadecimal. */
  readonly id: string;
  /** Id of the key that it signs in with, and that key's fingerprint: the link lives no longer than the key. */
  readonly key: string;
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Links of an installation, shared by all its processes. */
export interface LinkStore {
  addLink(link: StoredLink): Promise<void>;
  /** Also one that was spent; undefined when there is none. */
  link(id: string): Promise<StoredLink | undefined>;
  /** True for one caller alone, whatever process it is in and however often it asks: the nonce is the caller's own. */
  spendLink(id: string, at: number, nonce: string): Promise<boolean>;
}
