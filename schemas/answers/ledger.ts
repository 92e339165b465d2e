import * as z from 'zod';
import { Period } from '../period.ts';
import { DELIVERY_EVENTS, PROFILES } from '../release.ts';
import { LEDGER_MORE } from './extended.ts';
import { Time } from './parts.ts';

const Event = z.strictObject({ event: z.enum(DELIVERY_EVENTS), at: Time, way: z.string(), outcome: z.string() });

export const LedgerAnswer = z.strictObject({
  /** Months on all pages together. */
  total: z.int(),
  entries: z.array(
    z.strictObject({
      period: Period,
      at: Time,
      profile: z.enum(PROFILES),
      /** zCDP; null when the release carries no noise. */
      rho: z.number().nullable(),
      /** At `delta`; null for unbounded. */
      epsilon: z.number().nullable(),
      delta: z.number().nullable(),
      releases: z.array(z.strictObject({ party: z.string(), revision: z.int(), deliveries: z.array(Event) })),
    }),
  ),
  ...LEDGER_MORE,
});
export type LedgerAnswer = z.infer<typeof LedgerAnswer>;
