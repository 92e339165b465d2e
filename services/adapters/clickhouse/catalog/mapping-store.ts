import type { DeviceName, Mapping } from '../../../../schemas/mapping.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { MappingStore, NewMappings } from '../../../ports/mappings.ts';
import type { Connections } from '../client/sql-client.ts';
import { newSnapshotId } from '../counts/snapshot-id.ts';

interface Row {
  id: number;
  category: DeviceName['category'];
  vendor: string;
  model: string;
  to_category: DeviceName['category'] | '';
  to_vendor: string;
  to_model: string;
  since: number;
  added_at: number;
  added_by: string;
}

/** DISTINCT: an insert whose answer was lost is made again. */
const ALL = `
SELECT DISTINCT id, category, vendor, model, to_category, to_vendor, to_model, since, added_at, added_by
FROM catalog_mappings
ORDER BY id, category, vendor, model`;

/** In the database of the counts: the snapshot's query joins the table. */
export function mappingStore({ write, read }: Connections): MappingStore {
  const mappings = async () => (await read.rows<Row>(ALL)).map(mappingOf);
  return {
    mappings,
    async add(added) {
      const rows = numbered(added, (await mappings()).at(-1)?.id ?? 0);
      // One insert is one block: all of it is there or none.
      await write.insertLines('catalog_mappings', rows.map(lineOf));
      return rows;
    },
  };
}

function numbered({ rows, since, addedAt, addedBy }: NewMappings, newest: number): Mapping[] {
  const id = Math.max(newSnapshotId(addedAt), newest + 1);
  return rows.map(({ from, to }) => ({ id, from, to, since, addedAt, addedBy }));
}

function mappingOf(row: Row): Mapping {
  const { id, category, vendor, model } = row;
  const to = row.to_category === '' ? null : { category: row.to_category, vendor: row.to_vendor, model: row.to_model };
  return {
    id,
    from: { category, vendor, model },
    to,
    since: periodFromNumber(row.since),
    addedAt: row.added_at,
    addedBy: row.added_by,
  };
}

/** In the order of the table's columns. */
function lineOf({ id, from, to, since, addedAt, addedBy }: Mapping): Uint8Array {
  const names = [from.category, from.vendor, from.model, to?.category ?? '', to?.vendor ?? '', to?.model ?? ''];
  return Buffer.from(`${JSON.stringify([id, ...names, periodNumber(since), addedAt, addedBy])}\n`);
}
