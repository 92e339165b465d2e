import type { Period } from '../../../schemas/period.ts';
import { certainTime, LEAPT, leapOf, mayHaveBeenAway, type TimeSeen } from '../../core/leap.ts';
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
   * Whether the period may be closed by this time. False while a leap that may be the time for which this process was off has
   * not stood for {@link STANDS_MS}. Throws `clock-leapt` when the period has ended only by a clock that has leapt further, or while
   * this process ran, and nobody has confirmed the time. Of one that has ended whatever the leap, as when a host went off
   * in its grace, a wrong clock can only shorten the grace.
   */
  mayClose(period: Period): Promise<boolean>;
  /** Somebody who looks on goes by this time. */
  confirm(): Promise<void>;
}

export interface TimeGuardDeps {
  readonly times: TimesSeen;
  readonly clock: Clock;
  readonly uptime: () => Pick<TimeSeen, 'boot' | 'uptimeMs'>;
  readonly journal: Log;
}

/** A clock that is wrong after a boot is set by others (NTP) soon after it: 30 seconds. */
export const STANDS_MS = 30_000;
/** What a clock is put right by behind a start is less (an hour): clocks of hosts that are off drift by seconds a day. */
const STEP_MS = 60 * 60 * 1_000;

export function timeGuard(deps: TimeGuardDeps): TimeGuard {
  const { times, clock, uptime } = deps;
  const now = (): TimeSeen => ({ at: clock.now(), ...uptime() });
  const began = uptime().uptimeMs;
  const tell = teller(deps.journal);
  /** Whether this process has believed a time: then it was there, and no leap is the time for which it was off. */
  let wasThere = false;
  /** How this process met the leap, and what was certain then: it has run since, and so more is. */
  let met: (TimeSeen & { readonly certain: number }) | undefined;
  const look = async (): Promise<Look> => {
    const at = now();
    const seen = await times.timesSeen();
    const leap = leapOf(at, seen);
    const certain = certainTime(at, seen);
    met = leap === 0 ? undefined : (met ?? { ...at, certain });
    const ran = met ? at.uptimeMs - met.uptimeMs : 0;
    // One that leaps once more does so before our eyes.
    if (met && Math.abs(at.at - met.at - ran) > STEP_MS) wasThere = true;
    const away = leap > 0 && !wasThere && mayHaveBeenAway(at, seen, began);
    const believed = leap === 0 || (away && ran >= STANDS_MS);
    if (believed) await times.noteTime(at);
    else if (!away && seen.at(-1)?.boot !== LEAPT) await times.noteTime({ ...at, boot: LEAPT });
    wasThere ||= believed;
    tell(believed ? 'right' : away ? 'away' : 'leapt', leap);
    return { leap: believed ? 0 : leap, away, certain: met ? Math.max(certain, met.certain + ran) : certain };
  };
  return {
    note: async () => void (await look()),
    async mayClose(period) {
      const { leap, away, certain } = await look();
      if (leap === 0 || certain >= periodEnd(period)) return true;
      if (away) return false;
      throw new Failure('clock-leapt', { seconds: seconds(leap) });
    },
    confirm: () => times.noteTime(now()),
  };
}

interface Look {
  /** In milliseconds; 0 for one that is believed. */
  readonly leap: number;
  readonly away: boolean;
  /** Months that had ended by then have ended. */
  readonly certain: number;
}

const TOLD = {
  away: 'the clock is further than this host has run: it is believed when it stands',
  leapt: 'the clock has leapt: no month that may not have ended is closed by itself',
} as const;

/** Tells what changes, once. */
function teller(journal: Log): (what: 'right' | keyof typeof TOLD, leap: number) => void {
  let told: 'right' | keyof typeof TOLD = 'right';
  return (what, leap) => {
    if (what === told) return;
    if (what === 'right') journal.info('the clock is believed: months are closed again');
    else journal.warn(TOLD[what], { seconds: seconds(leap) });
    told = what;
  };
}

/** For a clock that was set, which is meant to leap. */
export const anyTime: TimeGuard = {
  note: () => Promise.resolve(),
  mayClose: () => Promise.resolve(true),
  confirm: () => Promise.resolve(),
};

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
