import type { Parameters as Bound, Connections, SqlClient } from './sql-client.ts';

/**
 * Tables that answers are made from, and that are written a few times an hour. None whose rows go by themselves (TTL):
 * nobody would notice.
 */
const REMEMBERED: ReadonlySet<string> = new Set([
  ...['snapshots', 'cube', 'suppressed'],
  ...['close_transitions', 'close_failures', 'catalog_mappings', 'access_keys'],
]);

const MOST_ANSWERS = 256;
/** Longer ones are remembered by whoever makes pages of them, or not. */
const MOST_ROWS = 256;

/**
 * The same connections, where what `read` gives of {@link REMEMBERED} tables is remembered until one of them is written:
 * who asks for what nobody has changed does not wait for what the engine is doing. Exact where nobody else writes, so only
 * for an engine that one process has alone.
 */
export function rememberingRows({ write, read }: Connections): Connections {
  const changes = new Changes();
  return { write: new Noticed(write, changes), read: new Remembering(new Noticed(read, changes), changes) };
}

/** How many writes have ended, well or not, by the table. */
class Changes {
  readonly #of = new Map<string, number>();
  #unknown = 0;

  /** A statement of which it cannot be told where it writes may write anywhere. */
  ended(table: string | undefined): void {
    if (table === undefined) this.#unknown++;
    else if (REMEMBERED.has(table)) this.#of.set(table, (this.#of.get(table) ?? 0) + 1);
  }

  /** Another number after each write to one of the tables. */
  in(tables: readonly string[]): number {
    return tables.reduce((sum, table) => sum + (this.#of.get(table) ?? 0), this.#unknown);
  }
}

/** Counts what is written. */
class Noticed implements SqlClient {
  readonly #client: SqlClient;
  readonly #changes: Changes;
  constructor(client: SqlClient, changes: Changes) {
    this.#client = client;
    this.#changes = changes;
  }

  run(sql: string, parameters?: Bound): Promise<void> {
    return this.#client.run(sql, parameters).finally(() => this.#changes.ended(tableWritten(sql, parameters)));
  }

  rows<T>(sql: string, parameters?: Bound): Promise<T[]> {
    return this.#client.rows<T>(sql, parameters);
  }

  insertLines(...order: Insert): Promise<void> {
    return this.#client.insertLines(...order).finally(() => this.#changes.ended(/^\w+/.exec(order[0])?.[0]));
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

type Insert = Parameters<SqlClient['insertLines']>;

const WRITES =
  /^\s*(?:INSERT INTO|(?:ALTER|OPTIMIZE) TABLE|(?:TRUNCATE|DROP) TABLE(?: IF EXISTS)?|CREATE TABLE(?: IF NOT EXISTS)?)\s+(?:\{(\w+):Identifier\}|(\w+))/;

function tableWritten(sql: string, parameters: Bound = {}): string | undefined {
  const [, bound, named] = WRITES.exec(sql) ?? [];
  const table = bound === undefined ? named : parameters[bound];
  return typeof table === 'string' ? table : undefined;
}

interface Remembered {
  readonly rows: Promise<readonly object[]>;
  /** What {@link Changes} said when they were asked for. */
  readonly after: number;
}

class Remembering implements SqlClient {
  readonly #client: SqlClient;
  readonly #changes: Changes;
  /** By statement and parameters; what was asked for longest ago comes first. */
  readonly #known = new Map<string, Remembered>();
  constructor(client: SqlClient, changes: Changes) {
    this.#client = client;
    this.#changes = changes;
  }

  async rows<T>(sql: string, parameters?: Bound): Promise<T[]> {
    const tables = tablesRead(sql);
    if (!tables) return this.#client.rows<T>(sql, parameters);
    const key = JSON.stringify([sql, parameters]);
    const after = this.#changes.in(tables);
    const known = this.#known.get(key);
    this.#known.delete(key);
    const { rows } = this.#put(key, known?.after === after ? known : this.#ask(key, after, sql, parameters));
    return [...(await rows)] as T[];
  }

  run(sql: string, parameters?: Bound): Promise<void> {
    return this.#client.run(sql, parameters);
  }

  insertLines(...order: Insert): Promise<void> {
    return this.#client.insertLines(...order);
  }

  close(): Promise<void> {
    this.#known.clear();
    return this.#client.close();
  }

  /** Who asks meanwhile waits for the same. */
  #ask(key: string, after: number, sql: string, parameters: Bound | undefined): Remembered {
    const rows = this.#client.rows<object>(sql, parameters).then((all) => all.map((row) => Object.freeze(row)));
    const asked = { rows, after };
    const forget = () => {
      if (this.#known.get(key) === asked) this.#known.delete(key);
    };
    rows.then((all) => {
      if (all.length > MOST_ROWS) forget();
    }, forget);
    return asked;
  }

  #put(key: string, asked: Remembered): Remembered {
    this.#known.set(key, asked);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_ANSWERS) break;
      this.#known.delete(oldest);
    }
    return asked;
  }
}

const SOURCES = /\b(?:FROM|JOIN)\s+([^\s()]+|\()/g;
/** Gives something else each time, whatever is stored. */
const NOT_OF_ROWS = /\b(?:now|now64|today|yesterday|rand\w*|generate\w*)\(/;

/** Undefined when one of them is not {@link REMEMBERED}. */
function tablesRead(sql: string): string[] | undefined {
  if (NOT_OF_ROWS.test(sql)) return undefined;
  const tables = Array.from(sql.matchAll(SOURCES), ([, source]) => source ?? '').filter((source) => source !== '(');
  return tables.length > 0 && tables.every((table) => REMEMBERED.has(table)) ? tables : undefined;
}
