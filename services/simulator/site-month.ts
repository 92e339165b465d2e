import type { Period } from '../../schemas/period.ts';
import type { Report } from '../../schemas/report.ts';
import type { Agent, Line } from './agent.ts';
import type { Platform } from './platforms.ts';
import type { Site } from './site.ts';

/** A report as it is kept until it is delivered: small, because the names in it are shared. */
export interface Sent {
  readonly period: Period;
  readonly token: string;
  readonly sequence: number;
  readonly platform: Platform;
  readonly lines: readonly Line[];
  readonly counts: readonly number[];
  readonly withdraw: boolean;
}

/** What a site wants counted of it. */
export interface Standing {
  readonly platform: Platform;
  readonly counts: ReadonlyMap<Line, number>;
}

/** The agent's memory of one period: a token made for it, and every line sent under that token. */
export class SiteMonth {
  readonly #site: Site;
  readonly #agent: Agent;
  readonly #period: Period;
  readonly #token: string;
  readonly #sent = new Map<Line, number>();
  #sequence = 0;
  #standing: Standing | undefined;

  constructor(site: Site, agent: Agent, period: Period, token: string) {
    this.#site = site;
    this.#agent = agent;
    this.#period = period;
    this.#token = token;
  }

  /** What the last report left to be counted; undefined before the first and after a withdrawal. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /** Everything the site has, and with count 0 what it had when it reported before. */
  report(): Sent {
    const counts = this.#agent.inventory(this.#site);
    for (const line of this.#sent.keys()) this.#sent.set(line, 0);
    for (const [line, count] of counts) this.#sent.set(line, count);
    this.#standing = { platform: this.#site.platform, counts };
    return this.#next(false);
  }

  /** Takes back every line ever sent in the period. */
  withdraw(): Sent {
    this.#standing = undefined;
    return this.#next(true);
  }

  #next(withdraw: boolean): Sent {
    return {
      period: this.#period,
      token: this.#token,
      sequence: ++this.#sequence,
      platform: this.#site.platform,
      lines: [...this.#sent.keys()],
      counts: [...this.#sent.values()],
      withdraw,
    };
  }
}

/** What is posted. */
export function reportOf({ period, token, sequence, platform, lines, counts, withdraw }: Sent): Report {
  return {
    schema: 'rollcall.report/1',
    period,
    token,
    sequence,
    platform,
    devices: lines.map((line, i) => ({ ...line, count: counts[i]! })),
    ...(withdraw ? { withdraw } : {}),
  };
}
