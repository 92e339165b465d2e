/** A clock that is not this machine's: of the store, the broker or the queue. */
export interface OtherClock {
  readonly name: string;
  /** Milliseconds since 1970. */
  now(): Promise<number>;
}
