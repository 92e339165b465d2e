import type { RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { CountRequest, RequestLimit, RequestVerdict } from '../core/request-limit.ts';

/** Parties of a window that are told apart. */
const MOST_PARTIES = 50_000;
/** Of the name of a party that is not told apart so much is left: 4,096 names, each of which has the limit. */
const LEFT_OF_NAME = 2;

/**
 * Counts with the limiter, in bounded memory: it keeps a number for each party until its window ends, so that beyond so many
 * new parties in a window all share 4,096 numbers until the next one.
 */
export function counting(
  limiter: RateLimiterAbstract,
  { windowSeconds }: RequestLimit,
  mostParties = MOST_PARTIES,
): CountRequest {
  let [parties, since] = [0, performance.now()];
  return async (party) => {
    if (performance.now() - since >= windowSeconds * 1_000) [parties, since] = [0, performance.now()];
    const { counted, allowed } = await consumed(limiter, parties < mostParties ? party : party.slice(0, LEFT_OF_NAME));
    if (counted.isFirstInDuration) parties++;
    return verdictOf(counted, allowed);
  };
}

/** The limiter rejects with what it counted when that is too much, and with an error when it could not count. */
async function consumed(
  limiter: RateLimiterAbstract,
  name: string,
): Promise<{ counted: RateLimiterRes; allowed: boolean }> {
  try {
    return { counted: await limiter.consume(name), allowed: true };
  } catch (refused) {
    if (refused instanceof Error) throw refused;
    return { counted: refused as RateLimiterRes, allowed: false };
  }
}

function verdictOf({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): RequestVerdict {
  return { allowed, remaining: remainingPoints, beginsAnewInMs: msBeforeNext };
}
