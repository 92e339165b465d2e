import type { Period } from '../../../schemas/period.ts';
import type { Transition } from '../../../schemas/release.ts';
import { CLOSE_STEPS, type CloseStep } from '../../../schemas/release.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { drawNonce } from '../../shared/random.ts';
import type { CloseDeps, StepContext, StepDetail } from './close-deps.ts';
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
    const done = await doneOf(period, deps);
    const step = CLOSE_STEPS[done.size];
    if (step === undefined) return { state: 'closed' };
    deps.failPoint(`${step}:begin`);
    const detail = await doStep(step, { period, done, deps });
    if (detail === 'not-yet') return { state: 'waiting', before: step };
    if (detail === 'overtaken') continue;
    deps.failPoint(`${step}:done`);
    await record({ period, step, detail }, done.size + 1, deps);
    deps.failPoint(`${step}:recorded`);
  }
}

async function doneOf(period: Period, { releases }: CloseDeps): Promise<StepContext['done']> {
  return stepsOf(await releases.transitions(), period);
}

/** A worker that goes on meanwhile takes away what a slower one looks for: that is no failure. */
async function doStep(step: CloseStep, context: StepContext): Promise<StepDetail | 'not-yet' | 'overtaken'> {
  try {
    return await STEPS[step](context);
  } catch (thrown) {
    if ((await doneOf(context.period, context.deps)).size > context.done.size) return 'overtaken';
    throw thrown;
  }
}

async function record(
  { period, step, detail }: Pick<Transition, 'period' | 'step' | 'detail'>,
  seq: number,
  { releases, clock, journal }: CloseDeps,
): Promise<void> {
  const nonce = drawNonce();
  const first = await releases.addTransition({ period, seq, step, at: clock.now(), nonce, detail });
  journal.info(first ? 'close: step done' : 'close: another worker was first', { period, step });
}
