/** A linear programme: minimise cost · x subject to rows · x = right, x >= 0. */
export interface Programme {
  readonly cost: readonly number[];
  readonly rows: readonly (readonly number[])[];
  /** Not negative. */
  readonly right: readonly number[];
  /** A first feasible basis: for each row a variable that has 1 in it and 0 in all others. */
  readonly basis: readonly number[];
}

const TINY = 1e-9;
/** Far more than any programme of the attacks takes. */
const MOST_PIVOTS = 5_000;

/**
 * A best x, by the simplex method on a dense tableau. Bland's rule (R. G. Bland, 1977: always the lowest index) keeps it from going round in
 * circles. Throws when there is no smallest value or it takes too long.
 */
export function minimise({ cost, rows, right, basis: first }: Programme): number[] {
  const basis = [...first];
  const tableau = rows.map((row, i) => [...row, right[i]!]);
  const objective = [...cost, 0];
  for (const [i, row] of tableau.entries()) subtract(objective, row, cost[basis[i]!]!);
  for (let pivots = 0; pivots < MOST_PIVOTS; pivots++) {
    const entering = objective.findIndex((value, j) => j < cost.length && value < -TINY);
    if (entering < 0) return solution(tableau, basis, cost.length);
    const leaving = leavingRow(tableau, basis, entering);
    pivot(tableau, objective, leaving, entering);
    basis[leaving] = entering;
  }
  throw new Error('the programme was not solved');
}

/** The row whose variable reaches 0 first when `entering` grows. */
function leavingRow(tableau: readonly number[][], basis: readonly number[], entering: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, row] of tableau.entries()) {
    const step = row[entering]!;
    if (step <= TINY) continue;
    const ratio = row.at(-1)! / step;
    const tie = best >= 0 && Math.abs(ratio - least) <= TINY;
    if (tie ? basis[i]! < basis[best]! : ratio < least) [best, least] = [i, ratio];
  }
  if (best < 0) throw new Error('the programme has no smallest value');
  return best;
}

function pivot(tableau: readonly number[][], objective: number[], leaving: number, entering: number): void {
  const row = tableau[leaving]!;
  const scale = row[entering]!;
  for (let j = 0; j < row.length; j++) row[j]! /= scale;
  for (const [i, other] of tableau.entries()) if (i !== leaving) subtract(other, row, other[entering]!);
  subtract(objective, row, objective[entering]!);
}

function subtract(from: number[], row: readonly number[], times: number): void {
  if (times === 0) return;
  for (let j = 0; j < row.length; j++) from[j]! -= times * row[j]!;
}

function solution(tableau: readonly number[][], basis: readonly number[], length: number): number[] {
  const x = new Array<number>(length).fill(0);
  for (const [i, variable] of basis.entries()) x[variable] = tableau[i]!.at(-1)!;
  return x;
}
