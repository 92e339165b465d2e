import { pause } from '../../shared/clock.ts';
import { describeFailure, Failure } from '../../shared/failure.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import { bad, type Finding } from './finding.ts';

/** The findings of `look`, or one that says why there are none: then `what` failed, or was silent for longer than that. */
export async function lookedAt(
  what: string,
  patienceMs: number,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const over = new AbortController();
  const silent = pause(patienceMs, over.signal).then(() => [
    bad(what, `no answer within ${patienceMs / 1_000} s`, 'Look whether it runs, and at the network between'),
  ]);
  try {
    return await Promise.race([look(), silent]);
  } catch (thrown) {
    return [ofFailure(what, thrown)];
  } finally {
    over.abort();
  }
}

function ofFailure(what: string, thrown: unknown): Finding {
  const { code, error } = describeFailure(thrown);
  const seen = code ?? error;
  if (!(thrown instanceof Failure)) return bad(what, seen, 'Look at its own journal');
  const detail = Object.entries(thrown.detail).map(([key, value]) => `${key} ${value}`);
  return bad(what, [seen, ...detail].join(' '), explanationOf(thrown.code).replace(/\.$/, ''));
}
