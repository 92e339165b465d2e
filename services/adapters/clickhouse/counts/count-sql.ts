import { DEVICE_VIEWS, VIEW_COLUMNS, type View } from '../../../../schemas/fact.ts';
import { periodNumber } from '../../../core/period.ts';
import type { CellFilter, CountQuery } from '../../../ports/count-reader.ts';
import type { Parameters } from '../client/open-client.ts';

export interface Statement {
  readonly text: string;
  readonly parameters: Parameters;
}

/** The cells of one view of one snapshot, whatever the snapshot holds below the threshold left out. */
const SHOWN = `period = {period:UInt32} AND snapshot = {snapshot:UInt64} AND sites >= {threshold:UInt32}`;

/** Devices of coarser cells are summed from the shown model cells, so that nothing is left to subtract. */
const DEVICES_OF_VENDORS = `
LEFT JOIN (SELECT category, vendor, sum(devices) AS d FROM cube WHERE ${SHOWN} AND view = 'model' GROUP BY category, vendor) AS m
ON m.category = c.category AND m.vendor = c.vendor`;
const DEVICES_OF_CATEGORIES = `
LEFT JOIN (SELECT category, sum(devices) AS d FROM cube WHERE ${SHOWN} AND view = 'model' GROUP BY category) AS m
ON m.category = c.category`;
const DEVICES_OF_ALL = `
CROSS JOIN (SELECT sum(devices) AS d FROM cube WHERE ${SHOWN} AND view = 'model') AS m`;

const DEVICES: Readonly<Record<View, { expression: string; join: string }>> = {
  model: { expression: 'c.devices', join: '' },
  unlisted: { expression: 'c.devices', join: '' },
  vendor: { expression: 'm.d', join: DEVICES_OF_VENDORS },
  category: { expression: 'm.d', join: DEVICES_OF_CATEGORIES },
  site: { expression: 'm.d', join: DEVICES_OF_ALL },
  platform: { expression: '0', join: '' },
  platform_vendor: { expression: '0', join: '' },
};

/** One row more than the limit, to tell whether rows follow. */
export function cellsQuery(query: CountQuery): Statement {
  const { expression, join } = DEVICES[query.view];
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
  const names = VIEW_COLUMNS[view].map((column) => `lower(c.${column})`);
  const exact = VIEW_COLUMNS[view].map((column) => `c.${column}`);
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
  const { category, vendor, platform } = query.filter;
  const coarser = coarserCell(query.view, { category, vendor, platform });
  return {
    text: `
SELECT sites FROM cube
WHERE ${SHOWN} AND view = {view:String} AND platform = {platform:String} AND category = {category:String}
  AND vendor = {vendor:String} AND model = ''`,
    parameters: { ...baseOf(query), ...coarser },
  };
}

function coarserCell(
  view: View,
  { category = '', vendor = '', platform = '' }: { [K in 'category' | 'vendor' | 'platform']?: string | undefined },
): { view: View; platform: string; category: string; vendor: string } {
  const none = { platform: '', category: '', vendor: '' };
  if (platform) return { ...none, view: 'platform', platform };
  if (vendor) return { ...none, view: 'vendor', category: view === 'platform_vendor' ? 'phone' : category, vendor };
  if (category) return { ...none, view: 'category', category };
  return { ...none, view: 'site' };
}

/** Devices of the shown cells of the scope: unlisted ones in their own view, models everywhere else. */
export function totalDevicesQuery(query: CountQuery): Statement {
  const { view, filter } = query;
  const category = view === 'platform_vendor' && filter.vendor ? 'phone' : filter.category;
  const scope = [
    category === undefined ? '' : 'AND category = {category:String}',
    filter.vendor === undefined ? '' : 'AND vendor = {vendor:String}',
  ].join(' ');
  return {
    text: `SELECT sum(devices) AS devices FROM cube WHERE ${SHOWN} AND view = {view:String} ${scope}`,
    parameters: {
      ...baseOf(query),
      view: DEVICE_VIEWS.includes(view) ? view : 'model',
      ...(category === undefined ? {} : { category }),
      ...(filter.vendor === undefined ? {} : { vendor: filter.vendor }),
    },
  };
}

/** Of the narrowest scope that is kept: one by vendor or platform is there for shown vendors and platforms only. */
export function suppressedQuery(query: CountQuery): Statement {
  const scopes = scopesOf(query);
  return {
    text: `
SELECT cells FROM suppressed
WHERE period = {period:UInt32} AND snapshot = {snapshot:UInt64} AND view = {view:String}
  AND (platform, category, vendor) IN (${scopes.map((_, i) => `({p${i}:String}, {c${i}:String}, {v${i}:String})`).join(', ')})
ORDER BY (platform != '') + (category != '') + (vendor != '') DESC
LIMIT 1`,
    parameters: {
      ...baseOf(query),
      ...Object.fromEntries(
        scopes.flatMap(([p, c, v], i) => Object.entries({ [`p${i}`]: p, [`c${i}`]: c, [`v${i}`]: v })),
      ),
    },
  };
}

type Scope = readonly [platform: string, category: string, vendor: string];
const WHOLE_VIEW: Scope = ['', '', ''];

/** The filter's scope and the wider ones that stand in for it. Scopes by category are always kept. */
function scopesOf({ view, filter }: CountQuery): readonly Scope[] {
  const { category = '', vendor = '', platform = '' } = filter;
  if (view === 'platform_vendor') return [platform ? [platform, '', ''] : ['', '', vendor], WHOLE_VIEW];
  if (category && view === 'vendor') return [['', category, '']];
  if (category && DEVICE_VIEWS.includes(view))
    return [
      ['', category, vendor],
      ['', category, ''],
    ];
  return [WHOLE_VIEW];
}
