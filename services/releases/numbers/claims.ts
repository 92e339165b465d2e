import { DELTA, epsilonOf, rhoOfAnyMonth } from './accountant.ts';

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
