import type { Period } from '../../../schemas/period.ts';
import type { CloseStep, ReleaseCell, Transition } from '../../../schemas/release.ts';
import type { CapStore } from '../../ports/caps.ts';
import type { CloseProgressStore } from '../../ports/close-progress.ts';
import type { ClosingCounts } from '../../ports/closing-counts.ts';
import type { ClosingLog } from '../../ports/closing-log.ts';
import type { Decisions } from '../../ports/decisions.ts';
import type { LedgerStore } from '../../ports/ledger.ts';
import type { NoiseKeys } from '../../ports/noise-keys.ts';
import type { NoisedCubeStore } from '../../ports/noised-cubes.ts';
import type { OtherClock } from '../../ports/other-clock.ts';
import type { ReleaseProfiles } from '../../ports/release-profiles.ts';
import type { FinalOrder } from '../../ports/snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { CloseMetrics } from './close-metrics.ts';
import type { TimeGuard } from './time-guard.ts';

export interface CloseDeps {
  readonly counts: ClosingCounts;
  readonly log: ClosingLog;
  readonly releases: CloseProgressStore &
    NoiseKeys &
    NoisedCubeStore &
    LedgerStore &
    ReleaseProfiles &
    Decisions &
    CapStore;
  /** Blocks of the period that are not in the facts table yet. */
  readonly pending: (period: Period) => Promise<number>;
  /** The catalogue that the final counts are named by. */
  readonly catalogue: () => Promise<string>;
  /** The public list of the period: what its release gives noise to, whether anybody has it or not. */
  readonly listed: (period: Period) => Promise<readonly ReleaseCell[]>;
  /** The policy that the period's agents consented to. */
  readonly policyVersion: number;
  /** Throws when releases cannot be signed: better before anything is destroyed than afterwards. */
  readonly requireSigningKey: () => void;
  /** Clocks to compare ours with; none where there is none but ours. */
  readonly otherClocks: readonly OtherClock[];
  readonly time: TimeGuard;
  /** Has the period looked at again in some seconds: it is due, and its log is not read to its end. Nobody waits for it. */
  readonly lookAgain: (period: Period) => void;
  /** Has this process take no more reports of the period, whatever its clock says: others learn of it from the store. */
  readonly stopReports: (period: Period) => void;
  /** Called when a cap was chosen: a process that takes reports too need not wait for its next look. */
  readonly onCapChosen: () => Promise<void>;
  /** Makes the files of every party from the period's noised cube; resolves to the number of parties. */
  readonly issue: (period: Period) => Promise<number>;
  /** Sends what is due. */
  readonly sendDue: () => Promise<void>;
  /** What opens the month's sealed names that enough sites have; undefined where its key is not. */
  readonly openerOf: (period: Period) => FinalOrder['open'];
  /** Deletes the month's key: what was sealed with it is read by nobody any more. */
  readonly forgetKey: (period: Period) => void;
  readonly threshold: number;
  readonly clock: Clock;
  readonly metrics: CloseMetrics;
  readonly journal: Log;
  /** Called by name between any two acts. Tests end the process there; nothing else happens. */
  readonly failPoint: (name: string) => void;
}

/** What a step needs: the steps that were finished, by name. */
export interface StepContext {
  readonly period: Period;
  readonly done: ReadonlyMap<CloseStep, Transition>;
  readonly deps: CloseDeps;
}

/** What the next steps need to know of a finished one. */
export type StepDetail = Transition['detail'];

/** A number that an earlier step has left; throws when it has not, which is a defect. */
export function numberOf({ done }: StepContext, step: CloseStep, name: string): number {
  const value = done.get(step)?.detail[name];
  if (typeof value !== 'number') throw new Error(`${step} has left no ${name}`);
  return value;
}
