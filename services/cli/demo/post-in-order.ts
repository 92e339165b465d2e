import { Agent, request } from 'node:http';
import { openPeriods } from '../../core/period.ts';
import type { SetClock } from '../../shared/clock.ts';
import type { Delivery } from '../../simulator/simulate.ts';

const IN_FLIGHT = 64;

/**
 * Posts the deliveries in their order, several at a time, with the clock at each one's instant. Before the set of open
 * periods changes, everything in flight is answered: a report that was sent in time must not find its period closed.
 * Resolves to the number posted; throws when one is not answered 202.
 */
export async function postInOrder(
  url: string,
  deliveries: readonly Delivery[],
  clock: SetClock,
  onProgress: (done: number, all: number) => void,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const inFlight = new Set<Promise<void>>();
  let done = 0;
  try {
    for (const { atMs, body } of deliveries) {
      const changesPeriods = String(openPeriods(Math.max(atMs, clock.now()))) !== String(openPeriods(clock.now()));
      if (changesPeriods) await Promise.all(inFlight);
      else if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
      // A close between two months may have moved it beyond what was on its way then.
      clock.moveTo(Math.max(atMs, clock.now()));
      const posting = postReport(agent, url, JSON.stringify(body)).then(() => {
        inFlight.delete(posting);
        onProgress(++done, deliveries.length);
      });
      inFlight.add(posting);
    }
    await Promise.all(inFlight);
    return done;
  } finally {
    agent.destroy();
  }
}

/** Throws when the answer is not 202: in the demo nothing may be lost. */
export function postReport(agent: Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const posting = request(
      `${url}/v1/reports`,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 202 ? resolve() : reject(new Error(`a report was answered ${response.statusCode}`)),
        );
      },
    );
    posting.once('error', reject);
    posting.end(body);
  });
}
