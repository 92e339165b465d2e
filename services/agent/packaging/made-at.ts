/** Everything in a package is as old as its changelog, in seconds of the epoch, so that the same sources give the same package. */
export const MADE_AT = Date.UTC(2026, 10, 26, 12) / 1000;
