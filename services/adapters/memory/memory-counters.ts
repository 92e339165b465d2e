import type { Counted, Counters } from '../../ports/counters.ts';
import type { Clock } from '../../shared/clock.ts';

/** Of more, the one that is quiet longest is forgotten: to it that is a new month. */
const MOST = 200_000;

interface Held {
  count: number;
  until: number;
}

/** Numbers of this process: they end with it. */
export function openMemoryCounters(clock: Clock, most = MOST): Counters {
  const held = new Map<string, Held>();
  const current = (name: string): number => {
    const found = held.get(name);
    if (found === undefined || found.until > clock.now()) return found?.count ?? 0;
    held.delete(name);
    return 0;
  };
  const put = (name: string, count: number, until: number): void => {
    held.delete(name);
    if (held.size >= most) {
      const [quietest] = held.keys();
      if (quietest !== undefined) held.delete(quietest);
    }
    held.set(name, { count, until });
  };
  return {
    async take(numbers: readonly Counted[], expiresInMs: number) {
      const full = numbers.findIndex(({ name, limit }) => current(name) >= limit);
      if (full >= 0) return full;
      for (const { name } of numbers) put(name, current(name) + 1, clock.now() + expiresInMs);
      return undefined;
    },
    async giveBack(names) {
      for (const name of names) {
        const found = held.get(name);
        if (found && found.count > 0) found.count--;
      }
    },
    async close() {},
  };
}
