import type { Period } from '../../../../schemas/period.ts';
import { createMonthTable, monthTable } from '../client/month-tables.ts';
import type { Parameters, SqlClient } from '../client/sql-client.ts';
import { INSERT_COUNTED } from './snapshot-sql.ts';

/**
 * Counts the month's cells, has them used, and lets go of them. Each snapshot has a partition by its id: another process
 * may take one at the same time. What an attempt that failed has left under the id goes first: cells would count twice.
 */
export async function withCounted<T>(
  client: SqlClient,
  period: Period,
  parameters: Parameters & { readonly snapshot: number },
  use: () => Promise<T>,
): Promise<T> {
  const counted = monthTable('counted', period);
  const letGo = () =>
    client.run(`ALTER TABLE ${counted} DROP PARTITION {snapshot:UInt64}`, { snapshot: parameters.snapshot });
  await createMonthTable(client, 'counted', period);
  await letGo();
  await client.run(INSERT_COUNTED, parameters);
  const used = await use();
  await letGo();
  return used;
}
