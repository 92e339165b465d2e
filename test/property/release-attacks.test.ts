import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Vendors } from '../../services/identify/vendors.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { Seeded } from '../support/re-join/seeded.ts';
import { allNumbers } from '../support/release-attacks/all-numbers.ts';
import { cellName, countCareless, countSites, countToken } from '../support/release-attacks/cube.ts';
import { phoneFleet } from '../support/release-attacks/fleet.ts';
import { inventedSites } from '../support/release-attacks/invented-sites.ts';
import { linearProgramming } from '../support/release-attacks/linear-programming.ts';
import { joinsOrLeaves, swapsItsPhones } from '../support/release-attacks/month-deltas.ts';
import { knowsTheList, laysPhonesTogether, playsWithSlots } from '../support/release-attacks/new-attackers.ts';
import { freshNoiseForEachParty, oneCubeForAllParties, slicesOf } from '../support/release-attacks/parties.ts';
import { everythingNoised, realReleaser } from '../support/release-attacks/real-releaser.ts';
import { type Releaser, weakReleaser } from '../support/release-attacks/releaser.ts';
import { runAttack } from '../support/release-attacks/run-attack.ts';
import { BEST_OF_A_TOKEN, bestAccuracy, normal, type Score, withinNoise } from '../support/release-attacks/score.ts';
import { printed, type Row } from '../support/release-attacks/table.ts';
import { leastAndMost } from '../support/release-attacks/totals-programme.ts';
import { vendorLessItsModels, vendorLessItsPlatforms } from '../support/release-attacks/view-differencing.ts';

// Every number below comes from this seed, so it is the same in each run.
const random = new Seeded(20_261_101);
const FLEETS = Array.from({ length: 12 }, () => countSites(phoneFleet(2_600, random)));
const vendors = new Vendors(loadCatalog().vendors);

const ATTACKS = [
  vendorLessItsModels,
  vendorLessItsPlatforms,
  linearProgramming,
  joinsOrLeaves,
  swapsItsPhones,
  inventedSites,
  allNumbers,
];
const NEW_ATTACKERS = [knowsTheList, laysPhonesTogether, playsWithSlots(countToken)];
const TRIALS = { weak: 200, noised: 400, new: 1_500, threshold: 100, parties: 25, slices: 300 } as const;
/** Of the strongest attack: so many that noise of half the size would be noticed. */
const MOST_TRIALS = 2_500;
const PARTIES = 60;
const parties: { weak?: Score; noised?: Score } = {};

type Scores = ReadonlyMap<string, Score>;
const scores: Record<'weak' | 'noised' | 'threshold', Scores> = {
  weak: new Map(),
  noised: new Map(),
  threshold: new Map(),
};

beforeAll(() => {
  scores.weak = scoresAgainst(weakReleaser, TRIALS.weak);
  const real = realReleaser('noised', random);
  const strongest = runAttack(allNumbers, real, { fleets: FLEETS, trials: MOST_TRIALS, random });
  scores.noised = new Map([...scoresAgainst(real, TRIALS.noised), [allNumbers.name, strongest]]);
  scores.threshold = scoresAgainst(realReleaser('threshold', random), TRIALS.threshold);
});

function scoresAgainst(releaser: Releaser, trials: number): Scores {
  return new Map(
    ATTACKS.map((attack) => [attack.name, runAttack(attack, releaser, { fleets: FLEETS, trials, random })]),
  );
}

test('a release of every cell from ten sites on, with exact totals, gives the target away to every attack', () => {
  for (const [name, { accuracy }] of scores.weak) expect(accuracy, name).toBeGreaterThanOrEqual(0.95);
});

// Chance, and the little that noise of the claimed size lets through: three standard errors above the best possible test.
test('a release as built tells no attack more than its noise allows', () => {
  for (const [name, score] of scores.noised) expect(withinNoise(score), `${name}: ${score.accuracy}`).toBe(true);
});

test('which is little: 57 of 100 for what one site with one vendor has, 64 for a site at the bounds', () => {
  for (const [name, { best }] of scores.noised) expect(best, name).toBeLessThan(name === allNumbers.name ? 0.64 : 0.58);
});

test('without noise the same releases give a target away that moves, is flooded, or is the only unknown', () => {
  for (const attack of [joinsOrLeaves, inventedSites, allNumbers])
    expect(withinNoise(scores.threshold.get(attack.name)!), attack.name).toBe(false);
});

describe('parties that lay their releases side by side', () => {
  const run = (releaser: Releaser, trials: number) =>
    runAttack(allNumbers, releaser, { fleets: FLEETS, trials, random });

  test('average away noise that was drawn for each of them', () => {
    parties.weak = run(freshNoiseForEachParty(PARTIES, random), TRIALS.parties);
    expect(parties.weak.accuracy).toBeGreaterThanOrEqual(0.9);
  });

  test('learn no more than one of them from slices of one cube', () => {
    parties.noised = run(oneCubeForAllParties(PARTIES, vendors, random), TRIALS.slices);
    expect(withinNoise(parties.noised), String(parties.noised.accuracy)).toBe(true);
  });

  test('find the same number in every slice that has the cell', () => {
    const slices = slicesOf(FLEETS[0]!, PARTIES, vendors, random);
    const given = new Map<string, string[]>();
    for (const cell of slices.flatMap(({ cells }) => cells))
      given.set(cellName(cell), [...(given.get(cellName(cell)) ?? []), JSON.stringify(cell)]);
    for (const [name, cells] of given) expect(new Set(cells).size, name).toBe(1);
    expect(Math.max(...[...given.values()].map((cells) => cells.length))).toBeGreaterThan(PARTIES / 5);
  });
});

describe('somebody who is given every noised number, of names that nobody has too', () => {
  const run = (attack: (typeof NEW_ATTACKERS)[number], releaser: Releaser, trials: number = TRIALS.new) =>
    runAttack(attack, releaser, { fleets: FLEETS, trials, random });

  test.each(NEW_ATTACKERS.map((attack) => [attack.name, attack] as const))(
    'learns no more than the noise allows: %s',
    (name, attack) => {
      const score = run(attack, everythingNoised(random));
      newScores.set(name, score);
      expect(withinNoise(score), String(score.accuracy)).toBe(true);
      expect(score.best).toBeLessThanOrEqual(BEST_OF_A_TOKEN);
    },
  );

  test('would see a token that sent five reports far better if earlier contributions stayed', () => {
    const careless = run(playsWithSlots(countCareless), everythingNoised(random));
    newScores.set('the same where earlier contributions stay', careless);
    const error = Math.sqrt((BEST_OF_A_TOKEN * (1 - BEST_OF_A_TOKEN)) / careless.trials);
    expect(careless.accuracy).toBeGreaterThan(BEST_OF_A_TOKEN + 3 * error);
  });

  test('would see every name and every maker’s phones if the list were released exactly', () => {
    const exact: Releaser = {
      ...weakReleaser,
      release: (months) =>
        months.map(
          (cube) =>
            new Map(
              [...cube].map(([name, cell]) => [
                name,
                { ...cell, sites: cell.boundedSites, phones: cell.boundedDevices },
              ]),
            ),
        ),
    };
    const listed = {
      ...exact,
      counts: ({ boundedSites, boundedDevices }: { boundedSites: number; boundedDevices: number }) => ({
        sites: boundedSites,
        phones: boundedDevices,
      }),
    };
    expect(run(laysPhonesTogether, listed, 100).accuracy).toBe(1);
    expect(run(knowsTheList, listed, 100).accuracy).toBeGreaterThan(0.65);
  });
});

const newScores = new Map<string, Score>();

describe('what scores are measured by', () => {
  test('the best test for one site more under a variance of 40 is right 531 times in 1,000', () => {
    const [cube] = FLEETS;
    const [name, cell] = [...cube!].find(([, { query }]) => query === 'phone_model')!;
    const oneMore = new Map(cube).set(name, { ...cell, boundedSites: cell.boundedSites + 1 });
    expect(bestAccuracy([cube!], [oneMore])).toBeCloseTo(0.5315, 3);
    expect(normal(1.96)).toBeCloseTo(0.975, 4);
    expect(normal(-1.96)).toBeCloseTo(0.025, 4);
  });

  test('a programme pins what all totals together pin, and nothing else', () => {
    const equation = (sum: number, ...of: string[]) => ({ sum, has: (unknown: string) => of.includes(unknown) });
    const chain = [equation(5, 'a', 'b'), equation(9, 'b', 'c'), equation(7, 'c')];
    expect(leastAndMost(0, { unknowns: ['a', 'b', 'c'], equations: chain, most: 9 })).toEqual([3, 3]);
    const square = [equation(5, 'a', 'b'), equation(9, 'c', 'd'), equation(6, 'a', 'c'), equation(8, 'b', 'd')];
    expect(leastAndMost(0, { unknowns: ['a', 'b', 'c', 'd'], equations: square, most: 6 })).toEqual([0, 3]);
  });
});

afterAll(() => {
  const rows: Row[] = ATTACKS.map(({ name }) => ({
    attack: name,
    weak: scores.weak.get(name)!,
    noised: scores.noised.get(name)!,
    threshold: scores.threshold.get(name)!,
  }));
  for (const [attack, noised] of newScores) rows.push({ attack, noised });
  const { weak, noised } = parties;
  if (weak && noised) rows.push({ attack: `${PARTIES} parties compare (weak: noise for each)`, weak, noised });
  process.stdout.write(printed('Releases under attack: how often right', rows));
});
