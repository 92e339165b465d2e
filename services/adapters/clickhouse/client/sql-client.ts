/** Named values of a statement, bound by the engine: `{period:UInt32}`. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** Settings of one insert, by their names. */
export type InsertSettings = Readonly<Record<string, number>>;

/** A connection that speaks SQL. Failures are {@link Failure}s by code; the engine's messages quote its input. */
export interface SqlClient {
  run(sql: string, parameters?: Parameters): Promise<void>;
  rows<T>(sql: string, parameters?: Parameters): Promise<T[]>;
  /** Inserts lines of `JSONCompactEachRow`, all or nothing. `settings` are the statement's own; with some, `table` is a name alone. */
  insertLines(table: string, lines: readonly Uint8Array[], settings?: InsertSettings): Promise<void>;
  close(): Promise<void>;
}

/** What statements go through. Who only uses them closes nothing. */
export interface Connections {
  readonly write: SqlClient;
  readonly read: SqlClient;
}

/** For whoever opened them. */
export interface Clients extends Connections {
  close(): Promise<void>;
}
