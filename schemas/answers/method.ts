import * as z from 'zod';
import { QUERY_NAMES } from '../release.ts';

const Count = z.int().min(0);
const positive = z.number().min(0);
const Budget = z.strictObject({ rho: positive, epsilon: positive, delta: positive });

/** `GET /v1/method`, for anybody: the constants that numbers are made with, read off the code that makes them. */
export const MethodAnswer = z.strictObject({
  /** Fewest sites of a shown cell, and of a shown name that no rule knows. */
  threshold: Count,
  unlistedThreshold: Count,
  /** While a month is open, a number changes only when so many sites changed it. */
  guard: Count,
  /** How long a month takes reports after its end, and how long until it is closed. */
  graceHours: positive,
  closesAfterHours: positive,
  clear: z.strictObject({
    /** In words: what a clear change is. */
    rule: z.string(),
    /** How many spreads of chance: 2. */
    spreads: positive,
    /** Under so many sites in one of two months a change is called "few sites". */
    fewSites: Count,
  }),
  /** One line for each noised number. `margin` is half of a 95 % interval with rounding; `from` is where publication begins. */
  noise: z.array(
    z.strictObject({
      query: z.enum(QUERY_NAMES),
      number: z.enum(['sites', 'phones']),
      variance: positive,
      rho: positive,
      margin: positive,
      from: positive,
    }),
  ),
  release: z.strictObject({
    sitesRounding: Count,
    phonesRounding: Count,
    mostPhonesOfASite: Count,
    leastSample: Count,
    /** Days in which a held number can be decided. */
    heldDays: positive,
    /** What one month, and twelve, can reveal about a site. */
    month: Budget,
    year: Budget,
  }),
});
export type MethodAnswer = z.infer<typeof MethodAnswer>;
