import type { Cube } from './cube.ts';
import { largestSite } from './fleet.ts';
import { type Attack, monthWith } from './question.ts';
import type { Releaser, Shown, ShownCell } from './releaser.ts';
import { variance } from './score.ts';

/**
 * Did the target take part? Whoever knows all other sites weighs every number that is shown: the likelihood ratio, which
 * no other attack can beat. The target is a site at the bounds. The same for the numbers that several parties were given.
 */
export const allNumbers: Attack = {
  name: 'everything else known, all numbers weighed',
  pose(others, releaser, random) {
    const [joined] = monthWith(others, largestSite(random), random);
    return {
      worlds: [[others], [joined!]],
      guess: (releases) => {
        const sum = evidence(averageOf(releases), others, joined!, releaser);
        return sum === 0 ? undefined : sum > 0 ? 1 : 0;
      },
    };
  },
};

/**
 * For which cube a release speaks: above 0 for the second. The logarithm of the likelihood ratio under Gaussian noise.
 * Numbers near a gate are left out: they are shown when they came out high, so that their noise is none of that kind.
 */
function evidence(seen: Shown, one: Cube, other: Cube, releaser: Releaser): number {
  const { surelyShown } = releaser;
  let sum = 0;
  for (const [name, { query, sites, phones }] of seen) {
    const [a, b] = [countsIn(one, name, releaser), countsIn(other, name, releaser)];
    if (a.sites < surelyShown.sites) continue;
    const of = variance(query);
    sum += pull(sites, a.sites, b.sites, of.sites);
    if (phones === null || !Number.isFinite(of.phones) || a.phones < surelyShown.phones) continue;
    sum += pull(phones, a.phones, b.phones, of.phones);
  }
  return sum;
}

type Counts = ReturnType<Releaser['counts']>;

export function countsIn(cube: Cube, name: string, releaser: Releaser): Counts {
  const cell = cube.get(name);
  return cell === undefined ? { sites: 0, phones: 0 } : releaser.counts(cell);
}

export function pull(seen: number, one: number, other: number, variance: number): number {
  return ((other - one) * (seen - (one + other) / 2)) / variance;
}

/** What several parties were given of the same month, laid side by side. */
function averageOf(releases: readonly Shown[]): Shown {
  if (releases.length === 1) return releases[0]!;
  const given = new Map<string, ShownCell[]>();
  for (const release of releases)
    for (const [name, cell] of release) given.set(name, [...(given.get(name) ?? []), cell]);
  return new Map([...given].map(([name, cells]) => [name, averageCell(cells)]));
}

function averageCell(cells: readonly ShownCell[]): ShownCell {
  const phones = cells.map((cell) => cell.phones).filter((number) => number !== null);
  return {
    ...cells[0]!,
    sites: mean(cells.map(({ sites }) => sites)),
    phones: phones.length === 0 ? null : mean(phones),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
