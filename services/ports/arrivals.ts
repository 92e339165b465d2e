import type { Period } from '../../schemas/period.ts';
import type { Arrival } from '../core/arrivals.ts';

/** How many sites months had when their days began: noised numbers, which outlive the facts. */
export interface ArrivalReader {
  /** What was noted of the month, by day; the first word of each day. */
  arrivals(period: Period): Promise<Arrival[]>;
}

export interface ArrivalStore extends ArrivalReader {
  /** Notes a day once: what is said of it later changes nothing. */
  noteArrivals(arrival: Arrival): Promise<void>;
}
