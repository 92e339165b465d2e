import { leapOf, type TimeSeen } from '../../core/leap.ts';
import type { TimesSeen } from '../../ports/times-seen.ts';
import type { Clock } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import type { Log } from '../../shared/log.ts';

/** Whether the clock can be what it says: what is closed by it is destroyed. */
export interface TimeGuard {
  /** Notes the time, unless it is a leap: that is told once. */
  note(): Promise<void>;
  /** Throws `clock-leapt` when nobody has confirmed the time. */
  refuseLeap(): Promise<void>;
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
  /** Resolves to the leap in milliseconds. */
  const look = async () => {
    const now = { at: clock.now(), ...uptime() };
    const leap = leapOf(now, await times.timesSeen());
    if (leap === 0) await times.noteTime(now);
    if (leap > 0 && !told)
      journal.warn('the clock has leapt: no month is closed by itself', { seconds: seconds(leap) });
    if (leap === 0 && told) journal.info('the clock goes on from where it was: months are closed again');
    told = leap > 0;
    return leap;
  };
  return {
    note: async () => void (await look()),
    async refuseLeap() {
      const leap = await look();
      if (leap > 0) throw new Failure('clock-leapt', { seconds: seconds(leap) });
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
