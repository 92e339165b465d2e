import { randomBytes } from 'node:crypto';
import type { Period } from '../../../schemas/period.ts';
import { CLOSE_STEPS, type CloseStep } from '../../../schemas/release.ts';
import type { Transition } from '../../ports/release-store.ts';
import type { CloseDeps, StepContext } from './close-deps.ts';
import { STEPS } from './steps.ts';

/** closed: every step is done. waiting: the next one is not due, or something it waits for is not there yet. */
export type CloseOutcome = { readonly state: 'closed' } | { readonly state: 'waiting'; readonly before: CloseStep };

/**
 * Takes the period through the steps of a close, from wherever it stands. Each step may be done again, and by two workers
 * at once: the first to write it down has done it, and the others go on from there. So a crash costs a repetition, and
 * nothing is destroyed before what was verified is written down.
 */
export async function closePeriod(period: Period, deps: CloseDeps): Promise<CloseOutcome> {
  for (;;) {
    const done = await stepsOf(period, deps);
    const step = CLOSE_STEPS[done.size];
    if (step === undefined) return { state: 'closed' };
    deps.failPoint(`${step}:begin`);
    const detail = await STEPS[step]({ period, done, deps });
    if (detail === 'not-yet') return { state: 'waiting', before: step };
    deps.failPoint(`${step}:done`);
    await record({ period, step, detail }, done.size + 1, deps);
    deps.failPoint(`${step}:recorded`);
  }
}

/** The finished steps of a period, in their order. */
export async function stepsOf(period: Period, { releases }: Pick<CloseDeps, 'releases'>): Promise<StepContext['done']> {
  const all = await releases.transitions();
  return new Map(all.filter((one) => one.period === period).map((one) => [one.step, one]));
}

async function record(
  { period, step, detail }: Pick<Transition, 'period' | 'step' | 'detail'>,
  seq: number,
  { releases, clock, journal }: CloseDeps,
): Promise<void> {
  const nonce = randomBytes(8).toString('hex');
  const first = await releases.addTransition({ period, seq, step, at: clock.now(), nonce, detail });
  journal.info(first ? 'close: step done' : 'close: another worker was first', { period, step });
}
