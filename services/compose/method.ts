import type { MethodAnswer } from '../../schemas/answers/method.ts';
import type { Catalog } from '../../schemas/catalog.ts';
import { UNLISTED_THRESHOLD } from '../../schemas/cube.ts';
import type { Period } from '../../schemas/period.ts';
import type { QueryName } from '../../schemas/release.ts';
import { FIRST_CAP } from '../core/caps.ts';
import { CLEAR_RULE, CLEAR_SPREADS, FEW_SITES } from '../core/clear-change.ts';
import { CLOSES_AFTER_MS, GRACE_MS } from '../core/period.ts';
import { DECIDE_WITHIN_MS } from '../core/release-cell.ts';
import { listedNames } from '../identify/listed-names.ts';
import { DELTA, rhoOf } from '../releases/numbers/accountant.ts';
import { type Claim, claims } from '../releases/numbers/claims.ts';
import { gateOf, leastPublished, lengths, PHONE_SIGMAS } from '../releases/numbers/gate.ts';
import { listedCells } from '../releases/numbers/listed-cells.ts';
import { LEAST_FLEET } from '../releases/numbers/publish.ts';
import { type Measure, queriesAt } from '../releases/numbers/queries.ts';
import { roundedUp } from '../releases/numbers/rounded-up.ts';
import { marginOf, roundingIn } from '../releases/numbers/rounding.ts';

const HOUR_MS = 3_600_000;
const ROUNDING = roundingIn('noised');

/** The constants that numbers are made with, read off the code that makes them, at the cap of an installation's first months. */
export function methodOf(threshold: number, listed: ReadonlyMap<QueryName, number>): MethodAnswer {
  const [month, year] = claims() as [Claim, Claim];
  return {
    threshold,
    unlistedThreshold: Math.max(threshold, UNLISTED_THRESHOLD),
    guard: threshold,
    graceHours: GRACE_MS / HOUR_MS,
    closesAfterHours: CLOSES_AFTER_MS / HOUR_MS,
    clear: { rule: CLEAR_RULE, spreads: CLEAR_SPREADS, fewSites: FEW_SITES },
    noise: noiseOf(threshold, listed),
    release: {
      sitesRounding: ROUNDING.sites,
      phonesRounding: ROUNDING.phones,
      mostPhonesOfASite: FIRST_CAP,
      leastSample: LEAST_FLEET,
      heldDays: DECIDE_WITHIN_MS / (24 * HOUR_MS),
      month: budget(month),
      year: budget(year),
    },
  };
}

/** How many cells of each query are noised in a month, by the catalogue alone. */
export function listLengths(catalog: Catalog, period: Period): ReadonlyMap<QueryName, number> {
  return lengths(listedCells(listedNames(catalog, [], period)));
}

function noiseOf(threshold: number, listed: ReadonlyMap<QueryName, number>): MethodAnswer['noise'] {
  return queriesAt(FIRST_CAP).flatMap((one) => {
    const { name: query, sites, phones } = one;
    const from = leastPublished(one, { profile: 'noised', listed: listed.get(query) ?? 0, threshold });
    return [
      { query, number: 'sites' as const, ...lineOf(sites, ROUNDING.sites), from },
      ...(phones
        ? [
            {
              ...{ query, number: 'phones' as const, ...lineOf(phones, ROUNDING.phones) },
              from: gateOf(PHONE_SIGMAS, phones.variance),
            },
          ]
        : []),
    ];
  });
}

function lineOf(measure: Measure, step: number) {
  const { variance } = measure;
  return { variance, rho: rhoOf(measure), margin: marginOf(step, variance) };
}

/** Bounds are not rounded down. */
function budget({ rho, epsilon }: Claim) {
  return { rho: Number(rho.toPrecision(12)), epsilon: Number(roundedUp(epsilon, 4)), delta: DELTA };
}
