import type { Period } from '../../../../schemas/period.ts';
import type { Category } from '../../../../schemas/report.ts';
import type { Lane } from '../../../../schemas/slot.ts';
import { FIRST_CAP } from '../../../core/caps.ts';
import { periodNumber } from '../../../core/period.ts';
import type { FrozenSlots } from '../../../core/slot-sums.ts';
import { createMonthTable, monthTable, tableIsGone } from '../client/month-tables.ts';
import type { SqlClient } from '../client/sql-client.ts';
import * as sql from './slot-sql.ts';

/** Sums a month's slots, whose table is there, under a snapshot's id. */
export async function freezeSlots(client: SqlClient, period: Period, snapshot: number): Promise<void> {
  await createMonthTable(client, 'slot_sums', period);
  const [slots, sums] = [monthTable('slots', period), monthTable('slot_sums', period)];
  await client.run(sql.INSERT_SLOT_SUMS, { slots, sums, period: periodNumber(period), snapshot });
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
  const rows = await sumRows(client, period, snapshot);
  const of = (kind: SumRow['kind']) => rows.filter((row) => row.kind === kind);
  return {
    all: of('all')[0]?.sites ?? 0,
    atCap: of('at_cap')[0]?.sites ?? 0,
    cap: of('cap')[0]?.amount || FIRST_CAP,
    cells: of('cell').map(({ kind: _, ...cell }) => cell),
    makers: of('maker').map(({ vendor, sites }) => ({ vendor, sites })),
  };
}

/** None of a month that was frozen before there were slots: nothing can be told of it. */
async function sumRows(client: SqlClient, period: Period, snapshot: number): Promise<SumRow[]> {
  try {
    return await client.rows<SumRow>(sql.SLOT_SUMS, { sums: monthTable('slot_sums', period), snapshot });
  } catch (thrown) {
    if (tableIsGone(thrown)) return [];
    throw thrown;
  }
}

/** Changes when slots arrive. */
export async function slotsState(client: SqlClient, period: Period): Promise<string> {
  const slots = monthTable('slots', period);
  const [state] = await client.rows<{ parts: number; first: number; last: number }>(sql.SLOTS_STATE, { slots });
  return state && state.parts > 0 ? `${state.first}-${state.last}` : '';
}
