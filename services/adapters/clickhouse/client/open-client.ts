import { mkdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
  type Logger,
} from '@clickhouse/client';
import { pause } from '../../../shared/clock.ts';
import { Failure } from '../../../shared/failure.ts';
import { SerialQueue } from '../../../shared/serial-queue.ts';
import { CLUSTER_SETTINGS, onCluster } from './on-cluster.ts';
import { rememberingRows } from './remembered-rows.ts';
import type { Connections, InsertSettings, Parameters, SqlClient } from './sql-client.ts';

export type { Connections, Parameters, SqlClient } from './sql-client.ts';

/**
 * The engine's settings. For the embedded engine a setting given with a call would outlive it: they go in at open.
 * FINAL within a partition: a fact belongs to its month, and without this every month is read to count one.
 */
const SETTINGS = {
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
const LOG = { LoggerClass: Silence, level: ClickHouseLogLevel.OFF };

/** Codes that mean the inserted bytes are at fault: cannot parse quoted string, cannot parse input, incorrect data, cannot parse number. */
const REJECTED_CODES = new Set(['26', '27', '72', '117']);

/** For whoever opened them. */
export interface Clients extends Connections {
  close(): Promise<void>;
}

/**
 * The ClickHouse engine inside this process: one process has the directory (`store-locked` otherwise), and a client has
 * one call in flight, the rest wait in JavaScript, because each waiting call would hold a thread of libuv's pool. So what
 * is asked again and again must not be a call: see {@link rememberingRows}.
 */
export async function openEmbeddedClients(path: string): Promise<Clients> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { createChdbConnection } = await import('chdb/connection').catch((cause: unknown) => {
    throw new Failure('chdb-not-installed', {}, { cause });
  });
  // The hook is experimental and declares its own copy of the client's types.
  const open = async (): Promise<SqlClient> => {
    try {
      const chdb = createChdbConnection({ path });
      const client = createClient({ connection: chdb as unknown as ClientConnection, log: LOG });
      for (const [name, value] of Object.entries(SETTINGS)) await client.command({ query: `SET ${name} = ${value}` });
      return new Serialized(new Embedded(client, chdb.chdb));
    } catch (cause) {
      throw new Failure('store-locked', {}, { cause });
    }
  };
  const { write, read } = rememberingRows({ write: await open(), read: await open() });
  return {
    write,
    read,
    async close() {
      await write.close();
      await read.close();
    },
  };
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;

/**
 * Speaks to a server. Its database is the URL's path; `?request_timeout=` and the client's other URL parameters are understood.
 * Nothing is sent before the first call: whoever opens the store need not find the server up.
 */
export function openServerClients(url: string, cluster?: string): Clients {
  const address = new URL(url);
  const database = decodeURIComponent(address.pathname.replace(/^\/+|\/+$/g, '')) || 'default';
  address.pathname = '/';
  const open = (more: { readonly database?: string }): SqlClient => {
    const one = (settings: object) =>
      new ClickHouse(
        createClient({ ...HTTP, clickhouse_settings: { ...HTTP_SETTINGS, ...settings }, url: address, ...more }),
      );
    return cluster === undefined ? one({}) : new OnCluster(one(CLUSTER_SETTINGS), cluster);
  };
  const client = new OverHttp(open({ database }), async () => {
    const server = open({});
    await server.run('CREATE DATABASE IF NOT EXISTS {database:Identifier}', { database }).finally(() => server.close());
  });
  return { write: client, read: client, close: () => client.close() };
}

/** Answers are small. Whole before they begin, they are an error by status and code or no error. */
const HTTP_SETTINGS = { ...SETTINGS, wait_end_of_query: 1 } as const;

const HTTP: ClickHouseClientConfigOptions = {
  compression: { request: true, response: true },
  request_timeout: 60_000,
  // Below the server's keep_alive_timeout (3 s in old versions): a socket is never used after the server closed it.
  keep_alive: { enabled: true, idle_socket_ttl: 1_500, eagerly_destroy_stale_sockets: true },
  log: LOG,
};

/** A call that found no server is made again after each of these. A longer outage is the caller's to wait for. */
const PAUSES_MS = [100, 400];

/** Statements whose repetition does no harm, also when the first one was carried out after all. */
const REPEATABLE =
  /^\s*(--[^\n]*\n\s*)*(CREATE \w+ IF NOT EXISTS|(TRUNCATE|DROP) TABLE IF EXISTS|OPTIMIZE TABLE|ALTER TABLE \w+ DROP PARTITION)\s/;

const UNKNOWN_DATABASE = '81';

/**
 * Repeats reads, inserted lines and what is {@link REPEATABLE}, and nothing else: a snapshot that failed anywhere is begun
 * anew, under an id of its own. So lines that come twice must be as good as once: a fact's newest version counts, of a
 * mapping every copy says the same, and whatever else is inserted so has a deduplication token. Creates the database
 * when it is missing.
 */
class OverHttp implements SqlClient {
  readonly #client: SqlClient;
  readonly #createDatabase: () => Promise<void>;
  constructor(client: SqlClient, createDatabase: () => Promise<void>) {
    this.#client = client;
    this.#createDatabase = createDatabase;
  }

  async run(sql: string, parameters?: Parameters): Promise<void> {
    const call = () => this.#client.run(sql, parameters);
    const run = () => (REPEATABLE.test(sql) ? repeated(call) : call());
    await run().catch(async (thrown: unknown) => {
      if (!(thrown instanceof Failure) || thrown.detail.code !== UNKNOWN_DATABASE) throw thrown;
      await repeated(this.#createDatabase);
      await run();
    });
  }

  rows<T>(sql: string, parameters?: Parameters): Promise<T[]> {
    return repeated(() => this.#client.rows<T>(sql, parameters));
  }

  insertLines(table: string, lines: readonly Uint8Array[], settings?: InsertSettings): Promise<void> {
    return repeated(() => this.#client.insertLines(table, lines, settings));
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

async function repeated<T>(call: () => Promise<T>): Promise<T> {
  for (const ms of PAUSES_MS) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.detail.code !== NO_ANSWER) throw thrown;
      await pause(ms);
    }
  }
  return call();
}

class ClickHouse implements SqlClient {
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

type ChdbExtension = import('chdb/connection').ChdbConnection['chdb'];

/** The engine of this process is handed large inserts as bytes: the client would make one text of them and the statement. */
class Embedded extends ClickHouse {
  readonly #chdb: ChdbExtension;
  constructor(client: ClickHouseClient, chdb: ChdbExtension) {
    super(client);
    this.#chdb = chdb;
  }

  override async insertLines(table: string, lines: readonly Uint8Array[], settings?: InsertSettings): Promise<void> {
    if (!settings) return super.insertLines(table, lines);
    this.refuseWhenClosed();
    const order = { table, format: 'JSONCompactEachRow', values: Buffer.concat(lines), settings } as const;
    await coded(this.#chdb.rawInsert(order).catch(withCode), REJECTED_CODES);
  }
}

/** Its failures say the engine's number in their text alone. */
function withCode(thrown: unknown): never {
  const [, code] = /\bCode: (\d+)\./.exec(String((thrown as { message?: unknown }).message)) ?? [];
  throw code === undefined ? thrown : { code };
}

/** The same statements to one replica of a cluster, for all of it. */
class OnCluster implements SqlClient {
  readonly #client: SqlClient;
  readonly #cluster: string;
  constructor(client: SqlClient, cluster: string) {
    this.#client = client;
    this.#cluster = cluster;
  }
  run(sql: string, parameters?: Parameters): Promise<void> {
    return this.#client.run(onCluster(sql, this.#cluster), parameters);
  }
  rows<T>(sql: string, parameters?: Parameters): Promise<T[]> {
    return this.#client.rows<T>(onCluster(sql, this.#cluster), parameters);
  }
  insertLines(table: string, lines: readonly Uint8Array[], settings?: InsertSettings): Promise<void> {
    return this.#client.insertLines(table, lines, settings);
  }
  close(): Promise<void> {
    return this.#client.close();
  }
}

class Serialized implements SqlClient {
  readonly #client: SqlClient;
  readonly #queue = new SerialQueue();
  constructor(client: SqlClient) {
    this.#client = client;
  }
  run(sql: string, parameters?: Parameters): Promise<void> {
    return this.#queue.run(() => this.#client.run(sql, parameters));
  }
  rows<T>(sql: string, parameters?: Parameters): Promise<T[]> {
    return this.#queue.run(() => this.#client.rows<T>(sql, parameters));
  }
  insertLines(table: string, lines: readonly Uint8Array[], settings?: InsertSettings): Promise<void> {
    return this.#queue.run(() => this.#client.insertLines(table, lines, settings));
  }
  close(): Promise<void> {
    return this.#queue.run(() => this.#client.close());
  }
}

/** Authentication failed and the like; a statement that the user may not make. */
const DENIED_CODES = new Set(['164', '192', '193', '194', '291', '497', '516']);

/**
 * Files that are not what the engine wrote: a block that cannot be decompressed or read to its end, a codec that is none, a
 * sum that differs, marks that do not fit, a file that is not there, files too many, too few or of another size, corrupted data.
 */
const DAMAGED_CODES = new Set(['33', '39', '40', '89', '107', '226', '227', '228', '229', '246', '271', '432']);

const NO_ANSWER = 'no-answer';
const TIMEOUT = 'timeout';

/** The failure by code and type alone. Codes in `rejected` mean that the call's own bytes are at fault. */
async function coded<T>(call: Promise<T>, rejected: ReadonlySet<string> = NONE): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const { code, type } = codeOf(thrown);
    const detail = { code, ...(type === undefined ? {} : { type }) };
    if (rejected.has(code)) throw new Failure('store-rejected', detail);
    if (DENIED_CODES.has(code)) throw new Failure('store-denied', detail);
    throw new Failure(DAMAGED_CODES.has(code) ? 'store-damaged' : 'store-unavailable', detail);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The engine's number for it; {@link TIMEOUT}, when the answer did not come in time; else {@link NO_ANSWER}. */
function codeOf(thrown: unknown): { code: string; type?: string } {
  // By its shape: chDB throws another copy of the client's class.
  const { code, type, message } = thrown as { code?: unknown; type?: unknown; message?: unknown };
  if (typeof code === 'string' && /^\d+$/.test(code)) return { code, ...(typeof type === 'string' ? { type } : {}) };
  return { code: message === 'Timeout error.' ? TIMEOUT : NO_ANSWER };
}
