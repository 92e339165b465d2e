import { DELTA, epsilonOf, rhoOfAnyMonth } from './accountant.ts';
import { twoSided } from './change.ts';

/** What noised releases can reveal about somebody at most. */
export interface Claim {
  readonly who: string;
  readonly rho: number;
  readonly epsilon: number;
}

/** The claims that METHOD.md prints, computed. */
export function claims(): Claim[] {
  const month = rhoOfAnyMonth();
  return [
    // Its slots are under its token: an agent that reports often, or carelessly, has no more of them.
    claim('one token, one month, whatever its agent sends', month),
    claim('one token a month, twelve months', 12 * month),
    // Both tokens may be in the same cells: moved by twice as much.
    claim('a site with two tokens in a month', 2 ** 2 * month),
    ...[3, 5, 10].map((sites) => claim(`an owner of ${sites} sites, one month`, sites ** 2 * month)),
  ];
}

function claim(who: string, rho: number): Claim {
  return { who, rho, epsilon: epsilonOf(rho, DELTA) };
}

/**
 * How many of 100 guesses whether one token took part are right at most, rounded up, of somebody who knows every other
 * token exactly and guesses as well as can be (Neyman and Pearson); a coin is right in 50.
 */
export function rightOfHundred(rho: number): number {
  return Math.ceil(100 * (1 - twoSided(Math.sqrt(2 * rho) / 2) / 2) - 1e-6);
}
