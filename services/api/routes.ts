import * as z from 'zod';
import { PERIOD_STATES } from '../../schemas/cube.ts';
import { VIEWS } from '../../schemas/fact.ts';
import { Period } from '../../schemas/period.ts';
import type { CountStore } from '../ports/count-store.ts';
import type { Clock } from '../shared/clock.ts';
import { counts } from './counts.ts';
import { CountsQuery } from './counts-query.ts';
import { periods } from './periods.ts';
import { type Route, route } from './route.ts';

export interface ApiDeps {
  readonly store: CountStore;
  readonly clock: Clock;
  readonly threshold: number;
}

const Share = z.number().min(0).max(1).nullable();

const CountsAnswer = z.strictObject({
  period: Period,
  view: z.enum(VIEWS),
  snapshotAt: z.iso.datetime().nullable(),
  provisional: z.boolean(),
  threshold: z.int(),
  total: z.strictObject({ sites: z.int().nullable(), devices: z.int().nullable() }),
  suppressed: z.strictObject({ cells: z.int() }),
  rows: z.array(
    z.strictObject({
      category: z.string().optional(),
      vendor: z.string().optional(),
      model: z.string().optional(),
      platform: z.string().optional(),
      sites: z.int(),
      devices: z.int().nullable(),
      sitesShare: Share,
      devicesShare: Share,
    }),
  ),
  next: z.int().nullable(),
});

const PeriodsAnswer = z.strictObject({
  periods: z.array(
    z.strictObject({
      period: Period,
      state: z.enum(PERIOD_STATES),
      sites: z.int().nullable(),
      snapshotAt: z.iso.datetime().nullable(),
    }),
  ),
});

/** What product managers read. */
export function countRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/periods',
      summary: 'Months and their state, newest first',
      allow: ['reader', 'curator', 'releaser'],
      query: z.strictObject({}),
      answer: PeriodsAnswer,
      handle: async () => ({ periods: await periods(deps.store, deps.clock.now()) }),
    }),
    route({
      method: 'GET',
      path: '/v1/counts',
      summary: 'Counts of one view of one month, a page at a time',
      allow: ['reader', 'curator', 'releaser'],
      query: CountsQuery,
      answer: CountsAnswer,
      handle: ({ query }) => counts(query, deps),
    }),
  ];
}
