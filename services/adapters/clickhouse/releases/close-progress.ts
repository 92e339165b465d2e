import { CLOSE_STEPS, type Transition } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { CloseFailure, CloseProgressStore } from '../../../ports/close-progress.ts';
import { known } from '../client/known.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent, type Place, takePlace } from './inserts.ts';

const TRANSITIONS = `
SELECT period, seq, step, at, nonce, detail FROM close_transitions ORDER BY period, seq`;
const TRANSITION_HOLDERS = `
SELECT DISTINCT nonce FROM close_transitions WHERE period = {period:UInt32} AND seq = {seq:UInt32}`;
const TRANSITION_COLUMNS = 'close_transitions (period, seq, step, at, nonce, detail)';

const CLOSE_FAILURES = `
SELECT period, at, code FROM close_failures ORDER BY seq DESC, nonce DESC LIMIT 1 BY period`;

interface TransitionRow extends Omit<Transition, 'period' | 'step' | 'detail'> {
  readonly period: number;
  readonly step: string;
  readonly detail: string;
}

type FailureRow = Omit<CloseFailure, 'period'> & { readonly period: number };

export function closeProgressStore({ write, read }: Connections): CloseProgressStore {
  return {
    transitions: async () => (await read.rows<TransitionRow>(TRANSITIONS)).map(transitionOf),
    async addTransition(transition) {
      const { period, seq, step, at, nonce, detail } = transition;
      const row = [periodNumber(period), seq, step, at, nonce, JSON.stringify(detail)];
      return takePlace(write, placeOf(transition), nonce, [row]);
    },
    async closeFailures() {
      const rows = await read.rows<FailureRow>(CLOSE_FAILURES);
      return rows.map((row) => ({ ...row, period: periodFromNumber(row.period) }));
    },
    addCloseFailure: async ({ period, at, code }) =>
      appendEvent(write, 'close_failures', 'period, at, code', [periodNumber(period), at, code]),
  };
}

function placeOf({ period, seq }: Transition): Place {
  return {
    token: `close-${period}-${seq}`,
    holders: TRANSITION_HOLDERS,
    parameters: { period: periodNumber(period), seq },
    target: TRANSITION_COLUMNS,
  };
}

function transitionOf({ period, step, detail, ...row }: TransitionRow): Transition {
  const read = { period: periodFromNumber(period), step: known(CLOSE_STEPS, step) };
  return { ...row, ...read, detail: JSON.parse(detail) as Transition['detail'] };
}
