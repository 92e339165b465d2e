import * as z from 'zod';
import { NAME_PATTERN } from './fact.ts';
import { Period } from './period.ts';
import { CATEGORIES } from './report.ts';

/** A device by name: a model cell or an unlisted one. */
export const DeviceName = z.strictObject({
  category: z.enum(CATEGORIES),
  vendor: z.string().regex(NAME_PATTERN, 'bad-name'),
  model: z.string().regex(NAME_PATTERN, 'bad-name'),
});
export type DeviceName = z.infer<typeof DeviceName>;

/** What a curator made of an unlisted name. Of one name the newest mapping holds. */
export const Mapping = z.strictObject({
  /** Grows with time; the same for all that one request added. */
  id: z.int(),
  from: DeviceName,
  /** Null takes the mapping back: the name is unlisted again. */
  to: DeviceName.nullable(),
  /** The first period whose reports are identified by it. */
  since: Period,
  /** Milliseconds since 1970. */
  addedAt: z.int(),
  /** The public id of the key that added it. */
  addedBy: z.string(),
});
export type Mapping = z.infer<typeof Mapping>;
