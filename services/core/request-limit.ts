/** So many requests of one party, in a window that begins with the first of them. */
export interface RequestLimit {
  /** Tells limits apart that are counted in one place. */
  readonly name: string;
  readonly most: number;
  readonly windowSeconds: number;
}

/** What became of one request. */
export interface RequestVerdict {
  readonly allowed: boolean;
  /** Requests that are left in the window. */
  readonly remaining: number;
  /** Until the window ends, and with it what was counted. */
  readonly beginsAnewInMs: number;
}

/** Counts one request of a party: a keyed hash, which without the key is nobody's. */
export type CountRequest = (party: string) => Promise<RequestVerdict>;

export interface RequestCounting {
  /** Of many requests at the same moment as many are allowed as the limit has room for. */
  of(limit: RequestLimit): CountRequest;
}
