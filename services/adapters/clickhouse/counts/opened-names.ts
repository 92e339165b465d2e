import { UNLISTED_VIEW } from '../../../core/view-rules.ts';
import type { FinalOrder } from '../../../ports/snapshot.ts';
import { SEALED_LENGTH } from '../../../shared/sealed-names.ts';
import { createMonthTable, monthTable } from '../client/month-tables.ts';
import type { SqlClient } from '../client/sql-client.ts';
import { LEAST_SITES } from './view-sql.ts';

/** Whether the row's name is sealed, in a query over `view`, `vendor` and `model`. */
export const IS_SEALED = `(view = '${UNLISTED_VIEW}' AND length(vendor) = ${SEALED_LENGTH} AND length(model) = ${SEALED_LENGTH})`;

/** Keys are sites: no site has two of one cell. */
const TO_OPEN = `
SELECT DISTINCT vendor, model FROM
(
    SELECT view, category, vendor, model, countIf(count > 0) AS sites
    FROM {facts:Identifier} FINAL
    WHERE ${IS_SEALED}
    GROUP BY view, category, vendor, model
    HAVING sites >= greatest({threshold:UInt32}, ${LEAST_SITES})
)
WHERE (vendor, model) NOT IN (SELECT sealed_vendor, sealed_model FROM {opened:Identifier})
ORDER BY vendor`;

/**
 * Opens the sealed names that enough distinct sites have, once each. Resolves to how many could not be opened: they were sealed
 * under another key, and stay held back.
 */
export async function openNames(client: SqlClient, { period, threshold, open }: FinalOrder): Promise<number> {
  await createMonthTable(client, 'opened', period);
  if (!open) return 0;
  const [facts, opened] = [monthTable('facts', period), monthTable('opened', period)];
  const sealed = await client.rows<{ vendor: string; model: string }>(TO_OPEN, { facts, opened, threshold });
  const lines = sealed.flatMap((name) => {
    const read = open(name);
    return read ? [lineOf([name.vendor, name.model, read.vendor, read.model])] : [];
  });
  if (lines.length > 0) await client.insertLines(opened, lines);
  return sealed.length - lines.length;
}

function lineOf(columns: readonly string[]): Uint8Array {
  return Buffer.from(`${JSON.stringify(columns)}\n`);
}
