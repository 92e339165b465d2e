import { countsIn, pull } from './all-numbers.ts';
import { type Cube, cellName, type countCareless, type countToken } from './cube.ts';
import { ALL_MODELS, anotherLargeSite, largestSite, oneVendorsPhones, siteWith } from './fleet.ts';
import { type Attack, monthWith, nearer } from './question.ts';
import type { Releaser, Shown } from './releaser.ts';
import { variance } from './score.ts';

/** Knows the public list, and looks at a name that nobody has but perhaps the target: is it there? */
export const knowsTheList: Attack = {
  name: 'knows the list: a name that nobody else has',
  pose(others, _releaser, random) {
    const free = ALL_MODELS.filter((phone) => !others.has(nameOf(phone)));
    const phone = free[random.below(free.length)];
    if (phone === undefined) return undefined;
    const { platform } = oneVendorsPhones(random);
    const worlds = [[others], monthWith(others, { platform, phones: [{ ...phone, count: 24 }] }, random)] as const;
    const guess = ([seen]: readonly Shown[]) => {
      const cell = seen!.get(nameOf(phone));
      // Not published says nothing: it is what becomes of nearly every name of the list.
      return cell === undefined ? undefined : nearer(cell.sites, [0, 1]);
    };
    return { worlds, guess };
  },
};

const nameOf = (phone: { vendor: string; model: string }) => cellName({ query: 'phone_model', platform: '', ...phone });

const REPORTS = 5;

/** Sends report after report under one token, each with other phones: does that make it easier to see than one does? */
export function playsWithSlots(count: typeof countToken | typeof countCareless): Attack {
  return {
    name: `plays with slots: ${REPORTS} reports under one token`,
    pose(others, releaser, random) {
      const first = siteWith(largestSite(random), random);
      const reports = Array.from({ length: REPORTS }, (_, i) => {
        const { token } = first;
        return i === 0 ? first : { ...siteWith(anotherLargeSite(i, random), random), token, sequence: i + 1 };
      });
      const joined = count(reports, others);
      return { worlds: [[others], [joined]], guess: ([seen]) => weigh(seen!, others, joined, releaser, () => true) };
    },
  };
}

/** Lays what makers, models and the fleet have of phones against each other: three answers to one question. */
export const laysPhonesTogether: Attack = {
  name: 'phones of models, makers and all together',
  pose(others, releaser, random) {
    const [joined] = monthWith(others, largestSite(random), random);
    const guess = ([seen]: readonly Shown[]) =>
      weigh(seen!, others, joined!, releaser, (number) => number === 'phones');
    return { worlds: [[others], [joined!]], guess };
  },
};

function weigh(
  seen: Shown,
  one: Cube,
  other: Cube,
  releaser: Releaser,
  reads: (number: 'sites' | 'phones') => boolean,
): 0 | 1 | undefined {
  let sum = 0;
  for (const [name, { query, sites, phones }] of seen) {
    const [a, b] = [countsIn(one, name, releaser), countsIn(other, name, releaser)];
    const of = variance(query);
    if (reads('sites')) sum += pull(sites, a.sites, b.sites, of.sites);
    if (reads('phones') && phones !== null && Number.isFinite(of.phones))
      sum += pull(phones, a.phones, b.phones, of.phones);
  }
  return sum === 0 ? undefined : sum > 0 ? 1 : 0;
}
