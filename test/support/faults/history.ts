import type { Random } from '../../../services/simulator/random.ts';

/** What became of a report: taken (202), refused for good, or nobody knows: no answer, or one that says try again. */
export type Fate = 'acknowledged' | 'refused' | 'unknown';

export interface Said {
  readonly sequence: number;
  /** Phones of the site's model; undefined: it takes everything back. */
  readonly count: number | undefined;
  fate: Fate;
  /** It was sent, and nobody knows whether it was taken. */
  doubted?: true;
  /** When it was acknowledged, on the clock of `performance`. */
  at?: number;
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

interface Sums {
  readonly bounds: Bounds;
  /** Sites that may have been heard of at any time. */
  readonly ever: number;
}

const NOTHING: Sums = { bounds: { sites: [0, 0], devices: [0, 0] }, ever: 0 };

/** What was sent and what came back, and what counts may be for it: (sent, acknowledged, counted). */
export class History {
  readonly sites: Site[] = [];
  /** By model, what sites of earlier runs come to: they say nothing any more. */
  readonly #past = new Map<string, Sums>();
  #pastSent = 0;
  #pastAcknowledged = 0;

  newSite(random: Random): Site {
    const site = { token: random.token(), model: random.pick(MODELS), said: [] };
    this.sites.push(site);
    return site;
  }

  get sent(): number {
    return this.sites.reduce((sum, { said }) => sum + said.length, this.#pastSent);
  }

  get acknowledged(): number {
    return this.sites.reduce((sum, { said }) => sum + said.filter(isAcknowledged).length, this.#pastAcknowledged);
  }

  /** Sites of the model that may have been heard of at any time: what is counted is never more. */
  everSaid(model: string): number {
    return this.#sumsOf(model).ever;
  }

  /** So many sites that were counted since {@link seal} may be counted no more: they said that they take back, or may have. */
  mayHaveGone(model: string): number {
    const [least, most] = (this.#past.get(model) ?? NOTHING).bounds.sites;
    const takenBack = this.sites.filter(
      (site) => site.model === model && site.said.some(({ count }) => count === undefined),
    );
    return most - least + takenBack.length;
  }

  /**
   * The newest acknowledged word holds, or any newer one; a site that has none may have none. With `by`: what counts may
   * be at any later time when everything that was acknowledged by then has been counted.
   */
  bounds(model: string, by = Number.POSITIVE_INFINITY): Bounds {
    return this.#sumsOf(model, by).bounds;
  }

  /** A run is over: its sites say nothing any more. */
  seal(): void {
    const sums = MODELS.map((model) => [model, this.#sumsOf(model)] as const);
    this.#pastSent = this.sent;
    this.#pastAcknowledged = this.acknowledged;
    for (const [model, sum] of sums) this.#past.set(model, sum);
    this.sites.length = 0;
  }

  #sumsOf(model: string, by?: number): Sums {
    const past = this.#past.get(model) ?? NOTHING;
    const sites: [number, number] = [...past.bounds.sites];
    const devices: [number, number] = [...past.bounds.devices];
    let { ever } = past;
    for (const site of this.sites) {
      if (site.model !== model) continue;
      const counts = possibleCounts(site, by);
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      sites[0] += least > 0 ? 1 : 0;
      sites[1] += most > 0 ? 1 : 0;
      devices[0] += least;
      devices[1] += most;
      if (site.said.some(({ fate }) => fate !== 'refused')) ever++;
    }
    return { bounds: { sites, devices }, ever };
  }
}

const isAcknowledged = ({ fate }: Said): boolean => fate === 'acknowledged';

/** 0 for nothing, or everything taken back. */
function possibleCounts({ said }: Site, by = Number.POSITIVE_INFINITY): number[] {
  const held = said.filter((one) => isAcknowledged(one) && (one.at ?? 0) <= by);
  const newest = Math.max(0, ...held.map(({ sequence }) => sequence));
  const possible = said.filter(
    ({ fate, sequence }) => (sequence > newest && fate !== 'refused') || (sequence === newest && newest > 0),
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
