import type { ColumnType, Table, Value } from './table.ts';

export const PARQUET_TYPE = 'application/vnd.apache.parquet';

const TYPES = { text: 'STRING', whole: 'INT64', fraction: 'DOUBLE', flag: 'BOOLEAN' } as const;

/** One row group of a few thousand rows at most; every column may hold nulls. The writer is loaded with the first export. */
export async function toParquet({ columns, rows }: Table): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map(({ name, type }, i) => ({
    name,
    type: TYPES[type],
    nullable: true,
    data: rows.map((row) => stored(row[i] ?? null, type)),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function stored(value: Value, type: ColumnType): Value | bigint {
  return type === 'whole' && typeof value === 'number' ? BigInt(value) : value;
}
