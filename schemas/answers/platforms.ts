import * as z from 'zod';
import { Period } from '../period.ts';
import { Count, Share, Time } from './parts.ts';

const SitesOf = { sites: Count, sitesShare: Share };

export const PlatformsAnswer = z.strictObject({
  period: Period,
  snapshotAt: Time.nullable(),
  provisional: z.boolean(),
  threshold: Count,
  total: z.strictObject({ sites: Count.nullable() }),
  /** How many platforms are held back. */
  suppressed: z.strictObject({ cells: Count }),
  /** Shares are of all sites; a vendor's within a platform are of the platform's sites. */
  platforms: z.array(
    z.strictObject({
      platform: z.string(),
      ...SitesOf,
      vendors: z.array(z.strictObject({ vendor: z.string(), ...SitesOf })),
    }),
  ),
  next: Count.nullable(),
});
export type PlatformsAnswer = z.infer<typeof PlatformsAnswer>;
