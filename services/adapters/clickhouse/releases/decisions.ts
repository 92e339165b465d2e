import { periodNumber } from '../../../core/period.ts';
import type { Decision, DecisionStore } from '../../../ports/decisions.ts';
import { known } from '../client/known.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent, type Row } from './inserts.ts';

const DECISIONS = `
SELECT query, platform, category, vendor, model, decision, at, by FROM
  (SELECT * FROM release_decisions WHERE period = {period:UInt32}
   ORDER BY seq, nonce LIMIT 1 BY query, platform, category, vendor, model)
ORDER BY seq, nonce`;
const WORDS = ['approve', 'suppress'] as const;
const COLUMNS = 'period, query, platform, category, vendor, model, decision, at, by';

type DecisionRow = Decision['cell'] & Pick<Decision, 'at' | 'by'> & { readonly decision: string };

export function decisionStore({ write, read }: Connections): DecisionStore {
  return {
    async decisions(period) {
      const rows = await read.rows<DecisionRow>(DECISIONS, { period: periodNumber(period) });
      return rows.map(({ decision, at, by, ...cell }) => ({ period, cell, decision: known(WORDS, decision), at, by }));
    },
    addDecision: async (decision) => appendEvent(write, 'release_decisions', COLUMNS, lineOf(decision)),
  };
}

function lineOf({ period, cell, decision, at, by }: Decision): Row {
  const { query, platform, category, vendor, model } = cell;
  return [periodNumber(period), query, platform, category, vendor, model, decision, at, by];
}
