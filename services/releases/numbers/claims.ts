import { DELTA, epsilonOf, gateDelta, rhoOfPeriod } from './accountant.ts';

/** What noised releases can reveal about somebody at most. */
export interface Claim {
  readonly who: string;
  readonly rho: number;
  readonly epsilon: number;
  readonly delta: number;
}

/** The claims that METHOD.md prints, computed. PRIVACY.md sections 1 and 4 quote them. */
export function claims(): Claim[] {
  const month = rhoOfPeriod();
  return [
    claim('one site, one month', month, gateDelta()),
    claim('one site, twelve months', 12 * month, 12 * gateDelta()),
    // Old and new are other cells: twice as many, each moved as before.
    claim('a site that changed what it has within the month', 2 * month, 2 * gateDelta()),
    // Both tokens may be in the same cells: moved by twice as much.
    claim('a site with two tokens in a month', 2 ** 2 * month, gateDelta(2)),
    ...[3, 5, 10].map((sites) => claim(`an owner of ${sites} sites, one month`, sites ** 2 * month, gateDelta(sites))),
  ];
}

function claim(who: string, rho: number, ofTheGate: number): Claim {
  return { who, rho, epsilon: epsilonOf(rho, DELTA), delta: Math.min(1, DELTA + ofTheGate) };
}
