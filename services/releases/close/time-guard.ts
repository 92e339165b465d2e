import type { Period } from '../../../schemas/period.ts';
import { certainTime, leapOf, type TimeSeen } from '../../core/leap.ts';
import { periodEnd } from '../../core/period.ts';
import type { TimesSeen } from '../../ports/times-seen.ts';
import type { Clock } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import type { Log } from '../../shared/log.ts';

/** Whether the clock can be what it says: what is closed by it is destroyed. */
export interface TimeGuard {
  /** Notes the time, unless it is a leap: that is told once. */
  note(): Promise<void>;
  /**
   * Throws `clock-leapt` when the period has ended only by a clock that has leapt, and nobody has confirmed the time. Of one
   * that has ended whatever the leap, as when a host went off in its grace, a wrong clock can only shorten the grace.
   */
  refuseLeap(period: Period): Promise<void>;
  /** Somebody who looks on goes by this time. */
  confirm(): Promise<void>;
}

export interface TimeGuardDeps {
  readonly times: TimesSeen;
  readonly clock: Clock;
  readonly uptime: () => Pick<TimeSeen, 'boot' | 'uptimeMs'>;
  readonly journal: Log;
}

export function timeGuard({ times, clock, uptime, journal }: TimeGuardDeps): TimeGuard {
  let told = false;
  /** What was certain when this process met the leap: it has run since, and so more is. */
  let met: TimeSeen | undefined;
  /** Resolves to the leap in milliseconds, and to the time by which months have ended for certain. */
  const look = async () => {
    const now = { at: clock.now(), ...uptime() };
    const seen = await times.timesSeen();
    const leap = leapOf(now, seen);
    if (leap === 0) await times.noteTime(now);
    if (leap > 0 && !told)
      journal.warn('the clock has leapt: no month that may not have ended is closed by itself', {
        seconds: seconds(leap),
      });
    if (leap === 0 && told) journal.info('the clock goes on from where it was: months are closed again');
    told = leap > 0;
    const certain = certainTime(now, seen);
    met = leap > 0 ? (met ?? { ...now, at: certain }) : undefined;
    return { leap, certain: met ? Math.max(certain, met.at + now.uptimeMs - met.uptimeMs) : certain };
  };
  return {
    note: async () => void (await look()),
    async refuseLeap(period) {
      const { leap, certain } = await look();
      if (leap > 0 && certain < periodEnd(period)) throw new Failure('clock-leapt', { seconds: seconds(leap) });
    },
    confirm: () => times.noteTime({ at: clock.now(), ...uptime() }),
  };
}

/** For a clock that was set, which is meant to leap. */
export const anyTime: TimeGuard = {
  note: () => Promise.resolve(),
  refuseLeap: () => Promise.resolve(),
  confirm: () => Promise.resolve(),
};

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
