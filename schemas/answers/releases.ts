import * as z from 'zod';
import { Period } from '../period.ts';

export const ReleasesAnswer = z.strictObject({
  releases: z.array(
    z.strictObject({
      period: Period,
      party: z.string(),
      revision: z.int(),
      files: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
    }),
  ),
});
export type ReleasesAnswer = z.infer<typeof ReleasesAnswer>;

export const RedeliveryAnswer = z.strictObject({ state: z.literal('enqueued'), revision: z.int() });
export type RedeliveryAnswer = z.infer<typeof RedeliveryAnswer>;

export const SigningKeyAnswer = z.strictObject({ keyId: z.string(), pem: z.string() });
export type SigningKeyAnswer = z.infer<typeof SigningKeyAnswer>;
