/**
 * How long a test waits for what has to come. A wait is over when it is there, so this costs nothing; it only ends what
 * hangs, with a message of its own, before the runner's limit does. Ten times what a busy machine was seen to need.
 */
export const PATIENCE_MS = 5 * 60_000;

/** For vi.waitFor, whose own limit is a second. */
export const SOON = { timeout: PATIENCE_MS, interval: 20 } as const;
