import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, type Logger } from '@clickhouse/client';
import { Failure } from '../../../shared/failure.ts';
import { coded, REJECTED_CODES } from './failures.ts';
import type { InsertSettings, Parameters, SqlClient } from './sql-client.ts';

/**
 * The engine's settings. For the embedded engine a setting given with a call would outlive it: they go in at open.
 * FINAL within a partition: a fact belongs to its month, and without this every month is read to count one.
 */
export const SETTINGS = {
  output_format_json_quote_64bit_integers: 0,
  async_insert: 0,
  do_not_merge_across_partitions_select_final: 1,
} as const;

/** The client's own log prints the server's messages, and those quote facts. */
const silent = () => {};
class Silence implements Logger {
  trace = silent;
  debug = silent;
  info = silent;
  warn = silent;
  error = silent;
}
export const LOG = { LoggerClass: Silence, level: ClickHouseLogLevel.OFF };

/** The client of ClickHouse, with failures by code alone. */
export class ClickHouse implements SqlClient {
  readonly #client: ClickHouseClient;
  #closed = false;
  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  async run(sql: string, parameters: Parameters = {}): Promise<void> {
    this.refuseWhenClosed();
    await coded(this.#client.command({ query: sql, query_params: { ...parameters } }));
  }

  async rows<T>(sql: string, parameters: Parameters = {}): Promise<T[]> {
    this.refuseWhenClosed();
    const result = await coded(
      this.#client.query({ query: sql, query_params: { ...parameters }, format: 'JSONEachRow' }),
    );
    return coded(result.json<T>());
  }

  async insertLines(table: string, lines: readonly Uint8Array[], settings: InsertSettings = {}): Promise<void> {
    this.refuseWhenClosed();
    const query = `INSERT INTO ${table} FORMAT JSONCompactEachRow`;
    await coded(this.#insert(query, lines, settings), REJECTED_CODES);
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#client.close();
  }

  /** By itself a closed client of a server would connect anew and go on. */
  protected refuseWhenClosed(): void {
    if (this.#closed) throw new Failure('closed');
  }

  async #insert(query: string, lines: readonly Uint8Array[], settings: InsertSettings): Promise<void> {
    const values = Readable.from(lines, { objectMode: false });
    const { stream } = await this.#client.exec({ query, values, clickhouse_settings: { ...settings } });
    // To its end: the socket is free again then, and a connection that breaks here is this call's failure.
    for await (const _ of stream);
  }
}
