import type { Period } from '../../schemas/period.ts';
import { createMonthTable, monthTable } from '../../services/adapters/clickhouse/client/month-tables.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { addMonths, parsePeriod, periodNumber, periodStart } from '../../services/core/period.ts';
import type { FactMerger } from '../../services/ports/fact-merger.ts';
import type { SnapshotTaker } from '../../services/ports/snapshot-taker.ts';

const MONTHS = 12;
const MODELS = 400;
export const THRESHOLD = 10;
export const LAST = parsePeriod('2026-11');

/** 53 bits that no other month has, as the keys of facts are: FINAL takes one key in two months for one fact. */
const KEY = 'bitShiftRight(intHash64(bitShiftLeft({period:UInt64}, 40) + number), 11)';

/** Facts of one period, as many as asked for, spread over the models by a steep curve: the same ones every time. */
const MODEL_FACTS = `
INSERT INTO {table:Identifier}
SELECT {period:UInt32}, 'model', '', 'phone', concat('Vendor ', toString(m % 40)), concat('Model ', toString(m)),
       ${KEY}, 1 + number % 9, 1
FROM (SELECT number, toUInt32(pow(intHash32(number) / 4294967296., 2) * {models:UInt32}) AS m FROM numbers({facts:UInt64}))`;

/** The coarser views: what few facts hold of them is enough for every question to have an answer. */
const COARSE_FACTS = `
INSERT INTO {table:Identifier}
SELECT {period:UInt32}, v.1, v.2, v.3, v.4, '', ${KEY}, 1, 1
FROM (SELECT number, arrayJoin([
    ('site', '', '', ''), ('platform', concat('Platform ', toString(number % 5)), '', ''), ('category', '', 'phone', ''),
    ('vendor', '', 'phone', concat('Vendor ', toString(number % 40))),
    ('platform_vendor', concat('Platform ', toString(number % 5)), '', concat('Vendor ', toString(number % 40)))
]) AS v FROM numbers(2000))`;

export interface Filled {
  readonly facts: number;
  /** Rows of the cube: what questions read. */
  readonly cells: number;
}

/** Fills the empty tables of a store month by month, an equal share for each: merged, then counted. */
export async function fill(sql: SqlClient, store: SnapshotTaker & FactMerger, facts: number): Promise<Filled> {
  for (const period of months()) {
    await createMonthTable(sql, 'facts', period);
    const parameters = { period: periodNumber(period), table: monthTable('facts', period) };
    await sql.run(COARSE_FACTS, parameters);
    await sql.run(MODEL_FACTS, { ...parameters, models: MODELS, facts: Math.round(facts / MONTHS) });
    await store.mergeFacts(period);
    const takenAt = periodStart(period);
    await store.takeSnapshot({ period, threshold: THRESHOLD, guard: 'exact', catalogue: 'bench', takenAt });
  }
  return { facts: await factRows(sql), cells: await rowsOf(sql, 'cube') };
}

function months(): Period[] {
  return Array.from({ length: MONTHS }, (_, i) => addMonths(LAST, i + 1 - MONTHS));
}

async function factRows(sql: SqlClient): Promise<number> {
  const [row] = await sql.rows<{ n: number }>("SELECT count() AS n FROM merge(currentDatabase(), '^facts_')");
  return row?.n ?? 0;
}

async function rowsOf(sql: SqlClient, table: 'cube'): Promise<number> {
  const [row] = await sql.rows<{ n: number }>(`SELECT count() AS n FROM ${table}`);
  return row?.n ?? 0;
}
