import { type CountedCell, cellName, countSites } from './cube.ts';
import { oneVendorsPhones, siteWith, type Wares } from './fleet.ts';
import { type Attack, monthWith, nearer } from './question.ts';
import { rareCells, someTargets } from './targets.ts';

/**
 * Does the target have a model too rare to be shown? The attacker adds invented sites with it until one more is sure to
 * be shown (against noise: far more than the threshold), and takes its own away again.
 */
export const inventedSites: Attack = {
  name: 'invented sites lift a rare cell',
  pose(others, releaser, random) {
    const targets = someTargets(others, rareCells(others, 'phone_model', releaser), releaser, random);
    if (targets === undefined) return undefined;
    const { hidden, other } = targets;
    const { platform } = oneVendorsPhones(random);
    const wares = ({ vendor, model }: CountedCell): Wares => ({ platform, phones: [{ vendor, model, count: 1 }] });
    const invented = releaser.surelyShown.sites - 1 - hidden.sites;
    const flooded = countSites([siteWith(wares(hidden), random)], others, invented);
    return {
      worlds: [monthWith(flooded, wares(other), random), monthWith(flooded, wares(hidden), random)],
      guess: ([release]) => {
        const sites = release!.get(cellName(hidden))?.sites ?? releaser.surelyShown.sites - 1;
        return nearer(sites - invented, [hidden.sites, hidden.sites + 1]);
      },
    };
  },
};
