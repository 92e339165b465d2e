import type { TimeSeen } from '../core/leap.ts';

/** What hosts have seen of time: it outlives every process, and all that close months share it. */
export interface TimesSeen {
  /** The newest of each boot, in the order in which they were noted. */
  timesSeen(): Promise<TimeSeen[]>;
  noteTime(seen: TimeSeen): Promise<void>;
}
