import { VIEW_COLUMNS, type View } from '../../../../schemas/fact.ts';
import { periodNumber } from '../../../core/period.ts';
import type { CellsQuery } from '../../../ports/count-reader.ts';
import type { Snapshot } from '../../../ports/snapshot.ts';
import type { Parameters } from '../client/open-client.ts';
import { filterOf, filterParameters, type Statement } from './count-sql.ts';

/** The columns that shown model cells are summed by for the devices of a view's cells; null: the view has none. */
const SUMMED_BY: Readonly<Record<View, readonly ('category' | 'vendor')[] | null>> = {
  model: null,
  unlisted: null,
  vendor: ['category', 'vendor'],
  category: ['category'],
  site: [],
  platform: null,
  platform_vendor: null,
};

/** The cells of one view in several snapshots, each with the devices that its own snapshot shows. */
export function cellsOfPeriodsQuery(query: CellsQuery): Statement {
  const { view, snapshots } = query;
  const summedBy = SUMMED_BY[view];
  const shown = shownIn(snapshots);
  const names = VIEW_COLUMNS[view].flatMap((column) => [`lower(c.${column})`, `c.${column}`]);
  return {
    text: `
SELECT c.period AS period, c.view AS view, c.platform AS platform, c.category AS category, c.vendor AS vendor,
       c.model AS model, c.sites AS sites, ${summedBy ? 'm.d' : devicesOf(view)} AS devices
FROM (SELECT * FROM cube WHERE ${shown} AND view = {view:String}) AS c ${summedBy ? devicesBy(summedBy, shown) : ''}
WHERE ${filterOf(query)}
ORDER BY ${['c.period', ...names].join(', ')}`,
    parameters: {
      view,
      threshold: query.threshold,
      ...snapshotParameters(snapshots),
      ...filterParameters(query),
    },
  };
}

function devicesOf(view: View): string {
  return view === 'model' || view === 'unlisted' ? 'c.devices' : '0';
}

function devicesBy(columns: readonly string[], shown: string): string {
  const keys = ['period', ...columns];
  return `
LEFT JOIN (SELECT ${keys.join(', ')}, sum(devices) AS d FROM cube WHERE ${shown} AND view = 'model' GROUP BY ${keys.join(', ')}) AS m
ON ${keys.map((key) => `m.${key} = c.${key}`).join(' AND ')}`;
}

function shownIn(snapshots: readonly Snapshot[]): string {
  const pairs = snapshots.map((_, i) => `({p${i}:UInt32}, {s${i}:UInt64})`).join(', ');
  return `(period, snapshot) IN (${pairs}) AND sites >= {threshold:UInt32}`;
}

function snapshotParameters(snapshots: readonly Snapshot[]): Parameters {
  return Object.fromEntries(
    snapshots.flatMap(({ period, id }, i) => [
      [`p${i}`, periodNumber(period)],
      [`s${i}`, id],
    ]),
  );
}
