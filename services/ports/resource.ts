/** What a process opens, asks for readiness and closes. Whoever opened it closes it, and nobody else. */
export interface Resource {
  /** Resolves when it works, rejects when not. For readiness. */
  check(): Promise<void>;
  /** Takes nothing new, waits for what is in flight, then lets go of everything. */
  close(): Promise<void>;
}
