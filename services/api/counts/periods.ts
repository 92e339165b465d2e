import type { PeriodsAnswer } from '../../../schemas/answers/periods.ts';
import type { PeriodState } from '../../../schemas/cube.ts';
import type { Period } from '../../../schemas/period.ts';
import type { CloseStep, Transition } from '../../../schemas/release.ts';

import { openPeriods } from '../../core/period.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import type { CloseFailure, CloseProgress } from '../../ports/close-progress.ts';
import type { CountReader } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import type { Reading } from './reading.ts';
import { type CountsDeps, takenAt } from './snapshots.ts';

export interface PeriodsDeps extends Omit<CountsDeps, 'store'> {
  readonly store: CountReader;
  readonly releases: CloseProgress;
}

/** Every period that is open, was counted or is being closed, newest first. The number of sites is an exact count. */
export async function periods(
  { store, releases, clock, threshold }: PeriodsDeps,
  mayCount: boolean,
): Promise<Reading<PeriodsAnswer>> {
  const open = openPeriods(clock.now());
  // In this order: a period that is told to be released has its final snapshot.
  const transitions = await releases.transitions();
  const steps = new Map(transitions.map((one) => [one.period, one]));
  const letters = lettersIn(transitions);
  const failures = new Map((await releases.closeFailures()).map((one) => [one.period, one]));
  const snapshots = await store.snapshots();
  return {
    snapshots,
    path: '/v1/periods',
    parameters: {},
    basis: JSON.stringify([mayCount, open, [...steps.values()], [...failures.values()]]),
    answer: async () => ({
      periods: rowsOf({ open, snapshots, steps, failures, letters }, mayCount ? threshold : Number.POSITIVE_INFINITY),
    }),
  };
}

interface Known {
  readonly open: readonly Period[];
  readonly snapshots: readonly Snapshot[];
  /** The last of each period. */
  readonly steps: ReadonlyMap<Period, Transition>;
  readonly failures: ReadonlyMap<Period, CloseFailure>;
  readonly letters: ReadonlyMap<Period, DeadLetters>;
}

function rowsOf({ open, snapshots, steps, failures, letters }: Known, threshold: number): PeriodsAnswer['periods'] {
  const counted = new Map(snapshots.map((snapshot) => [snapshot.period, snapshot]));
  return [...new Set([...open, ...counted.keys(), ...steps.keys(), ...failures.keys()])]
    .sort()
    .toReversed()
    .map((period) => {
      const [snapshot, last, failure] = [counted.get(period), steps.get(period), failures.get(period)];
      const isOpen = open.includes(period) && last === undefined;
      return {
        period,
        state: stateOf(isOpen, snapshot?.provisional ?? true, last?.step),
        // The threshold may have been raised since the snapshot was taken.
        sites: snapshot?.sites && snapshot.sites >= threshold ? snapshot.sites : null,
        snapshotAt: takenAt(snapshot),
        step: last?.step ?? null,
        failure: failure && failure.at >= (last?.at ?? 0) && !isOpen ? failure.code : null,
        deadLetters: letters.get(period) ?? null,
      };
    });
}

type DeadLetters = NonNullable<PeriodsAnswer['periods'][number]['deadLetters']>;

/** As closes counted them when the log was drained. */
function lettersIn(transitions: readonly Transition[]): Map<Period, DeadLetters> {
  const drained = transitions.filter(({ step }) => step === 'DRAINED');
  return new Map(
    drained.flatMap(({ period, detail: { deadBlocks: blocks, deadFacts: facts } }) =>
      typeof blocks === 'number' && typeof facts === 'number' ? [[period, { blocks, facts }] as const] : [],
    ),
  );
}

function stateOf(open: boolean, provisional: boolean, step: CloseStep | undefined): PeriodState {
  if (open) return 'open';
  if (step === 'RELEASED') return 'released';
  return provisional ? 'closing' : 'frozen';
}

export function periodsTable({ periods }: PeriodsAnswer): Table {
  return tableOf(
    {
      period: 'text',
      state: 'text',
      sites: 'whole',
      snapshotAt: 'text',
      step: 'text',
      failure: 'text',
      deadBlocks: 'whole',
      deadFacts: 'whole',
    },
    periods.map(({ deadLetters, ...row }) => ({
      ...row,
      deadBlocks: deadLetters?.blocks,
      deadFacts: deadLetters?.facts,
    })),
  );
}
