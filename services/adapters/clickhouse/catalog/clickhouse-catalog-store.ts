import type { DeviceName, Mapping } from '../../../../schemas/mapping.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { CatalogStore, NewMappings } from '../../../ports/catalog-store.ts';
import type { Clients } from '../client/open-client.ts';
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

/** In the count store's database: the snapshot's query joins the table. */
export class ClickHouseCatalogStore implements CatalogStore {
  readonly #clients: Clients;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  async mappings(): Promise<Mapping[]> {
    return (await this.#clients.read.rows<Row>(ALL)).map(mappingOf);
  }

  async add({ rows, since, addedAt, addedBy }: NewMappings): Promise<Mapping[]> {
    const newest = (await this.mappings()).at(-1)?.id ?? 0;
    const id = Math.max(newSnapshotId(addedAt), newest + 1);
    const mappings = rows.map(({ from, to }): Mapping => ({ id, from, to, since, addedAt, addedBy }));
    // One insert is one block: all of it is there or none.
    await this.#clients.write.insertLines('catalog_mappings', mappings.map(lineOf));
    return mappings;
  }

  async close(): Promise<void> {
    await this.#clients.write.close();
    if (this.#clients.read !== this.#clients.write) await this.#clients.read.close();
  }
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
