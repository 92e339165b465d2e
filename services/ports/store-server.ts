import type { Resource } from './resource.ts';

/**
 * The database behind every store of an installation, and the connections to it. Failures, here and of all its stores,
 * are {@link ../shared/failure.ts Failure}s: `store-unavailable` (again later), `store-denied` (wrong password or a
 * right that is missing), `store-locked` (another process has the directory). None holds text of the store's, because
 * a store quotes its input.
 */
export interface StoreServer extends Resource {
  /** Brings the tables to the newest version. Forward only; several processes may try at once. */
  migrate(): Promise<void>;
  /** Its own time, in milliseconds since 1970. */
  now(): Promise<number>;
}
