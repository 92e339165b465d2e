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
 * who asks for what nobody has changed does not wait for what the engine is doing. Exact where nobody else writes: only for
 * an engine that one process has alone, and over all connections to it together, which share `changes`.
 */
export function rememberingRows({ write, read }: Connections, changes: Changes): Connections {
  return { write: new Noticed(write, changes), read: new Remembering(new Noticed(read, changes), changes) };
}

type Forget = (table: string | undefined) => void;

/** Tells whoever remembers, of each write that has ended, well or not, to which table it was. */
export class Changes {
  readonly #remembering = new Set<Forget>();

  /** A statement of which it cannot be told where it writes may write anywhere. */
  ended(table: string | undefined): void {
    if (table === undefined || REMEMBERED.has(table)) for (const forget of this.#remembering) forget(table);
  }

  /** Until what it gives is called. */
  told(forget: Forget): () => void {
    this.#remembering.add(forget);
    return () => void this.#remembering.delete(forget);
  }
}

/** Tells what is written. */
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
    return this.#client.insertLines(...order).finally(() => this.#changes.ended(/^\w+(?![\w.])/.exec(order[0])?.[0]));
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

type Insert = Parameters<SqlClient['insertLines']>;

const WRITES =
  /^\s*(?:INSERT INTO|(?:ALTER|OPTIMIZE) TABLE|(?:TRUNCATE|DROP) TABLE(?: IF EXISTS)?|CREATE TABLE(?: IF NOT EXISTS)?)\s+(?:\{(\w+):Identifier\}|(\w+)(?![\w.]))/;

function tableWritten(sql: string, parameters: Bound = {}): string | undefined {
  const [, bound, named] = WRITES.exec(sql) ?? [];
  const table = bound === undefined ? named : parameters[bound];
  return typeof table === 'string' ? table : undefined;
}

interface Remembered {
  readonly rows: Promise<readonly object[]>;
  readonly tables: readonly string[];
}

class Remembering implements SqlClient {
  readonly #client: SqlClient;
  readonly #untold: () => void;
  /** By statement and parameters; what was asked for longest ago comes first. */
  readonly #known = new Map<string, Remembered>();
  constructor(client: SqlClient, changes: Changes) {
    this.#client = client;
    this.#untold = changes.told((table) => this.#forget(table));
  }

  async rows<T>(sql: string, parameters?: Bound): Promise<T[]> {
    const tables = tablesRead(sql);
    if (!tables) return this.#client.rows<T>(sql, parameters);
    const key = JSON.stringify([sql, parameters]);
    const known = this.#known.get(key);
    this.#known.delete(key);
    const { rows } = this.#put(key, known ?? this.#ask(key, tables, sql, parameters));
    return [...(await rows)] as T[];
  }

  /** At once, also of what is still being read: old numbers are not kept longer than their table has them. */
  #forget(table: string | undefined): void {
    for (const [key, { tables }] of this.#known)
      if (table === undefined || tables.includes(table)) this.#known.delete(key);
  }

  run(sql: string, parameters?: Bound): Promise<void> {
    return this.#client.run(sql, parameters);
  }

  insertLines(...order: Insert): Promise<void> {
    return this.#client.insertLines(...order);
  }

  close(): Promise<void> {
    this.#untold();
    this.#known.clear();
    return this.#client.close();
  }

  /** Who asks meanwhile waits for the same. */
  #ask(key: string, tables: readonly string[], sql: string, parameters: Bound | undefined): Remembered {
    const rows = this.#client.rows<object>(sql, parameters).then((all) => all.map((row) => Object.freeze(row)));
    const asked = { rows, tables };
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
