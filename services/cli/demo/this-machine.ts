import { Agent } from 'node:http';
import type { CubeRow } from '../../../schemas/cube.ts';
import type { Period } from '../../../schemas/period.ts';
import { takeInventory } from '../../agent/inventory.ts';
import { buildReport, reportText } from '../../agent/report.ts';
import { periodStart } from '../../core/period.ts';
import type { Identifier } from '../../identify/identity.ts';
import { SetClock } from '../../shared/clock.ts';
import { cellKey, Oracle } from '../../simulator/oracle.ts';
import { postReport } from './post-in-order.ts';

/** The machine that the demo runs on, as one more site. */
export interface ThisMachine {
  /** Posts its inventory; resolves to the number of reports. */
  post(url: string): Promise<number>;
  /** The truth with this machine in it. */
  addTo(tally: readonly CubeRow[]): CubeRow[];
}

export function thisMachine(period: Period, identifier: Identifier): ThisMachine {
  const clock = new SetClock(periodStart(period));
  const inventory = takeInventory({ root: '/', identifier, clock });
  return {
    async post(url) {
      const agent = new Agent();
      await postReport(agent, url, reportText(buildReport(inventory, { clock })));
      agent.destroy();
      return 1;
    },
    addTo(tally) {
      const oracle = new Oracle(identifier);
      oracle.count({
        platform: inventory.platform,
        counts: new Map(inventory.lines.map((line) => [line, line.count])),
      });
      const rows = new Map(tally.map((row) => [cellKey(row), row]));
      for (const own of oracle.rows()) {
        const row = rows.get(cellKey(own));
        rows.set(cellKey(own), {
          ...own,
          sites: own.sites + (row?.sites ?? 0),
          devices: own.devices + (row?.devices ?? 0),
        });
      }
      return [...rows.values()];
    },
  };
}
