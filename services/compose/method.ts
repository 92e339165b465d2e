import type { MethodAnswer } from '../../schemas/answers/method.ts';
import { UNLISTED_THRESHOLD } from '../../schemas/cube.ts';
import { MAX_BOUNDED } from '../../schemas/fact.ts';
import { CLEAR_RULE, CLEAR_SPREADS, FEW_SITES } from '../core/clear-change.ts';
import { CLOSES_AFTER_MS, GRACE_MS } from '../core/period.ts';
import { DECIDE_WITHIN_MS, ROUNDING } from '../core/release-cell.ts';
import { rhoOf } from '../releases/numbers/accountant.ts';
import { type Claim, claims } from '../releases/numbers/claims.ts';
import { gateOf, leastSites, PHONE_SIGMAS, SITE_SIGMAS } from '../releases/numbers/gate.ts';
import { LEAST_SAMPLE } from '../releases/numbers/publish.ts';
import { type Measure, QUERIES } from '../releases/numbers/queries.ts';
import { roundedUp } from '../releases/numbers/rounded-up.ts';
import { marginOf } from '../releases/numbers/rounding.ts';

const HOUR_MS = 3_600_000;

/** The constants that numbers are made with, read off the code that makes them. */
export function methodOf(threshold: number): MethodAnswer {
  const [month, year] = claims() as [Claim, Claim];
  return {
    threshold,
    unlistedThreshold: Math.max(threshold, UNLISTED_THRESHOLD),
    guard: threshold,
    graceHours: GRACE_MS / HOUR_MS,
    closesAfterHours: CLOSES_AFTER_MS / HOUR_MS,
    clear: { rule: CLEAR_RULE, spreads: CLEAR_SPREADS, fewSites: FEW_SITES },
    noise: noiseOf(threshold),
    release: {
      sitesRounding: ROUNDING.sites,
      phonesRounding: ROUNDING.phones,
      mostPhonesOfASite: MAX_BOUNDED,
      leastSample: LEAST_SAMPLE,
      heldDays: DECIDE_WITHIN_MS / (24 * HOUR_MS),
      month: budget(month),
      year: budget(year),
    },
  };
}

function noiseOf(threshold: number): MethodAnswer['noise'] {
  return QUERIES.flatMap(({ name: query, sites, phones }) => [
    { query, number: 'sites' as const, ...lineOf(sites, gateOf(leastSites(threshold), SITE_SIGMAS, sites.variance)) },
    ...(phones
      ? [{ query, number: 'phones' as const, ...lineOf(phones, gateOf(0, PHONE_SIGMAS, phones.variance)) }]
      : []),
  ]);
}

function lineOf(measure: Measure, from: number) {
  const { variance } = measure;
  return { variance, rho: rhoOf(measure), margin: marginOf(measure, variance), from };
}

/** Bounds are not rounded down. */
function budget({ rho, epsilon, delta }: Claim) {
  const up = (bound: number) => Number(roundedUp(bound, 4));
  return { rho: Number(rho.toPrecision(12)), epsilon: up(epsilon), delta: up(delta) };
}
