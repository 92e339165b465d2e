import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import type { RequestCounters } from '../../ports/request-counters.ts';
import { counting } from '../request-counting.ts';

/** Counts in this process: what was counted ends with it. `mostParties`: of a window, that are told apart. */
export function openMemoryRequestCounters(mostParties?: number): RequestCounters {
  return {
    of: (limit) =>
      counting(new RateLimiterMemory({ points: limit.most, duration: limit.windowSeconds }), limit, mostParties),
    async close() {},
  };
}
