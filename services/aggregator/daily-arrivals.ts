import type { Period } from '../../schemas/period.ts';
import { dayOf } from '../core/arrivals.ts';
import type { ArrivalStore } from '../ports/arrivals.ts';
import type { CountReader } from '../ports/count-reader.ts';
import type { Clock } from '../shared/clock.ts';

export interface DailyArrivalsDeps {
  readonly store: ArrivalStore & Pick<CountReader, 'snapshots'>;
  readonly clock: Clock;
  /** A draw of the noise that the noted number carries: see ARRIVAL_NOISE. */
  readonly noise: () => number;
}

/**
 * Notes, once a day, how many sites a month has: the number that staff are shown at that moment, which its guard has
 * made coarse, with noise besides. Nothing of a site goes into it but that it is one of them, and ingest counts nothing for it.
 */
export class DailyArrivals {
  readonly #deps: DailyArrivalsDeps;
  readonly #noted = new Map<Period, number>();

  constructor(deps: DailyArrivalsDeps) {
    this.#deps = deps;
  }

  /** To be called after each snapshot: the first one of a day is near its beginning. */
  async note(period: Period): Promise<void> {
    const { store, clock, noise } = this.#deps;
    const day = dayOf(period, clock.now());
    // When its first day began there was nobody.
    if (day <= 1 || this.#noted.get(period) === day) return;
    if (!(await store.arrivals(period)).some((one) => one.day === day)) {
      const shown = (await store.snapshots()).find((snapshot) => snapshot.period === period)?.sites ?? 0;
      await store.noteArrivals({ period, day, sites: shown + noise() });
    }
    this.#noted.set(period, day);
  }
}
