import * as z from 'zod';
import { DeviceName, Mapping } from '../mapping.ts';
import { Period } from '../period.ts';
import { Time } from './parts.ts';

export const UnlistedAnswer = z.strictObject({
  period: Period,
  snapshotAt: Time.nullable(),
  /** Fewest sites of a name that is shown. */
  threshold: z.int(),
  rows: z.array(
    DeviceName.extend({
      sites: z.int(),
      /** What a curator mapped it to since the snapshot was taken. */
      mappedTo: DeviceName.nullable(),
    }),
  ),
  next: z.int().nullable(),
});
export type UnlistedAnswer = z.infer<typeof UnlistedAnswer>;

export const MappingsAnswer = z.strictObject({
  catalogue: z.string(),
  mappings: z.array(Mapping),
  next: z.int().nullable(),
});
export type MappingsAnswer = z.infer<typeof MappingsAnswer>;

export const MappingsAddedAnswer = z.strictObject({ catalogue: z.string(), since: Period, added: z.array(Mapping) });
export type MappingsAddedAnswer = z.infer<typeof MappingsAddedAnswer>;
