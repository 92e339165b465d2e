/** Six decimals. A guarded total may lag behind its part: no share is over 1. */
export function shareOf(part: number | null, total: number | null): number | null {
  return total && part !== null ? Math.min(1, Math.round((part / total) * 1e6) / 1e6) : null;
}

/** From one share to the other, six decimals; null when either is not shown. */
export function changeOf(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.round((to - from) * 1e6) / 1e6;
}
