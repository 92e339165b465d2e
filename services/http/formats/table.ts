export type ColumnType = 'text' | 'whole' | 'fraction' | 'flag';
export type Value = string | number | boolean | null;

/** An answer as rows and columns: what its CSV and Parquet forms are written from, so that their numbers are its own. */
export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: readonly (readonly Value[])[];
}

/** The columns by name and type, and each row as a record; what a record does not have is null. */
export function tableOf(
  columns: Readonly<Record<string, ColumnType>>,
  records: readonly Readonly<Record<string, Value | undefined>>[],
): Table {
  const names = Object.keys(columns);
  return {
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
    rows: records.map((record) => names.map((name) => record[name] ?? null)),
  };
}
