import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { CapStore } from '../../../ports/caps.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent } from './inserts.ts';

const CHOICES = `SELECT since, cap, at FROM release_caps ORDER BY seq, nonce`;

interface CapRow {
  readonly since: number;
  readonly cap: number;
  readonly at: number;
}

export function capStore({ write, read }: Connections): CapStore {
  return {
    async caps() {
      const rows = await read.rows<CapRow>(CHOICES);
      return rows.map(({ since, ...row }) => ({ since: periodFromNumber(since), ...row }));
    },
    addCap: ({ since, cap, at }) =>
      appendEvent(write, 'release_caps', 'since, cap, at', [periodNumber(since), cap, at]),
  };
}
