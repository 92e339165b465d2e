import type { Period } from '../../../../schemas/period.ts';
import type { Category } from '../../../../schemas/report.ts';
import type { Lane } from '../../../../schemas/slot.ts';
import { FIRST_CAP } from '../../../core/caps.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { FrozenSlots } from '../../../core/slot-sums.ts';
import type { SqlClient } from '../client/open-client.ts';
import * as sql from './slot-sql.ts';

const tables = (period: Period) => ({
  slots: sql.slotTable(periodNumber(period)),
  sums: sql.slotSumTable(periodNumber(period)),
});

/** Inserts lines that were scanned, durably, all or nothing. The month's table is made when it is not there. */
export async function insertSlots(client: SqlClient, period: Period, lines: readonly Uint8Array[]): Promise<void> {
  const { slots } = tables(period);
  await client.run(sql.CREATE_SLOTS, { slots });
  await client.insertLines(slots, lines);
}

/** Sums a month's slots under a snapshot's id. A month without slots, of before there were any, sums to nothing. */
export async function freezeSlots(client: SqlClient, period: Period, snapshot: number): Promise<void> {
  const { slots, sums } = tables(period);
  await client.run(sql.CREATE_SLOTS, { slots });
  await client.run(sql.CREATE_SLOT_SUMS, { sums });
  await client.run(sql.INSERT_SLOT_SUMS, { slots, sums, snapshot });
}

interface SumRow {
  readonly kind: 'cell' | 'maker' | 'all' | 'at_cap' | 'cap';
  readonly lane: Lane;
  readonly platform: string;
  readonly category: Category | '';
  readonly vendor: string;
  readonly model: string;
  readonly sites: number;
  readonly amount: number;
}

export async function slotSums(client: SqlClient, period: Period, snapshot: number): Promise<FrozenSlots> {
  const rows = await client.rows<SumRow>(sql.SLOT_SUMS, { sums: tables(period).sums, snapshot });
  const of = (kind: SumRow['kind']) => rows.filter((row) => row.kind === kind);
  return {
    all: of('all')[0]?.sites ?? 0,
    atCap: of('at_cap')[0]?.sites ?? 0,
    cap: of('cap')[0]?.amount || FIRST_CAP,
    cells: of('cell').map(({ kind: _, ...cell }) => cell),
    makers: of('maker').map(({ vendor, sites }) => ({ vendor, sites })),
  };
}

/** Changes when slots arrive. */
export async function slotsState(client: SqlClient, period: Period): Promise<string> {
  const { slots } = tables(period);
  const [state] = await client.rows<{ parts: number; first: number; last: number }>(sql.SLOTS_STATE, { slots });
  return state && state.parts > 0 ? `${state.first}-${state.last}` : '';
}

export async function slotPeriods(client: SqlClient): Promise<Period[]> {
  const rows = await client.rows<{ period: number }>(sql.SLOT_PERIODS);
  return rows.map((row) => periodFromNumber(row.period));
}

/** One part for each month, without what was replaced. */
export async function compactSlots(client: SqlClient): Promise<void> {
  const tables = await client.rows<{ slots: string }>(sql.SLOT_TABLES);
  for (const { slots } of tables) await client.run(sql.COMPACT_SLOTS, { slots });
}

/** Leaves no byte of the month's slots, nor of what they summed to. */
export async function dropSlots(client: SqlClient, period: Period): Promise<void> {
  const { slots, sums } = tables(period);
  await client.run(sql.DROP_SLOTS, { slots });
  await client.run(sql.DROP_SLOT_SUMS, { sums });
}
