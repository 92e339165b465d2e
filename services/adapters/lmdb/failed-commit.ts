/**
 * A commit that fails, as on a full disk, rejects the put's promise, a second one that hangs from its error, and a third
 * that lmdb makes for the batch and hands to nobody (3.5.6). Whoever put is told by the first. The second is taken here; the
 * third reaches the process as an unhandled rejection, and whoever ends a process for those asks {@link isFailedCommit}.
 */
export function handled(thrown: unknown): unknown {
  const { commitError } = (thrown ?? {}) as { commitError?: unknown };
  if (commitError instanceof Promise) commitError.catch(() => {});
  return thrown;
}

export function isFailedCommit(thrown: unknown): boolean {
  handled(thrown);
  return thrown instanceof Error && thrown.message.startsWith('Commit failed') && 'commitError' in thrown;
}
