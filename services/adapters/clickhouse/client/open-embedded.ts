import { mkdirSync, realpathSync } from 'node:fs';
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { Failure } from '../../../shared/failure.ts';
import { SerialQueue } from '../../../shared/serial-queue.ts';
import { ClickHouse, LOG, SETTINGS } from './click-house.ts';
import { coded, REJECTED_CODES } from './failures.ts';
import { Changes, rememberingRows } from './remembered-rows.ts';
import type { Clients, InsertSettings, Parameters, SqlClient } from './sql-client.ts';

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
  const { write, read } = rememberingRows({ write: await open(), read: await open() }, changesIn(path));
  return {
    write,
    read,
    async close() {
      await write.close();
      await read.close();
    },
  };
}

/** By directory: the engine is the process's own, however often it is opened, and what one connection writes all others see. */
const CHANGES = new Map<string, Changes>();

function changesIn(path: string): Changes {
  const directory = realpathSync(path);
  const changes = CHANGES.get(directory) ?? new Changes();
  CHANGES.set(directory, changes);
  return changes;
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;

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

/** One call at a time. */
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
