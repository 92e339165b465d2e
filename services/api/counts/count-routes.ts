import * as z from 'zod';
import { CompareAnswer } from '../../../schemas/answers/compare.ts';
import { CountsAnswer } from '../../../schemas/answers/counts.ts';
import { GrowthAnswer } from '../../../schemas/answers/growth.ts';
import { InstallBaseAnswer } from '../../../schemas/answers/install-base.ts';
import { MoversAnswer } from '../../../schemas/answers/movers.ts';
import { PeriodsAnswer } from '../../../schemas/answers/periods.ts';
import { PlatformsAnswer } from '../../../schemas/answers/platforms.ts';
import { SearchAnswer } from '../../../schemas/answers/search.ts';
import { TrendAnswer } from '../../../schemas/answers/trend.ts';
import { VendorAnswer } from '../../../schemas/answers/vendor.ts';
import { mayCall } from '../../http/access.ts';
import { type Route, route } from '../../http/route.ts';
import { CompareQuery, compare, compareTable } from './compare.ts';
import { counts, countsTable } from './counts.ts';
import { CountsQuery } from './counts-query.ts';
import { type GrowthDeps, GrowthQuery, growth } from './growth.ts';
import { InstallBaseQuery, installBase, installBaseTable } from './install-base.ts';
import { MoversQuery, movers, moversTable } from './movers.ts';
import { type PeriodsDeps, periods, periodsTable } from './periods.ts';
import { PlatformsQuery, platforms, platformsTable } from './platforms.ts';
import { answered } from './reading.ts';
import { SearchQuery, search, searchTable } from './search.ts';
import { TrendQuery, trend, trendTable } from './trend.ts';
import { type VendorDeps, VendorParams, VendorQuery, vendorPage, vendorTable } from './vendors.ts';

export type ApiDeps = PeriodsDeps & VendorDeps & GrowthDeps;

/** Exact counts are for those who need them: a releaser judges noised numbers. A key may have several scopes. */
const READERS = ['reader', 'curator'] as const;
const LIST = { method: 'GET', allow: READERS, formats: ['csv', 'parquet'] } as const;

/** What product managers read. */
export function countRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      ...LIST,
      path: '/v1/periods',
      allow: [...READERS, 'releaser'],
      summary: 'Months and their state, newest first',
      description:
        'open: takes reports. closing: its grace is over. frozen: counted a last time, exactly. released: the facts are ' +
        'destroyed and the parties have their releases. `step` is the last step of the close that was finished, `failure` the code of what keeps it from going on.',
      query: z.strictObject({}),
      answer: PeriodsAnswer,
      table: periodsTable,
      example: {},
      handle: async (call) => answered(call, await periods(deps, mayCall(READERS, call.caller))),
    }),
    route({
      ...LIST,
      path: '/v1/counts',
      summary: 'Counts of one view of one month, a page at a time',
      description:
        'Without `period` the newest month that was counted. `total` is the shown cell that the filters name: all sites, ' +
        "or those with the category or vendor. Shares are of the row's market, as in a trend. `suppressed.cells` says how many cells were held back. " +
        'With `compare` a row says what changed since that month, unless one of the two may still change; with `trend` ' +
        'how it went over so many months. `rowsInAll` is there with either.',
      query: CountsQuery,
      answer: CountsAnswer,
      table: countsTable,
      example: { view: 'model', category: 'phone', sort: '-devices', limit: '3' },
      handle: async (call) => answered(call, await counts(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/trend',
      summary: 'One cell, month by month',
      description:
        'Names every column of its view (a model without a vendor is one of no known vendor). Months that were counted ' +
        'between `from` and `to`, by default the last twelve. A month in which the cell is not shown has nulls. Shares ' +
        "are of the cell's category; of the platform for a vendor on a platform; otherwise of all sites.",
      query: TrendQuery,
      answer: TrendAnswer,
      table: trendTable,
      example: { view: 'model', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
      handle: async (call) => answered(call, await trend(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/movers',
      summary: 'What gained and lost share between two months',
      description:
        'Changes are differences of the shares that `/v1/counts` shows: 0.05 is five percentage points more. By ' +
        'default the newest month against the one counted before it, greatest change first, in either direction. A cell ' +
        'that is not shown in one of the two has nulls and comes last. `direction` and `state` leave the others out. `clear`: more than chance and ' +
        'the growth of all can explain, between final months. `few`: under 30 sites in one of the two.',
      query: MoversQuery,
      answer: MoversAnswer,
      table: moversTable,
      example: { view: 'vendor', category: 'phone', limit: '5' },
      handle: async (call) => answered(call, await movers(call.query, deps)),
    }),
    route({
      method: 'GET',
      path: '/v1/growth',
      summary: "Growth that is not the fleet's own: new sites by day, and cells that rose by themselves",
      allow: READERS,
      description:
        'Of one month against the one counted before it. `newSites`: how many came on each day that is over, beside the same day ' +
        'of the month before, and how many until the last of them; noised when they were noted, each within its margin nineteen times in twenty. `day` is the ' +
        'first of `days` days of the month, 1 its first. `alone`: cells that rose far beyond the growth of all and their own churn, where no other of their ' +
        'view rose by half as many. `together`: cells that rose by the same number of sites beyond it, in three views ' +
        'or four in one: invented sites look like that, and so does a large customer. These two are made from what both months show, and from nothing else.',
      query: GrowthQuery,
      answer: GrowthAnswer,
      example: {},
      handle: async (call) => answered(call, await growth(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/install-base',
      summary: 'Sites and devices, month by month',
      description: 'Of one category or of all. Devices are those of shown models.',
      query: InstallBaseQuery,
      answer: InstallBaseAnswer,
      table: installBaseTable,
      example: { category: 'phone' },
      handle: async (call) => answered(call, await installBase(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/vendors/:vendor',
      summary: "A vendor's models with share and trend",
      description:
        'In one category, or in `all`. Shares are of the category. `months` is how far the trend goes back. A vendor of ' +
        'the catalogue that is held back and one that nobody has are answered alike: with nothing. With `lineage` models of the brands that it owns are in the list too.',
      params: VendorParams,
      query: VendorQuery,
      answer: VendorAnswer,
      table: vendorTable,
      example: { vendor: 'Yealink', category: 'phone', months: '3' },
      handle: async (call) => answered(call, await vendorPage(call.params.vendor as string, call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/platforms',
      summary: 'Platforms, and whose phones their sites have',
      description: "`vendor` shows that vendor alone. A vendor's share is of the platform's sites.",
      query: PlatformsQuery,
      answer: PlatformsAnswer,
      table: platformsTable,
      example: { vendor: 'Yealink' },
      handle: async (call) => answered(call, await platforms(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/compare',
      summary: 'Two to five models, vendors or platforms side by side',
      description:
        'Each `cell` is `category:vendor:model`, `category:vendor` with `view=vendor`, or a name with `view=platform`. All have ' +
        'the same months.',
      query: CompareQuery,
      answer: CompareAnswer,
      table: compareTable,
      example: { view: 'model', cell: ['phone:Yealink:SIP-T46S', 'phone:Yealink:SIP-T54W'] },
      handle: async (call) => answered(call, await compare(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/search',
      summary: 'Models, vendors and platforms by name',
      description: 'Every word of `q` must occur in the name, in any case. Shown cells only, of one month.',
      query: SearchQuery,
      answer: SearchAnswer,
      table: searchTable,
      example: { q: 'yealink t4', limit: '5' },
      handle: async (call) => answered(call, await search(call.query, deps)),
    }),
  ];
}
