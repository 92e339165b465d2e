import type { CubeRow } from '../../schemas/cube.ts';
import type { Period } from '../../schemas/period.ts';
import type { Identifier } from '../identify/identity.ts';
import { Agent } from './agent.ts';
import { change, passMonth } from './changes.ts';
import { deliver, type Posting } from './delivery.ts';
import { foundSite } from './fleet.ts';
import { Oracle } from './oracle.ts';
import { upgraded } from './platforms.ts';
import { Random } from './random.ts';
import { lastInstant, type Step, writeScript } from './script.ts';
import type { Site } from './site.ts';
import { type Sent, SiteMonth } from './site-month.ts';

/** Of the sites: the rest join in later months. */
const FROM_THE_START = 0.94;
/** Sites that between two months fall silent without a word. */
const FALL_SILENT = 0.015;
/** Of those that opted out and did not return. */
const OUT_FOR_GOOD = 0.6;
const MINUTE = 60_000;

export interface PlannedMonth {
  readonly period: Period;
  /** Everything that will be posted for the period, in order. */
  readonly postings: readonly Posting[];
  readonly tally: readonly CubeRow[];
}

interface Place {
  readonly agent: Agent;
  readonly period: Period;
  readonly month: number;
}

/** All sites, from month to month. */
export class Fleet {
  readonly #sites: number;
  readonly #months: number;
  readonly #seed: number;
  #present: Site[] = [];
  #agent: { readonly of: Identifier; readonly agent: Agent } | undefined;
  #month = 0;

  constructor({ sites, months, seed }: { readonly sites: number; readonly months: number; readonly seed: number }) {
    this.#sites = sites;
    this.#months = months;
    this.#seed = seed;
  }

  nextMonth(period: Period, identifier: Identifier): PlannedMonth {
    if (this.#agent?.of !== identifier) this.#agent = { of: identifier, agent: new Agent(identifier) };
    const place = { agent: this.#agent.agent, period, month: this.#month };
    const newcomers = this.#newcomers();
    this.#present = [...this.#present.filter(({ gone }) => !gone), ...newcomers];
    const arrived = new Set(newcomers);
    const oracle = new Oracle(identifier);
    const postings: Posting[] = [];
    for (const site of this.#present) {
      const random = new Random(this.#seed, site.id, this.#month + 1);
      const isNew = arrived.has(site);
      if (!isNew) passMonth(site, this.#month, random);
      const { sent, standing } = liveThrough(
        site,
        writeScript(period, isNew && this.#month > 0, random),
        place,
        random,
      );
      postings.push(...deliver(sent, lastInstant(period), random));
      if (standing) oracle.count(standing);
      site.gone = standing === undefined ? random.chance(OUT_FOR_GOOD) : random.chance(FALL_SILENT);
    }
    this.#month++;
    return { period, postings: postings.sort((a, b) => a.atMs - b.atMs), tally: oracle.rows() };
  }

  #newcomers(): Site[] {
    const fromTheStart = this.#months === 1 ? this.#sites : Math.ceil(this.#sites * FROM_THE_START);
    const joins = (id: number) => (id < fromTheStart ? 0 : 1 + ((id - fromTheStart) % (this.#months - 1)));
    return Array.from({ length: this.#sites }, (_, id) => id)
      .filter((id) => joins(id) === this.#month)
      .map((id) => foundSite(id, this.#month, new Random(this.#seed, id)));
  }
}

/** A site's month as its script has it: what its agent sends, and what it wants counted in the end. */
function liveThrough(site: Site, script: readonly Step[], { agent, period, month }: Place, random: Random) {
  const life = new SiteMonth(site, agent, period, random.token());
  const sent: Posting[] = [];
  const send = (report: Sent, atMs: number) => sent.push({ atMs, sent: report });
  for (const { act, atMs } of script) {
    if (act === 'opt-out') {
      send(life.withdraw(), atMs);
      continue;
    }
    if (act === 'upgrade') {
      send(life.withdraw(), atMs);
      site.platform = upgraded(site.platform);
    }
    if (act === 'change' || (act === 'return' && random.chance(0.5))) change(site, month, random);
    send(life.report(), act === 'upgrade' ? atMs + random.int(1, 30) * MINUTE : atMs);
  }
  return { sent, standing: life.standing };
}
