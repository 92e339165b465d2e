import { periodFromNumber } from '../../../core/period.ts';
import { createMonthTable, monthTable, tableIsGone } from '../client/month-tables.ts';
import type { SqlClient } from '../client/sql-client.ts';

/**
 * What the numbered migrations have made until 0006 becomes what months have now: facts of the one table `facts` go into
 * their month's, and that table is dropped; so are the numbers that cubes bounded for releases before sites had slots. By
 * what is there, not by the journal, and each act is harmless when repeated: a crash or a second process costs a
 * repetition. Facts of a month that is destroyed already are not moved.
 */
export async function moveIntoMonths(client: SqlClient): Promise<void> {
  try {
    if (await hasColumn(client, 'facts', 'key')) await moveFacts(client);
    if (await hasColumn(client, 'cube', 'bounded_sites')) await dropBounded(client);
  } catch (thrown) {
    // Another process was faster: what it dropped it had moved.
    if (!tableIsGone(thrown) || (await hasColumn(client, 'facts', 'key'))) throw thrown;
  }
}

async function moveFacts(client: SqlClient): Promise<void> {
  for (const { period } of await client.rows<{ period: number }>(FACT_PERIODS)) {
    const month = periodFromNumber(period);
    await createMonthTable(client, 'facts', month);
    await client.run(
      `INSERT INTO ${monthTable('facts', month)} (${FACT_COLUMNS}) SELECT ${FACT_COLUMNS} FROM facts WHERE period = {period:UInt32}`,
      { period },
    );
  }
  await client.run('DROP TABLE IF EXISTS facts SYNC');
}

/** What sites added to releases before they had slots. */
async function dropBounded(client: SqlClient): Promise<void> {
  await client.run(
    'ALTER TABLE cube DROP COLUMN IF EXISTS bounded_sites, DROP COLUMN IF EXISTS bounded_devices SETTINGS mutations_sync = 2',
  );
  // The parts with the columns go now, not when the engine comes round to it: see 0006 and FactMerger.
  await client.run('ALTER TABLE cube DROP PARTITION (0, 0)');
}

const FACT_COLUMNS = 'period, view, platform, category, vendor, model, key, count, version';

const NOT_DESTROYED = `period NOT IN (SELECT period FROM close_transitions WHERE step = 'DESTROYED')`;
const FACT_PERIODS = `SELECT DISTINCT period FROM facts WHERE ${NOT_DESTROYED} ORDER BY period`;

const COLUMN = `
SELECT count() AS n FROM system.columns
WHERE database = currentDatabase() AND table = {table:String} AND name = {name:String}`;

async function hasColumn(client: SqlClient, table: string, name: string): Promise<boolean> {
  const [row] = await client.rows<{ n: number }>(COLUMN, { table, name });
  return (row?.n ?? 0) > 0;
}
