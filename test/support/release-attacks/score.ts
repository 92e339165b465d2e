import type { QueryName } from '../../../schemas/release.ts';
import type { World } from './question.ts';

/** How often an attack told two worlds apart that are equally likely: chance is 0.5. */
export interface Score {
  readonly trials: number;
  readonly accuracy: number;
  /** What no attack can exceed against noise of the specified variances; the mean over the trials. */
  readonly best: number;
}

/** Written down a second time: a wrong number in the product must not move the bound as well. Caps of 24, 12, 6, 3, 1, 1. */
const VARIANCES: Partial<Record<QueryName, number>> = {
  all: 200,
  at_cap: 400,
  platform: 64,
  platform_vendor: 100,
  phone_vendor: 150,
  phone_model: 40,
};
const PHONES: Partial<Record<QueryName, number>> = { all: 92_042, phone_vendor: 30_261, phone_model: 12_784 };

/** What no attack on one token can exceed, whatever its agent sends: rho .25, by the normal curve. */
export const BEST_OF_A_TOKEN = normal(Math.sqrt(2 * 0.25) / 2);

export function variance(query: QueryName): { sites: number; phones: number } {
  return { sites: VARIANCES[query]!, phones: PHONES[query] ?? Number.POSITIVE_INFINITY };
}

/**
 * The accuracy of the best test between two worlds under Gaussian noise, if it saw every cell and no gate or rounding
 * took anything away: half the distance in standard deviations under the normal curve (Neyman and Pearson's likelihood
 * ratio). 0.525 for one site more in one cell with a standard deviation of 8.
 */
export function bestAccuracy(one: World, other: World): number {
  let distance = 0;
  for (const [month, cube] of one.entries())
    for (const name of new Set([...cube.keys(), ...other[month]!.keys()])) {
      const [a, b] = [cube.get(name), other[month]!.get(name)];
      const { sites, phones } = variance((a ?? b)!.query);
      distance += ((a?.boundedSites ?? 0) - (b?.boundedSites ?? 0)) ** 2 / sites;
      distance += ((a?.boundedDevices ?? 0) - (b?.boundedDevices ?? 0)) ** 2 / phones;
    }
  return normal(Math.sqrt(distance) / 2);
}

/** The normal distribution function: Abramowitz and Stegun 26.2.17, wrong by less than 1e-7. */
export function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce(
    (sum, c) => (sum + c) * t,
    0,
  );
  const tail = (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  return z < 0 ? tail : 1 - tail;
}

/** The 95 % interval of the accuracy: Wilson's, which stays within 0 and 1. */
export function interval({ accuracy, trials }: Score): [number, number] {
  const z = 1.96;
  const spread = z * Math.sqrt((accuracy * (1 - accuracy)) / trials + (z / (2 * trials)) ** 2);
  const middle = accuracy + (z * z) / (2 * trials);
  const scale = 1 + (z * z) / trials;
  return [(middle - spread) / scale, (middle + spread) / scale];
}

/** No more than chance and the noise allow, in so many trials: three standard errors over the best that is possible. */
export function withinNoise({ accuracy, best, trials }: Score): boolean {
  return accuracy <= best + 3 * Math.sqrt((best * (1 - best)) / trials);
}
