import type { ReleaseCell } from '../../../schemas/release.ts';
import { type CountedCell, cellName } from './cube.ts';
import { oneVendorsPhones, phonesOfOneModel, type Wares } from './fleet.ts';
import { type Attack, monthWith, nearer, type Question, type World } from './question.ts';
import type { Releaser, Shown } from './releaser.ts';
import { anyModel, rareCells, someTargets, type Targets } from './targets.ts';

const sameVendor = (other: CountedCell, hidden: CountedCell): boolean => other.vendor === hidden.vendor;

/** Does the target have a model so rare that it is not shown? The vendor's phones less those of its shown models tell. */
export const vendorLessItsModels: Attack = {
  name: 'view differencing: vendor - its models',
  pose(others, releaser, random) {
    const targets = someTargets(others, rareCells(others, 'phone_model', releaser), releaser, random, sameVendor);
    if (targets === undefined) return undefined;
    const [{ platform }, count] = [oneVendorsPhones(random), phonesOfOneModel(random)];
    const wares = ({ vendor, model }: CountedCell): Wares => ({ platform, phones: [{ vendor, model, count }] });
    const worlds = worldsOf(targets, (cell) => monthWith(others, wares(cell), random));
    return { worlds, guess: restTells('phones', targets.hidden, worlds, releaser) };
  },
};

/** Is the target the rare user of a vendor on a platform? The vendor's sites less those on the shown platforms tell. */
export const vendorLessItsPlatforms: Attack = {
  name: 'view differencing: vendor - its platforms',
  pose(others, releaser, random) {
    const targets = someTargets(others, rareCells(others, 'platform_vendor', releaser), releaser, random, sameVendor);
    if (targets === undefined) return undefined;
    const { vendor } = targets.hidden;
    const phones = [{ vendor, model: anyModel(others, vendor), count: phonesOfOneModel(random) }];
    const worlds = worldsOf(targets, ({ platform }) => monthWith(others, { platform, phones }, random));
    return { worlds, guess: restTells('sites', targets.hidden, worlds, releaser) };
  },
};

function worldsOf({ other, hidden }: Targets, worldWith: (cell: CountedCell) => World): [World, World] {
  return [worldWith(other), worldWith(hidden)];
}

/** Compares what the total leaves for the cells that are not shown with what they have in each world. */
function restTells(
  number: 'sites' | 'phones',
  { query, vendor }: CountedCell,
  worlds: readonly [World, World],
  releaser: Releaser,
): Question['guess'] {
  const isPart = (cell: ReleaseCell): boolean => cell.query === query && cell.vendor === vendor;
  const unseenIn = ([cube]: World, seen: Shown): number =>
    [...cube!.values()]
      .filter((part) => isPart(part) && !seen.has(cellName(part)))
      .reduce((sum, part) => sum + releaser.counts(part)[number], 0);
  return ([seen]) => {
    const total = seen!.get(cellName({ query: 'phone_vendor', platform: '', vendor, model: '' }))?.[number] ?? null;
    if (total === null) return undefined;
    const rest = [...seen!.values()].filter(isPart).reduce((left, part) => left - (part[number] ?? 0), total);
    return nearer(rest, [unseenIn(worlds[0], seen!), unseenIn(worlds[1], seen!)]);
  };
}
