import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { LedgerEntry, LedgerStore } from '../../../ports/ledger.ts';
import type { Connections, SqlClient } from '../client/open-client.ts';
import { freshNonce, takePlace } from './inserts.ts';

const LEDGER = `SELECT period, at, profile, rho, epsilon, delta FROM ledger ORDER BY period`;
const LEDGER_HOLDERS = `SELECT DISTINCT nonce FROM ledger WHERE period = {period:UInt32}`;
const LEDGER_COLUMNS = 'ledger (period, at, profile, rho, epsilon, delta, nonce)';

type LedgerRow = Omit<LedgerEntry, 'period'> & { readonly period: number };

export function ledgerStore({ write, read }: Connections): LedgerStore {
  return {
    async ledger() {
      const rows = await read.rows<LedgerRow>(LEDGER);
      return rows.map(({ period, ...row }) => ({ period: periodFromNumber(period), ...row }));
    },
    addLedgerEntry: (entry) => addLedgerEntry(write, entry),
  };
}

async function addLedgerEntry(
  client: SqlClient,
  { period, at, profile, rho, epsilon, delta }: LedgerEntry,
): Promise<boolean> {
  const nonce = freshNonce();
  const place = {
    token: `ledger-${period}`,
    holders: LEDGER_HOLDERS,
    parameters: { period: periodNumber(period) },
    target: LEDGER_COLUMNS,
  };
  return takePlace(client, place, nonce, [[periodNumber(period), at, profile, rho, epsilon, delta, nonce]]);
}
