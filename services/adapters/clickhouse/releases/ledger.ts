import { PROFILES } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { LedgerEntry, LedgerStore } from '../../../ports/ledger.ts';
import { drawNonce } from '../../../shared/random.ts';
import { known } from '../client/known.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { takePlace } from './inserts.ts';

const LEDGER = `SELECT period, at, profile, rho, epsilon, delta FROM ledger ORDER BY period`;
const LEDGER_HOLDERS = `SELECT DISTINCT nonce FROM ledger WHERE period = {period:UInt32}`;
const LEDGER_COLUMNS = 'ledger (period, at, profile, rho, epsilon, delta, nonce)';

type LedgerRow = Omit<LedgerEntry, 'period' | 'profile'> & { readonly period: number; readonly profile: string };

export function ledgerStore({ write, read }: Connections): LedgerStore {
  return {
    async ledger() {
      const rows = await read.rows<LedgerRow>(LEDGER);
      return rows.map(({ period, profile, ...row }) => ({
        ...row,
        period: periodFromNumber(period),
        profile: known(PROFILES, profile),
      }));
    },
    addLedgerEntry: (entry) => addLedgerEntry(write, entry),
  };
}

async function addLedgerEntry(
  client: SqlClient,
  { period, at, profile, rho, epsilon, delta }: LedgerEntry,
): Promise<boolean> {
  const nonce = drawNonce();
  const place = {
    token: `ledger-${period}`,
    holders: LEDGER_HOLDERS,
    parameters: { period: periodNumber(period) },
    target: LEDGER_COLUMNS,
  };
  return takePlace(client, place, nonce, [[periodNumber(period), at, profile, rho, epsilon, delta, nonce]]);
}
