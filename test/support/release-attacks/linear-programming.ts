import { type CountedCell, type Cube, cellName } from './cube.ts';
import { phonesOfOneModel } from './fleet.ts';
import { type Attack, monthWith, nearer } from './question.ts';
import { type Releaser, type Shown, weakReleaser } from './releaser.ts';
import { anyModel, rareCells, someTargets } from './targets.ts';
import { type Equation, leastAndMost } from './totals-programme.ts';

/**
 * Is the target one of the few users of a vendor on a platform, where neither the platform's nor the vendor's total
 * alone leaves that cell over? The attacker goes for cells that all totals together pin in a release without noise: of
 * the test's fleets 6 of 33 such cells.
 */
export const linearProgramming: Attack = {
  name: 'linear programming: platforms x vendors',
  pose(others, releaser, random) {
    const targets = someTargets(others, entangledCells(others, releaser), releaser, random);
    if (targets === undefined || !isPinned(targets.hidden, others)) return undefined;
    const { hidden, other } = targets;
    const count = phonesOfOneModel(random);
    const worldWith = ({ platform, vendor }: CountedCell) =>
      monthWith(others, { platform, phones: [{ vendor, model: anyModel(others, vendor), count }] }, random);
    return {
      worlds: [worldWith(other), worldWith(hidden)],
      guess: ([release]) => {
        const [least, most] = boundsOf(hidden, others, release!, releaser);
        return nearer((least + most) / 2, [hidden.sites, hidden.sites + 1]);
      },
    };
  },
};

/** Cells that are not shown, next to others that are not shown in their platform and in their vendor. */
function entangledCells(others: Cube, releaser: Releaser): CountedCell[] {
  const rare = rareCells(others, 'platform_vendor', releaser);
  const shares = (cell: CountedCell, column: 'platform' | 'vendor') =>
    rare.some((other) => other !== cell && other[column] === cell[column]);
  return rare.filter((cell) => shares(cell, 'platform') && shares(cell, 'vendor'));
}

function isPinned(hidden: CountedCell, others: Cube): boolean {
  const [release] = weakReleaser.release([others]);
  const [least, most] = boundsOf(hidden, others, release!, weakReleaser);
  return most - least < 0.5;
}

/** The least and the most that a cell can be by all totals that are shown; which cells there are is known. */
function boundsOf(target: CountedCell, others: Cube, seen: Shown, { mostHidden }: Releaser): [number, number] {
  const known = seen.get(cellName(target));
  if (known !== undefined) return [known.sites, known.sites];
  const unknowns = [...others.values()].filter((cell) => cell.query === 'platform_vendor' && !seen.has(cellName(cell)));
  return leastAndMost(unknowns.indexOf(target), { unknowns, equations: equationsOf(seen), most: mostHidden });
}

/** For each total that is shown: what it leaves for the cells that are not. */
function equationsOf(seen: Shown): Equation<CountedCell>[] {
  const cells = [...seen.values()];
  const pairs = cells.filter(({ query }) => query === 'platform_vendor');
  return cells
    .filter(({ query }) => query === 'platform' || query === 'phone_vendor')
    .map(({ query, platform, vendor, sites }) => {
      const has = (cell: { platform: string; vendor: string }) =>
        query === 'platform' ? cell.platform === platform : cell.vendor === vendor;
      return { has, sum: pairs.filter(has).reduce((rest, pair) => rest - pair.sites, sites) };
    });
}
