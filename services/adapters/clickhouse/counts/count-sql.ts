import { periodNumber } from '../../../core/period.ts';
import {
  carriesDevices,
  categoryMeant,
  LISTED_VIEW,
  scopeNames,
  scopesNamed,
  totalCell,
} from '../../../core/view-rules.ts';
import { VIEW_TABLE } from '../../../core/views.ts';
import type { CellFilter, CountQuery } from '../../../ports/count-reader.ts';
import type { Parameters } from '../client/sql-client.ts';
import { devicesOf } from './view-sql.ts';

export interface Statement {
  readonly text: string;
  readonly parameters: Parameters;
}

/** The cells of one view of one snapshot, whatever the snapshot holds below the threshold left out. */
const SHOWN = `period = {period:UInt32} AND snapshot = {snapshot:UInt64} AND sites >= {threshold:UInt32}`;

/** One row more than the limit, to tell whether rows follow. */
export function cellsQuery(query: CountQuery): Statement {
  const { expression, join } = devicesOf(query.view, SHOWN);
  return {
    text: `
SELECT c.view AS view, c.platform AS platform, c.category AS category, c.vendor AS vendor, c.model AS model,
       c.sites AS sites, ${expression} AS devices
FROM (SELECT * FROM cube WHERE ${SHOWN} AND view = {view:String}) AS c ${join}
WHERE ${filterOf(query)}
ORDER BY ${orderOf(query)}
LIMIT {rows:UInt32} OFFSET {offset:UInt32}`,
    parameters: { ...baseOf(query), ...filterParameters(query), rows: query.limit + 1, offset: query.offset },
  };
}

/** Conditions on the cells `c`, with the values of {@link filterParameters}. */
export function filterOf({ filter }: { filter: CellFilter }): string {
  const conditions = ['category', 'vendor', 'platform', 'model']
    .filter((name) => filter[name as keyof typeof filter] !== undefined)
    .map((name) => `c.${name} = {${name}:String}`);
  if (filter.q !== undefined)
    conditions.push(`positionCaseInsensitive(concat(c.platform, ' ', c.vendor, ' ', c.model), {q:String}) > 0`);
  return conditions.join(' AND ') || '1';
}

export function filterParameters({ filter }: { filter: CellFilter }): Parameters {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** Ties are broken by name, so that pages neither repeat nor lose a row. */
function orderOf({ view, sort }: CountQuery): string {
  const { columns } = VIEW_TABLE[view];
  const names = columns.map((column) => `lower(c.${column})`);
  const exact = columns.map((column) => `c.${column}`);
  const direction = sort.descending ? ' DESC' : '';
  if (sort.by === 'name') return [...[...names, ...exact].map((name) => name + direction), '1'].join(', ');
  return [`${sort.by === 'sites' ? 'c.sites' : 'devices'}${direction}`, ...names, ...exact].join(', ');
}

function baseOf(query: CountQuery): Parameters {
  return {
    period: periodNumber(query.snapshot.period),
    snapshot: query.snapshot.id,
    threshold: query.threshold,
    view: query.view,
  };
}

/** Sites of the coarser cell that the filter names. */
export function totalSitesQuery(query: CountQuery): Statement {
  return {
    text: `
SELECT sites FROM cube
WHERE ${SHOWN} AND view = {view:String} AND platform = {platform:String} AND category = {category:String}
  AND vendor = {vendor:String} AND model = ''`,
    parameters: { ...baseOf(query), ...totalCell(query.view, query.filter) },
  };
}

/** Devices of the shown cells of the scope: unlisted ones in their own view, models everywhere else. */
export function totalDevicesQuery(query: CountQuery): Statement {
  const { view, filter } = query;
  const category = categoryMeant(view, filter);
  const scope = [
    category === undefined ? '' : 'AND category = {category:String}',
    filter.vendor === undefined ? '' : 'AND vendor = {vendor:String}',
  ].join(' ');
  return {
    text: `SELECT sum(devices) AS devices FROM cube WHERE ${SHOWN} AND view = {view:String} ${scope}`,
    parameters: {
      ...baseOf(query),
      view: carriesDevices(view) ? view : LISTED_VIEW,
      ...(category === undefined ? {} : { category }),
      ...(filter.vendor === undefined ? {} : { vendor: filter.vendor }),
    },
  };
}

/** Of the narrowest scope that is kept: one by vendor or platform is there for shown vendors and platforms only. */
export function suppressedQuery(query: CountQuery): Statement {
  const scopes = scopesNamed(query.view, query.filter).map((columns) => scopeNames(columns, query.filter));
  return {
    text: `
SELECT cells FROM suppressed
WHERE period = {period:UInt32} AND snapshot = {snapshot:UInt64} AND view = {view:String}
  AND (platform, category, vendor) IN (${scopes.map((_, i) => `({p${i}:String}, {c${i}:String}, {v${i}:String})`).join(', ')})
ORDER BY (platform != '') + (category != '') + (vendor != '') DESC
LIMIT 1`,
    parameters: {
      period: periodNumber(query.snapshot.period),
      snapshot: query.snapshot.id,
      view: query.view,
      ...Object.fromEntries(
        scopes.flatMap(([p, c, v], i) => Object.entries({ [`p${i}`]: p, [`c${i}`]: c, [`v${i}`]: v })),
      ),
    },
  };
}

export const HELD_SCOPES = `
SELECT view, platform, category, vendor, cells FROM suppressed
WHERE period = {period:UInt32} AND snapshot = {snapshot:UInt64}`;
