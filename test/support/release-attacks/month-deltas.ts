import { countsIn, pull } from './all-numbers.ts';
import { type Cube, countSites } from './cube.ts';
import { oneVendorsPhones, siteWith } from './fleet.ts';
import type { Attack, World } from './question.ts';
import type { Releaser, Shown } from './releaser.ts';
import { variance } from './score.ts';

/** Did the target join between two months (or leave)? Nothing else moved. */
export const joinsOrLeaves: Attack = {
  name: 'month delta: joins or leaves',
  pose(others, releaser, random) {
    const present = countSites([siteWith(oneVendorsPhones(random), random)], others);
    const [before, after] = random.below(2) === 0 ? [others, present] : [present, others];
    return questionOfChange(before, after, releaser);
  },
};

/** Did the target replace a phone model by another one of the same vendor? */
export const swapsItsPhones: Attack = {
  name: 'month delta: swaps its phones',
  pose(others, releaser, random) {
    const { platform, phones } = oneVendorsPhones(random);
    const [{ vendor, model: old, count }] = phones as [(typeof phones)[number]];
    const offered = [...others.values()].filter((cell) => cell.query === 'phone_model' && cell.vendor === vendor);
    const models = [old, offered[random.below(offered.length)]!.model];
    if (models[0] === models[1]) return undefined;
    const [before, after] = models.map((model) =>
      countSites([siteWith({ platform, phones: [{ vendor, model, count }] }, random)], others),
    ) as [Cube, Cube];
    return questionOfChange(before, after, releaser);
  },
};

function questionOfChange(before: Cube, after: Cube, releaser: Releaser) {
  const worlds: [World, World] = [
    [before, before],
    [before, after],
  ];
  const guess = (releases: readonly Shown[]): 0 | 1 | undefined => {
    const sum = evidenceOfChange(releases as [Shown, Shown], before, after, releaser);
    return sum === 0 ? undefined : sum > 0 ? 1 : 0;
  };
  return { worlds, guess };
}

/** The likelihood ratio of the differences: whoever does not know the others' numbers has only these. */
function evidenceOfChange([first, second]: readonly [Shown, Shown], before: Cube, after: Cube, releaser: Releaser) {
  let sum = 0;
  for (const [name, now] of second) {
    const then = first.get(name);
    if (then === undefined) continue;
    const [a, b] = [before, after].map((cube) => countsIn(cube, name, releaser));
    const of = variance(now.query);
    sum += pull(now.sites - then.sites, 0, b!.sites - a!.sites, of.sites);
    if (Number.isFinite(of.phones) && now.phones !== null && then.phones !== null)
      sum += pull(now.phones - then.phones, 0, b!.phones - a!.phones, of.phones);
  }
  return sum;
}
