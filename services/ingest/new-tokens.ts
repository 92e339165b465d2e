import { createHmac } from 'node:crypto';
import type { Period } from '../../schemas/period.ts';
import { GRACE_MS, periodEnd } from '../core/period.ts';
import { type ClientAddress, dottedOrColons, isLoopback } from '../http/addresses/client-address.ts';
import { networksOf } from '../http/addresses/networks.ts';
import type { Counted, Counters } from '../ports/counters.ts';
import type { Clock } from '../shared/clock.ts';
import type { MonthKeys } from '../shared/month-keys.ts';
import type { PopularNetworks } from '../shared/popular-networks.ts';
import { Refused } from './refused.ts';

export interface NewTokensOptions {
  /** New tokens at once of one network (/24, /48), about: see {@link NewTokens}. 0: no limit. */
  readonly perNetwork: number;
  readonly popular: PopularNetworks;
  readonly counters: Counters;
  readonly keys: Pick<MonthKeys, 'of'>;
  readonly clock: Clock;
}

/**
 * A network may bring what is set within a week, and this much of it in a month: 300 honest systems behind one /24 are all
 * taken by the second week (the least that is drawn is 200 and then 300 in all), and whoever invents sites has half as
 * many more, for weeks of patience.
 */
const MONTH_TIMES = 1.5;
/** Of the wide network (/16, /32), so many times as much: an operator of many networks has no more sites than that. */
const WIDE_TIMES = 20;
/** How far a limit is drawn from what is set. */
const SPREAD = 0.2;
const WEEK_MS = 7 * 86_400_000;

/** Undoes what was counted, when the report was not taken in the end. */
export type Undo = () => Promise<void>;
const NOTHING: Undo = async () => {};

/**
 * How many tokens a network may bring that were not there before, in a week and in a month. What is counted is a keyed
 * hash of the network, under the month's key. Its limits are drawn anew each week, keyed, up to a fifth to either side: a
 * neighbour who counts how many the server still takes does not learn how many others take part.
 */
export class NewTokens {
  readonly #options: NewTokensOptions;

  constructor(options: NewTokensOptions) {
    this.#options = options;
  }

  /** Counts a new token, or throws 429 that says when to come again. This machine itself is exempt. */
  async take(period: Period, client: ClientAddress | undefined): Promise<Undo> {
    const { perNetwork, counters, clock } = this.#options;
    if (perNetwork === 0 || (client?.direct && isLoopback(client.bytes))) return NOTHING;
    const now = clock.now();
    const until = periodEnd(period) + GRACE_MS;
    const numbers = this.#numbersOf(period, client, Math.floor(now / WEEK_MS));
    const full = await counters.take(numbers, Math.max(1_000, until - now));
    if (full === undefined) return () => counters.giveBack(numbers.map(({ name }) => name));
    const again = Math.min((Math.floor(now / WEEK_MS) + 1) * WEEK_MS, Math.max(now, until));
    throw new Refused(429, 'too-many-new-tokens', DETAIL, {
      headers: { 'retry-after': String(Math.max(1, Math.ceil((again - now) / 1_000))) },
    });
  }

  #numbersOf(period: Period, client: ClientAddress | undefined, week: number): Counted[] {
    const { perNetwork, popular } = this.#options;
    // A connection that is gone has no address: all such are one network.
    if (!client) return [this.#number(period, 'gone', perNetwork, week)];
    const listed = popular.of(dottedOrColons(client.bytes));
    // What the operator has written down is what the network is promised: drawn upwards only.
    if (listed) return [this.#number(period, listed.name, listed.limit / (1 - SPREAD), week)];
    const { own, wide } = networksOf(client.bytes);
    const network = Buffer.from(own).toString('hex');
    return [
      this.#number(period, `${network} in ${week}`, perNetwork, week),
      this.#number(period, network, MONTH_TIMES * perNetwork, week),
      this.#number(period, `wide ${Buffer.from(wide).toString('hex')}`, WIDE_TIMES * perNetwork, week),
    ];
  }

  #number(period: Period, network: string, about: number, week: number): Counted {
    const key = this.#options.keys.of(period).for('limits');
    const keyed = (text: string) => createHmac('sha256', key).update(text).digest();
    const drawn = keyed(`limit ${week} ${network}`).readUInt32BE() / 2 ** 32;
    const limit = Math.max(1, Math.round(about * (1 - SPREAD + 2 * SPREAD * drawn)));
    return { name: keyed(`network ${network}`).toString('base64url').slice(0, 22), limit };
  }
}

const DETAIL =
  'Too many sites that were not there before from this network this week or this month. Those that were are taken as ever, with the ' +
  'ticket that they were given. Try again after the time in Retry-After; the operator can allow the network more ' +
  '(ROLLCALL_POPULAR_NETWORKS).';
