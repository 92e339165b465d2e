import type { Cell } from '../../../../schemas/fact.ts';
import type { HeldFacts } from '../../../ports/held-facts.ts';
import { monthTable, tableIsGone } from '../client/month-tables.ts';
import type { Connections, Parameters, SqlClient } from '../client/sql-client.ts';

/** The table is sorted by cell, then key: with both, only the granules of what is asked for are read. */
const HELD_COUNTS = `
SELECT toUInt32(place) AS place, count FROM
(
  SELECT view, category, vendor, model, platform, key, argMax(count, version) AS count
  FROM {facts:Identifier}
  WHERE (view, category, vendor, model, platform, key) IN
  (
    SELECT tupleElement(t, 1), tupleElement(t, 2), tupleElement(t, 3), tupleElement(t, 4), tupleElement(t, 5), toUInt64(tupleElement(t, 6))
    FROM (SELECT arrayJoin(arrayZip({views:Array(String)}, {categories:Array(String)}, {vendors:Array(String)}, {models:Array(String)}, {platforms:Array(String)}, {keys:Array(String)})) AS t)
  )
  GROUP BY view, category, vendor, model, platform, key
) AS held
INNER JOIN
(
  SELECT tupleElement(t, 1) AS key, tupleElement(t, 2) AS place
  FROM (SELECT arrayJoin(arrayZip(arrayMap(k -> toUInt64(k), {keys:Array(String)}), arrayEnumerate({keys:Array(String)}))) AS t)
) AS asked USING key`;

const HELD_CELLS = `
SELECT DISTINCT view, platform, category, vendor, model FROM {facts:Identifier}`;

export function heldFacts({ read }: Connections): HeldFacts {
  return {
    async heldCounts(period, keyed) {
      if (keyed.length === 0) return [];
      const of = (name: keyof Cell) => keyed.map(({ cell }) => cell[name] as string);
      const rows = await rowsOf<{ place: number; count: number }>(read, HELD_COUNTS, {
        facts: monthTable('facts', period),
        views: of('view'),
        categories: of('category'),
        vendors: of('vendor'),
        models: of('model'),
        platforms: of('platform'),
        keys: keyed.map(({ key }) => String(key)),
      });
      const counts = keyed.map(() => 0);
      for (const { place, count } of rows) counts[place - 1] = count;
      return counts;
    },
    heldCells: (period) => rowsOf<Cell>(read, HELD_CELLS, { facts: monthTable('facts', period) }),
  };
}

/** None of a month that has no table: nothing was reported yet, or it is destroyed. */
async function rowsOf<T>(client: SqlClient, sql: string, parameters: Parameters): Promise<T[]> {
  return client.rows<T>(sql, parameters).catch((thrown: unknown) => {
    if (tableIsGone(thrown)) return [];
    throw thrown;
  });
}
