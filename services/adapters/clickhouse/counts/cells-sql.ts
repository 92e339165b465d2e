import { periodNumber } from '../../../core/period.ts';
import { VIEW_TABLE } from '../../../core/views.ts';
import type { CellsQuery } from '../../../ports/count-reader.ts';
import type { Snapshot } from '../../../ports/snapshot.ts';
import type { Parameters } from '../client/sql-client.ts';
import { filterOf, filterParameters, type Statement } from './count-sql.ts';
import { devicesOf } from './view-sql.ts';

/** The cells of one view in several snapshots, each with the devices that its own snapshot shows. */
export function cellsOfPeriodsQuery(query: CellsQuery): Statement {
  const { view, snapshots } = query;
  const shown = shownIn(snapshots);
  const { expression, join } = devicesOf(view, shown);
  const { columns } = VIEW_TABLE[view];
  const names = [...columns.map((column) => `lower(c.${column})`), ...columns.map((column) => `c.${column}`)];
  return {
    text: `
SELECT c.period AS period, c.view AS view, c.platform AS platform, c.category AS category, c.vendor AS vendor,
       c.model AS model, c.sites AS sites, ${expression} AS devices
FROM (SELECT * FROM cube WHERE ${shown} AND view = {view:String}) AS c ${join}
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
