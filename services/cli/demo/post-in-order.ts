import { Agent, request } from 'node:http';
import { openPeriods } from '../../core/period.ts';
import { pause, type SetClock } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import type { Delivery } from '../../simulator/simulate.ts';

const IN_FLIGHT = 64;

/**
 * Posts the deliveries in their order, several at a time, with the clock at each one's instant. Before the set of open
 * periods changes, everything in flight is answered: a report that was sent in time must not find its period closed.
 * Resolves to the number posted; throws when one is not taken.
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

/** A machine that does ten other things may be too slow for a while: it says so, and the report comes again, as an agent's does. */
const MOST_TRIES = 120;
const AGAIN_MS = 500;

/** Throws when the report is not taken in the end: in the demo nothing may be lost. */
export async function postReport(agent: Agent, url: string, body: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const status = await postOnce(agent, url, body);
    if (status === 202) return;
    if (status !== 503 || tries === MOST_TRIES) throw new Failure(status === 503 ? 'try-later' : 'refused', { status });
    await pause(AGAIN_MS);
  }
}

function postOnce(agent: Agent, url: string, body: string): Promise<number> {
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
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    posting.once('error', reject);
    posting.end(body);
  });
}
