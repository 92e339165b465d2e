const SHARE = Number(process.env.ROLLCALL_TEST_SHARE ?? '0.25');

/**
 * Of a run whose strength grows with its number, what `npm test` makes: a quarter, the same in each run. `npm run test:whole` makes all
 * of it.
 */
export const shareOf = (whole: number): number => Math.ceil(whole * SHARE);

/** Of cases that are alike, each fourth in `npm test`. */
export const someOf = <T>(cases: readonly T[]): T[] => cases.filter((_, i) => shareOf(i + 1) > shareOf(i));
