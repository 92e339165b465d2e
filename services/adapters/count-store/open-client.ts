import { mkdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { Failure } from '../../shared/failure.ts';

/** Named values of a statement, bound by the engine: `{period:UInt32}`. */
export type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** A connection that speaks SQL. Failures are {@link Failure}s by code; the engine's messages quote its input. */
export interface SqlClient {
  run(sql: string, parameters?: Parameters): Promise<void>;
  rows<T>(sql: string, parameters?: Parameters): Promise<T[]>;
  /** Inserts lines of `JSONCompactEachRow`, all or nothing. */
  insertLines(table: string, lines: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

/** The engine's settings. For the embedded engine a setting given with a call would outlive it: they go in at open. */
const SETTINGS = { output_format_json_quote_64bit_integers: 0, async_insert: 0 } as const;

/** Codes that mean the inserted bytes are at fault: cannot parse quoted string, cannot parse input, incorrect data, cannot parse number. */
const REJECTED_CODES = new Set(['26', '27', '72', '117']);

export interface Clients {
  readonly write: SqlClient;
  readonly read: SqlClient;
}

/**
 * `chdb:PATH` opens the ClickHouse engine inside this process: one process has the directory (`store-locked` otherwise),
 * and a client has one call in flight, the rest wait in JavaScript, because each waiting call would hold a thread of
 * libuv's pool. `http(s)://…` speaks to a server.
 */
export async function openClients(url: string): Promise<Clients> {
  return url.startsWith('chdb:') ? openEmbedded(url.slice('chdb:'.length)) : openHttp(url);
}

async function openEmbedded(path: string): Promise<Clients> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { createChdbConnection } = await import('chdb/connection').catch((cause: unknown) => {
    throw new Failure('chdb-not-installed', false, {}, { cause });
  });
  // The hook is experimental and declares its own copy of the client's types.
  const open = async (): Promise<SqlClient> => {
    try {
      const client = createClient({ connection: createChdbConnection({ path }) as unknown as ClientConnection });
      for (const [name, value] of Object.entries(SETTINGS)) await client.command({ query: `SET ${name} = ${value}` });
      return new OneAtATime(new ClickHouse(client));
    } catch (cause) {
      throw new Failure('store-locked', false, {}, { cause });
    }
  };
  return { write: await open(), read: await open() };
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;

async function openHttp(url: string): Promise<Clients> {
  const client = new ClickHouse(
    createClient({
      url,
      clickhouse_settings: SETTINGS,
      compression: { request: true, response: true },
      request_timeout: 60_000,
      // Below the server's keep_alive_timeout of 3 s (its default): a socket is never used after the server closed it.
      keep_alive: { enabled: true, idle_socket_ttl: 1_500 },
    }),
  );
  return { write: client, read: client };
}

class ClickHouse implements SqlClient {
  readonly #client: ClickHouseClient;
  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  async run(sql: string, parameters: Parameters = {}): Promise<void> {
    await coded(this.#client.command({ query: sql, query_params: { ...parameters } }));
  }

  async rows<T>(sql: string, parameters: Parameters = {}): Promise<T[]> {
    const result = await coded(
      this.#client.query({ query: sql, query_params: { ...parameters }, format: 'JSONEachRow' }),
    );
    return coded(result.json<T>());
  }

  async insertLines(table: string, lines: readonly Uint8Array[]): Promise<void> {
    const { stream } = await coded(
      this.#client.exec({
        query: `INSERT INTO ${table} FORMAT JSONCompactEachRow`,
        values: Readable.from(lines, { objectMode: false }),
      }),
    );
    stream.resume();
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** One call at a time, first come first served. */
class OneAtATime implements SqlClient {
  readonly #client: SqlClient;
  #last: Promise<unknown> = Promise.resolve();
  constructor(client: SqlClient) {
    this.#client = client;
  }
  run(sql: string, parameters?: Parameters): Promise<void> {
    return this.#queue(() => this.#client.run(sql, parameters));
  }
  rows<T>(sql: string, parameters?: Parameters): Promise<T[]> {
    return this.#queue(() => this.#client.rows<T>(sql, parameters));
  }
  insertLines(table: string, lines: readonly Uint8Array[]): Promise<void> {
    return this.#queue(() => this.#client.insertLines(table, lines));
  }
  close(): Promise<void> {
    return this.#queue(() => this.#client.close());
  }
  #queue<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** The failure by code and type alone. */
async function coded<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const { code, type } = thrown as { code?: unknown; type?: unknown };
    const detail = {
      ...(code === undefined ? {} : { code: String(code) }),
      ...(typeof type === 'string' ? { type } : {}),
    };
    if (REJECTED_CODES.has(String(code))) throw new Failure('store-rejected', false, detail);
    throw new Failure('store-unavailable', true, detail);
  }
}
