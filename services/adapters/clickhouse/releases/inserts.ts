import { Failure } from '../../../shared/failure.ts';
import { drawNonce } from '../../../shared/random.ts';
import { deduplicatedBy } from '../client/deduplication.ts';
import type { Parameters, SqlClient } from '../client/sql-client.ts';

/** A table and its columns in the order in which rows give them: `ledger (period, at)`. */
export type Target = string;
export type Row = readonly unknown[];

/**
 * One insert. Values travel as lines beside the statement, so that no key, address or file stands in a query's text or
 * in a server's log of queries. Of two inserts with one token the engine drops the second, which makes it harmless to
 * repeat one whose answer was lost.
 */
export function insertRows(client: SqlClient, target: Target, token: string, rows: readonly Row[]): Promise<void> {
  const lines = rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`));
  return client.insertLines(`${target} ${deduplicatedBy(token)}`, lines);
}

/** A place that is taken once: a question for the nonces that have it, and what to insert to take it. */
export interface Place {
  readonly token: string;
  /** Selects `nonce`, each once. */
  readonly holders: string;
  readonly parameters: Parameters;
  readonly target: Target;
}

/**
 * True when `nonce` has the place now or had it before. The look comes first, because a token is only remembered for
 * its table's next 1,000 inserts; the look afterwards decides. Throws `place-taken-twice` when two have it in spite of
 * all.
 */
export async function takePlace(client: SqlClient, place: Place, nonce: string, rows: readonly Row[]) {
  const before = await holderOf(client, place);
  if (before !== undefined) return before === nonce;
  await insertRows(client, place.target, place.token, rows);
  return (await holderOf(client, place)) === nonce;
}

async function holderOf(client: SqlClient, { holders, parameters }: Place): Promise<string | undefined> {
  const there = await client.rows<{ nonce: string }>(holders, parameters);
  if (there.length > 1) throw new Failure('place-taken-twice');
  return there[0]?.nonce;
}

/** Adds an event: its place in the order of writing, then `row`, then its nonce. */
export async function appendEvent(client: SqlClient, table: string, columns: string, row: Row): Promise<void> {
  const [last] = await client.rows<{ seq: number }>(`SELECT max(seq) AS seq FROM ${table}`);
  const nonce = drawNonce();
  await insertRows(client, `${table} (seq, ${columns}, nonce)`, `event-${nonce}`, [
    [(last?.seq ?? 0) + 1, ...row, nonce],
  ]);
}
