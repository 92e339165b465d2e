import type { CubeRow } from '../../schemas/cube.ts';
import type { Period } from '../../schemas/period.ts';
import type { Identifier } from '../identify/identity.ts';
import { Agent } from './agent.ts';
import { change, changeMaker, passMonth } from './changes.ts';
import { deliver, type Posting } from './delivery.ts';
import { buyPhones, foundSite } from './fleet.ts';
import type { Market } from './market.ts';
import { Oracle } from './oracle.ts';
import { upgraded } from './platforms.ts';
import { Random } from './random.ts';
import { lastInstant, type Step, writeScript } from './script.ts';
import type { Site } from './site.ts';
import { type Sent, SiteMonth } from './site-month.ts';
import { NO_STORY, type Story } from './story.ts';

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
  readonly market: Market;
}

export interface FleetOptions {
  readonly sites: number;
  readonly months: number;
  readonly seed: number;
  readonly story?: Story | undefined;
}

/** All sites, from month to month. */
export class Fleet {
  readonly #sites: number;
  readonly #months: number;
  readonly #seed: number;
  readonly #story: Story;
  #present: Site[] = [];
  #agent: { readonly of: Identifier; readonly agent: Agent } | undefined;
  #month = 0;

  constructor({ sites, months, seed, story = NO_STORY }: FleetOptions) {
    this.#sites = sites;
    this.#months = months;
    this.#seed = seed;
    this.#story = story;
  }

  nextMonth(period: Period, identifier: Identifier): PlannedMonth {
    if (this.#agent?.of !== identifier) this.#agent = { of: identifier, agent: new Agent(identifier) };
    const market = { month: this.#month, makers: this.#story.makers };
    const place = { agent: this.#agent.agent, period, market };
    const newcomers = this.#newcomers(market);
    this.#present = [...this.#present.filter(({ gone }) => !gone), ...newcomers];
    const arrived = new Set(newcomers);
    const oracle = new Oracle(identifier);
    const postings: Posting[] = [];
    for (const site of this.#present) {
      const random = new Random(this.#seed, site.id, this.#month + 1);
      const isNew = arrived.has(site);
      if (!isNew) passMonth(site, market, random);
      followStory(site, this.#story, market, random);
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

  #newcomers(market: Market): Site[] {
    const fromTheStart = this.#months === 1 ? this.#sites : Math.ceil(this.#sites * this.#story.fromTheStart);
    const joins = (id: number) => (id < fromTheStart ? 0 : 1 + ((id - fromTheStart) % (this.#months - 1)));
    return Array.from({ length: this.#sites }, (_, id) => id)
      .filter((id) => joins(id) === this.#month)
      .map((id) => foundSite(id, market, new Random(this.#seed, id)));
  }
}

/** Draws nothing without a story, so that runs without one are as they were. */
function followStory(site: Site, { leaving, rollout }: Story, market: Market, random: Random): void {
  if (leaving?.maker === site.maker.name && random.chance(leaving.share)) changeMaker(site, market, random);
  if (rollout?.month !== market.month || site.maker.name !== rollout.maker || !random.chance(rollout.share)) return;
  site.items.push(...buyPhones(random.int(2, 12), { ...site.maker, models: [rollout.model] }, market, random));
}

/** A site's month as its script has it: what its agent sends, and what it wants counted in the end. */
function liveThrough(site: Site, script: readonly Step[], { agent, period, market }: Place, random: Random) {
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
    if (act === 'change' || (act === 'return' && random.chance(0.5))) change(site, market, random);
    send(life.report(), act === 'upgrade' ? atMs + random.int(1, 30) * MINUTE : atMs);
  }
  return { sent, standing: life.standing };
}
