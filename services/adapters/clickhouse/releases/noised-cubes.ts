import type { Period } from '../../../../schemas/period.ts';
import { HELD_REASONS, type NoisedCell, QUERY_NAMES } from '../../../../schemas/release.ts';
import { periodNumber } from '../../../core/period.ts';
import type { NoisedCubeStore } from '../../../ports/noised-cubes.ts';
import { known } from '../client/known.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { insertRows, type Row } from './inserts.ts';

const NOISED = `
SELECT query, platform, category, vendor, model, sites, phones, reason FROM noised
WHERE period = {period:UInt32} AND attempt = {attempt:UInt64}
ORDER BY indexOf({queries:Array(String)}, query), platform, category, vendor, model`;
const NOISED_ATTEMPTS = `SELECT DISTINCT attempt FROM noised WHERE period = {period:UInt32}`;
const NOISED_COLUMNS =
  'noised (period, attempt, query, platform, category, vendor, model, sites, phones, held, reason)';
const DROP_NOISED = `ALTER TABLE noised DROP PARTITION ({period:UInt32}, {attempt:UInt64})`;

export function noisedCubeStore({ write, read }: Connections): NoisedCubeStore {
  return {
    async noised(period, attempt) {
      const parameters = { period: periodNumber(period), attempt, queries: QUERY_NAMES };
      return (await read.rows<NoisedRow>(NOISED, parameters)).map(cellOf);
    },
    writeNoised: (period, attempt, cells) => writeNoised(write, period, attempt, cells),
    keepNoised: (period, attempt) => keepNoised(write, period, attempt),
  };
}

type NoisedRow = Omit<NoisedCell, 'held'> & { readonly reason: string };

function cellOf({ reason, ...row }: NoisedRow): NoisedCell {
  return { ...row, held: reason === '' ? null : known(HELD_REASONS, reason) };
}

/** Some thousand rows: one block of the engine, so that it is there whole or not at all. */
async function writeNoised(client: SqlClient, period: Period, attempt: number, cells: readonly NoisedCell[]) {
  if (cells.length === 0) return;
  const lines = cells.map((cell) => lineOf(periodNumber(period), attempt, cell));
  await insertRows(client, NOISED_COLUMNS, `noised-${period}-${attempt}`, lines);
}

async function keepNoised(client: SqlClient, period: Period, attempt: number): Promise<void> {
  const parameters = { period: periodNumber(period) };
  const stored = await client.rows<{ attempt: number }>(NOISED_ATTEMPTS, parameters);
  for (const other of stored)
    if (other.attempt !== attempt) await client.run(DROP_NOISED, { ...parameters, attempt: other.attempt });
}

function lineOf(period: number, attempt: number, cell: NoisedCell): Row {
  const { query, platform, category, vendor, model, sites, phones, held } = cell;
  return [period, attempt, query, platform, category, vendor, model, sites, phones, held !== null, held ?? ''];
}
