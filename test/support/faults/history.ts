import type { Random } from '../../../services/simulator/random.ts';

/** What became of a report: taken (202), refused for good, or nobody knows: no answer, or one that says try again. */
export type Fate = 'acknowledged' | 'refused' | 'unknown';

export interface Said {
  readonly sequence: number;
  /** Phones of the site's model; undefined: it takes everything back. */
  readonly count: number | undefined;
  fate: Fate;
}

/** A site that has one model for as long as it lives, and everything that it ever said. */
export interface Site {
  readonly token: string;
  readonly model: string;
  readonly said: Said[];
}

export interface Bounds {
  readonly sites: readonly [least: number, most: number];
  readonly devices: readonly [least: number, most: number];
}

export interface Counted {
  readonly sites: number;
  readonly devices: number;
}

export const MODELS = ['SIP-T46S', 'SIP-T54W', 'SIP-T42S', 'SIP-T48S'] as const;

/** What was sent and what came back, and what counts may be for it: (sent, acknowledged, counted). */
export class History {
  readonly sites: Site[] = [];

  newSite(random: Random): Site {
    const site = { token: random.token(), model: random.pick(MODELS), said: [] };
    this.sites.push(site);
    return site;
  }

  get sent(): number {
    return this.sites.reduce((sum, { said }) => sum + said.length, 0);
  }

  get acknowledged(): number {
    return this.sites.reduce((sum, { said }) => sum + said.filter(({ fate }) => fate === 'acknowledged').length, 0);
  }

  /** Sites of the model that may have been heard of at any time: what is counted is never more. */
  everSaid(model: string): number {
    return this.sites.filter((site) => site.model === model && site.said.some(({ fate }) => fate !== 'refused')).length;
  }

  /** The newest acknowledged word holds, or any newer one of which nobody knows; a site that has none may have none. */
  bounds(model: string): Bounds {
    const [sites, devices]: [[number, number], [number, number]] = [
      [0, 0],
      [0, 0],
    ];
    for (const site of this.sites) {
      if (site.model !== model) continue;
      const counts = possibleCounts(site);
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      sites[0] += least > 0 ? 1 : 0;
      sites[1] += most > 0 ? 1 : 0;
      devices[0] += least;
      devices[1] += most;
    }
    return { sites, devices };
  }
}

/** 0 for nothing, or everything taken back. */
function possibleCounts({ said }: Site): number[] {
  const acknowledged = said.filter(({ fate }) => fate === 'acknowledged').map(({ sequence }) => sequence);
  const newest = Math.max(0, ...acknowledged);
  const possible = said.filter(
    ({ fate, sequence }) =>
      (fate === 'acknowledged' && sequence === newest) || (fate === 'unknown' && sequence > newest),
  );
  const counts = possible.map(({ count }) => count ?? 0);
  return newest === 0 ? [0, ...counts] : counts;
}

export interface Verdict {
  /** Sites that were acknowledged and are not counted. */
  readonly lost: number;
  /** Sites that are counted and were not sent, were taken back, or count twice. */
  readonly double: number;
  /** Phones too few or too many, where sites are right. */
  readonly wrongDevices: number;
}

/** A model under the threshold is shown to nobody: where it may be that small, nothing follows from its absence. */
export function verdictOf(history: History, counted: ReadonlyMap<string, Counted>, threshold: number): Verdict {
  let [lost, double, wrongDevices] = [0, 0, 0];
  for (const model of MODELS) {
    const { sites, devices } = history.bounds(model);
    const seen = counted.get(model);
    if (seen === undefined && sites[0] < threshold) continue;
    const { sites: shown, devices: phones } = seen ?? { sites: 0, devices: 0 };
    lost += Math.max(0, sites[0] - shown);
    double += Math.max(0, shown - sites[1]);
    if (shown >= sites[0] && shown <= sites[1])
      wrongDevices += Math.max(0, devices[0] - phones) + Math.max(0, phones - devices[1]);
  }
  return { lost, double, wrongDevices };
}
