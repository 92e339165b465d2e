import { type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { pause } from '../../../shared/clock.ts';
import { Failure } from '../../../shared/failure.ts';
import { ClickHouse, LOG, SETTINGS } from './click-house.ts';
import { NO_ANSWER } from './failures.ts';
import { CLUSTER_SETTINGS, onCluster } from './on-cluster.ts';
import type { Clients, InsertSettings, Parameters, SqlClient } from './sql-client.ts';

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
