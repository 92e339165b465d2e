import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';
import { NOT_COMPILED } from '../not-compiled.ts';

export interface Statement {
  /** One statement; of an INSERT with rows, what stands before the rows. */
  readonly text: string;
  /** The rows of an INSERT … FORMAT. They never become part of a statement. */
  readonly rows: Buffer | null;
  readonly database: string;
  readonly settings: ReadonlyMap<string, string>;
  /** As they stand in the query string: escaped as in TabSeparated. */
  readonly parameters: ReadonlyMap<string, string>;
  /** For a statement that names none. */
  readonly format: string;
}

export interface Answer {
  readonly body: Buffer;
  readonly readRows: number;
  readonly readBytes: number;
}

const MAX_SESSIONS = 8;

/** chDB on one directory. Statements run one after the other; what one sets, no other sees. */
export class Engine {
  readonly #directory: string;
  readonly #rowsDirectory = mkdtempSync(join(tmpdir(), 'rollcall-clickhouse-http-'));
  /** A session for each combination of database and settings, because a SET lasts as long as its session. */
  readonly #sessions = new Map<string, Session>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  run(statement: Statement): Promise<Answer> {
    const answer = this.#last.then(() => this.#run(statement));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async close(): Promise<void> {
    await this.#last;
    for (const session of this.#sessions.values()) session.close();
    rmSync(this.#rowsDirectory, { recursive: true, force: true });
  }

  async #run({ text, rows, ...statement }: Statement): Promise<Answer> {
    const session = await this.#session(statement);
    const { format } = statement;
    if (rows) return this.#insert(session, text, rows);
    const parameters = Object.fromEntries(statement.parameters);
    const result = await (statement.parameters.size > 0
      ? session.queryBindAsync(text, parameters, { format })
      : session.queryAsync(text, { format }));
    return { body: Buffer.from(result.bytes()), readRows: result.rowsRead, readBytes: result.bytesRead };
  }

  /** The rows go through a file: behind the statement the engine would execute whatever follows a semicolon. */
  async #insert(session: Session, text: string, rows: Buffer): Promise<Answer> {
    const path = join(this.#rowsDirectory, randomUUID());
    try {
      await writeFile(path, rows, { mode: 0o600 });
      const result = await session.queryAsync(text.replace(/\sFORMAT\s+\w+$/i, ` FROM INFILE '${path}'$&`));
      return { body: Buffer.alloc(0), readRows: result.rowsRead, readBytes: rows.length };
    } finally {
      rmSync(path, { force: true });
    }
  }

  async #session({ database, settings }: Pick<Statement, 'database' | 'settings'>): Promise<Session> {
    const key = JSON.stringify([database, [...settings].sort()]);
    const known = this.#sessions.get(key);
    this.#sessions.delete(key);
    const session = known ?? (await this.#open(database, settings));
    this.#sessions.set(key, session);
    for (const [oldest, unused] of this.#sessions) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      unused.close();
      this.#sessions.delete(oldest);
    }
    return session;
  }

  async #open(database: string, settings: ReadonlyMap<string, string>): Promise<Session> {
    const session = new Session(this.#directory);
    try {
      for (const setting of NOT_COMPILED) await session.queryAsync(`SET ${setting} = 0`);
      await session.queryAsync(`USE \`${database.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``);
      for (const [name, value] of settings) await session.queryAsync(`SET ${name} = ${literal(value)}`);
      return session;
    } catch (failure) {
      session.close();
      throw failure;
    }
  }
}

const literal = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
