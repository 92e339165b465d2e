import * as z from 'zod';
import { FacetsAnswer } from '../../../schemas/answers/facets.ts';
import { MethodAnswer } from '../../../schemas/answers/method.ts';
import { ModelAnswer } from '../../../schemas/answers/model.ts';
import { OverviewAnswer } from '../../../schemas/answers/overview.ts';
import { SeriesAnswer } from '../../../schemas/answers/series.ts';
import { WaitingAnswer } from '../../../schemas/answers/waiting.ts';
import { type Route, route } from '../../http/route.ts';
import { chartSeries, SeriesQuery, seriesTable } from './chart-series.ts';
import { type FacetsDeps, FacetsQuery, facets } from './facets.ts';
import { type ModelDeps, ModelParams, ModelQuery, modelPage, modelTable } from './model-page.ts';
import { OverviewQuery, overview } from './overview.ts';
import { answered } from './reading.ts';
import { type WaitingDeps, waiting } from './waiting.ts';

export type ConsoleDeps = FacetsDeps &
  ModelDeps &
  WaitingDeps & {
    /** The constants that numbers are made with. */
    readonly method: () => MethodAnswer;
  };

const LIST = { method: 'GET', allow: ['reader', 'curator'] } as const;

/** What the console's pages are made from: each in one question, from what the lists beside them show. */
export function consoleRoutes(deps: ConsoleDeps): Route[] {
  return [
    route({
      ...LIST,
      path: '/v1/overview',
      summary: 'What the first page shows: makers, models, platforms, and what rises and fades',
      description:
        'Of the newest final month against the year before, unless others are named. A change is of shares, in ' +
        'percentage points; `clear` and `few` are explained by `/v1/method`. No provisional month has a change. A list ' +
        'that cannot be worked out is null and named in `problems`; the others stand.',
      query: OverviewQuery,
      answer: OverviewAnswer,
      example: { category: 'phone', top: '3' },
      handle: async (call) => {
        const answer = await answered(call, await overview(call.query, deps));
        // Half an answer is for nobody to keep.
        if (answer && answer.problems.length > 0) call.reply.removeHeader('etag').header('cache-control', 'no-store');
        return answer;
      },
    }),
    route({
      ...LIST,
      path: '/v1/series',
      summary: 'The numbers of one chart: the largest cells of a view, month by month',
      description:
        'The `top` cells with the greatest sum over the range. `other` is the sum of the other shown cells, where cells ' +
        'add up: devices, and sites of platforms. What is held back is in no sum, and a month in which a cell is not ' +
        'shown has null. `total` is what all shares are of, null where each cell is a share of its own market.',
      query: SeriesQuery,
      answer: SeriesAnswer,
      formats: ['csv', 'parquet'],
      table: seriesTable,
      example: { view: 'vendor', category: 'phone', by: 'devices', top: '3' },
      handle: async (call) => answered(call, await chartSeries(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/facets',
      summary: 'What can be asked for: views with their filters, categories, vendors, platforms and months',
      description: 'Shown names only. Of the newest final month unless `period` names one.',
      query: FacetsQuery,
      answer: FacetsAnswer,
      example: {},
      handle: async (call) => answered(call, await facets(call.query, deps)),
    }),
    route({
      ...LIST,
      path: '/v1/models/:category/:vendor/:model',
      summary: 'One model: its numbers, its place, its months, and the others of its maker',
      description:
        'A model of the catalogue that is held back and one that nobody has are answered alike: with nulls. `released` is what the ' +
        "maker's own party was told of it in the newest release of the month. `endOfLife` is until when its maker sold it and " +
        'supports it, where the catalogue knows.',
      params: ModelParams,
      query: ModelQuery,
      answer: ModelAnswer,
      formats: ['csv', 'parquet'],
      table: modelTable,
      example: { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', months: '3' },
      handle: async (call) =>
        answered(call, await modelPage(call.params as z.infer<typeof ModelParams>, call.query, deps)),
    }),
    route({
      method: 'GET',
      path: '/v1/waiting',
      summary: 'How much waits for somebody',
      description: 'Null where the caller’s scopes do not open the page that shows it.',
      allow: ['reader', 'curator', 'releaser'],
      query: z.strictObject({}),
      answer: WaitingAnswer,
      example: {},
      handle: (call) => waiting(call.caller, deps),
    }),
    route({
      method: 'GET',
      path: '/v1/method',
      summary: 'The constants that numbers are made with: thresholds, grace, noise, and when a change is clear',
      allow: 'public',
      query: z.strictObject({}),
      answer: MethodAnswer,
      example: {},
      handle: () => deps.method(),
    }),
  ];
}
