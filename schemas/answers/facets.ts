import * as z from 'zod';
import { PERIOD_STATES } from '../cube.ts';
import { VIEWS } from '../fact.ts';
import { Period } from '../period.ts';

const Count = z.int().min(0);

/** `GET /v1/facets?period`: what can be asked for, so that no page keeps a list of its own. */
export const FacetsAnswer = z.strictObject({
  period: Period,
  views: z.array(
    z.strictObject({
      view: z.enum(VIEWS),
      /** Parameters of `/v1/counts` that apply. */
      filters: z.array(z.enum(['category', 'vendor', 'platform', 'q'])),
      sorts: z.array(z.enum(['sites', 'devices', 'name'])),
      /** What may be stacked because its parts add up: devices, and sites of platforms. */
      stacks: z.array(z.enum(['sites', 'devices'])),
    }),
  ),
  /** Shown in the period, most sites first. */
  categories: z.array(z.strictObject({ category: z.string(), sites: Count })),
  /** Shown in the period, most devices of the last twelve months first: the order that colours go by. */
  vendors: z.array(
    z.strictObject({
      vendor: z.string(),
      /** Who owns the brand, from the catalogue; null when nobody else does. */
      owner: z.string().nullable(),
      /** Brands that it owns. */
      brands: z.array(z.string()),
      categories: z.array(z.string()),
    }),
  ),
  platforms: z.array(z.strictObject({ platform: z.string(), sites: Count })),
  /** Counted months, newest first. `provisional` as in `/v1/counts`. */
  periods: z.array(
    z.strictObject({
      period: Period,
      state: z.enum(PERIOD_STATES),
      provisional: z.boolean(),
      sites: Count.nullable(),
      snapshotAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type FacetsAnswer = z.infer<typeof FacetsAnswer>;
