import type { NoisedCell, Profile, QueryName, ReleaseCell } from '../../../schemas/release.ts';
import { cellKey } from '../../core/release-cell.ts';
import { agreeingPhones, type Estimate, type NoisedPhones } from './estimate.ts';
import { ALWAYS_SHOWN, leastPublished, lengths, PHONE_SIGMAS } from './gate.ts';
import { varianceIn } from './noise.ts';
import { type Query, queriesAt } from './queries.ts';

/** A period's noised numbers, and what they were made with: everything that is published is worked out from this. */
export interface NoisedPeriod {
  readonly profile: Profile;
  readonly cap: number;
  /** The installation's threshold; counts in the threshold profile only. */
  readonly threshold: number;
  /** Every listed cell. */
  readonly cells: readonly NoisedCell[];
}

/** Phones for each site of a cell, from the last release: a number that the month's own noise of phones has no part in. */
export type PhonesPerSite = Partial<Record<QueryName, number>>;

/** What stands in for the last release in an installation's first month. */
export const FIRST_PHONES_PER_SITE: PhonesPerSite = { all: 12, phone_vendor: 8, phone_model: 5 };

/** Before rounding. */
export interface ShownCell extends NoisedCell {
  /** The noise's in `sites`. */
  readonly siteVariance: number;
  /** Within one deviation of the number that it is published from. */
  readonly nearItsGate: boolean;
  /** Made to agree; null where they are not shown. */
  readonly phonesFound: Estimate | null;
}

/** How a period's numbers are read: variances, gates, and phones that agree. */
export class Reading {
  readonly period: NoisedPeriod;
  readonly queries: ReadonlyMap<QueryName, Query>;
  readonly listed: ReadonlyMap<QueryName, number>;
  readonly #phones: ReadonlyMap<string, Estimate>;
  readonly #least: ReadonlyMap<QueryName, number>;

  constructor(period: NoisedPeriod) {
    const queries = queriesAt(period.cap);
    this.period = period;
    this.queries = new Map(queries.map((query) => [query.name, query]));
    this.listed = lengths(period.cells);
    this.#least = new Map(
      queries.map((query) => [
        query.name,
        leastPublished(query, { ...period, listed: this.listed.get(query.name) ?? 0 }),
      ]),
    );
    this.#phones = this.#agreeing();
  }

  query(name: QueryName): Query {
    return this.queries.get(name) as Query;
  }

  siteVariance(name: QueryName): number {
    return varianceIn(this.period.profile, this.query(name).sites);
  }

  phones(cell: ReleaseCell): Estimate | undefined {
    return this.#phones.get(cellKey(cell));
  }

  /** The least number of sites that a cell of the query is published from; 0 where its one number is always shown. */
  least(name: QueryName): number {
    return this.#least.get(name) ?? 0;
  }

  /** The cells that pass their gates, held ones included. */
  shown(perSite: PhonesPerSite): ShownCell[] {
    return this.period.cells
      .filter((cell) => ALWAYS_SHOWN.includes(cell.query) || cell.sites >= this.least(cell.query))
      .map((cell) => ({
        ...cell,
        siteVariance: this.siteVariance(cell.query),
        nearItsGate: this.#isNear(cell),
        phonesFound: this.#phonesShown(cell, perSite[cell.query] ?? 0),
      }));
  }

  #isNear({ query, sites }: NoisedCell): boolean {
    return !ALWAYS_SHOWN.includes(query) && sites < this.least(query) + Math.sqrt(this.siteVariance(query));
  }

  /** By the cell's sites and last month's phones for a site: chosen by themselves, numbers of phones would come out too high. */
  #phonesShown(cell: NoisedCell, perSite: number): Estimate | null {
    const found = this.phones(cell);
    if (found === undefined) return null;
    return cell.sites * perSite >= PHONE_SIGMAS * Math.sqrt(found.variance) ? found : null;
  }

  #agreeing(): ReadonlyMap<string, Estimate> {
    const { cells, profile } = this.period;
    const of = (name: QueryName): NoisedPhones[] => {
      const variance = this.query(name).phones?.variance ?? 0;
      return cells.flatMap((cell) =>
        cell.query === name && cell.phones !== null ? [{ cell, phones: cell.phones, variance }] : [],
      );
    };
    const [total] = of('all');
    const [makers, models] = [of('phone_vendor'), of('phone_model')];
    if (profile === 'noised' && total) return agreeingPhones(total, makers, models);
    // Without noise they agree as they are.
    const exact = [...(total ? [total] : []), ...makers, ...models];
    return new Map(exact.map(({ cell, phones }) => [cellKey(cell), { value: phones, variance: 0 }]));
  }
}
