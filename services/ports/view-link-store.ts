/** A link to one view, as it is kept: everything but its token. */
export interface StoredViewLink {
  /** Names it in public; made of the digest. */
  readonly id: string;
  /** SHA-256 of the token, hexadecimal. */
  readonly digest: string;
  /** Id of the key that made it, and that key's fingerprint: the link lives no longer than the key. */
  readonly key: string;
  readonly fingerprint: string;
  readonly address: string;
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  /** `2026-11-23`, and not by whom. The audit has the time of the day's first opening. */
  readonly lastOpenedDay: string | null;
}

type NewViewLink = Omit<StoredViewLink, 'revokedAt' | 'lastOpenedDay'>;
type Named = Pick<StoredViewLink, 'id' | 'expiresAt'>;

/** Links of an installation: rows are only ever added, and what one process has written, a later read of any other finds. */
export interface ViewLinkStore {
  /** Every link that ended less than a month ago, or has not ended; oldest first. */
  viewLinks(): Promise<StoredViewLink[]>;
  viewLink(digest: string): Promise<StoredViewLink | undefined>;
  addViewLink(link: NewViewLink): Promise<void>;
  /** Also when it was revoked before: the first time counts. */
  revokeViewLink(link: Named, at: number): Promise<void>;
  /** However often it is told, and by however many processes: one row a day and link. */
  noteOpened(link: Named, day: string): Promise<void>;
}
