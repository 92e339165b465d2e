import { minimise, type Programme } from './simplex.ts';

/** The sum of some of the unknowns, as a release has it: exact or noised. */
export interface Equation<T> {
  readonly has: (unknown: T) => boolean;
  readonly sum: number;
}

export interface Totals<T> {
  /** Numbers from 0 to `most`. */
  readonly unknowns: readonly T[];
  readonly equations: readonly Equation<T>[];
  readonly most: number;
}

/** What an equation is missed by costs so much that extremes are looked for among the best fits only. */
const MISS = 1_000;

/**
 * The smallest and the largest value of one unknown among those that fit the equations best. Noise makes equations
 * contradict each other, so each has what it is missed by, up and down, among its variables.
 */
export function leastAndMost<T>(at: number, totals: Totals<T>): [number, number] {
  const extreme = (sign: 1 | -1) => minimise(programmeOf(at, sign, totals))[at]!;
  return [extreme(1), extreme(-1)];
}

/** Variables: the unknowns, then the misses up, the misses down, and what each unknown is under its most. */
function programmeOf<T>(at: number, sign: 1 | -1, { unknowns, equations, most }: Totals<T>): Programme {
  const [n, m] = [unknowns.length, equations.length];
  const [up, down, room] = [n, n + m, n + 2 * m];
  const row = (entries: readonly (readonly [number, number])[]): number[] => {
    const values = new Array<number>(room + n).fill(0);
    for (const [j, value] of entries) values[j] = value;
    return values;
  };
  const sums = equations.map(({ has, sum }, i) => {
    // A programme's right side is not negative: where noise has made it so, the whole equation is turned round.
    const turn = sum < 0 ? -1 : 1;
    const members = unknowns.flatMap((unknown, j) => (has(unknown) ? [[j, turn] as const] : []));
    return row([...members, [up + i, 1], [down + i, -1]]);
  });
  const misses = equations.flatMap((_, i) => [[up + i, MISS] as const, [down + i, MISS] as const]);
  return {
    cost: row([[at, sign], ...misses]),
    rows: [
      ...sums,
      ...unknowns.map((_, j) =>
        row([
          [j, 1],
          [room + j, 1],
        ]),
      ),
    ],
    right: [...equations.map(({ sum }) => Math.abs(sum)), ...unknowns.map(() => most)],
    basis: [...equations.map((_, i) => up + i), ...unknowns.map((_, j) => room + j)],
  };
}
