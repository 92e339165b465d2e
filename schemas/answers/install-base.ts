import * as z from 'zod';
import { Period } from '../period.ts';
import { Count, Note, Time } from './parts.ts';

export const InstallBaseAnswer = z.strictObject({
  category: z.string().nullable(),
  from: Period,
  to: Period,
  threshold: Count,
  note: Note,
  points: z.array(
    z.strictObject({
      period: Period,
      provisional: z.boolean(),
      snapshotAt: Time.nullable(),
      sites: Count.nullable(),
      devices: Count.nullable(),
    }),
  ),
});
export type InstallBaseAnswer = z.infer<typeof InstallBaseAnswer>;
