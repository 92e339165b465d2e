import { Failure } from '../shared/failure.ts';
import { settledWithin } from '../shared/settled-within.ts';
import type { Check } from './health.ts';

/** So old an answer of readiness may be. */
const MAX_AGE_MS = 1_000;
/** A check that takes longer counts as failed. */
const CHECK_MS = 2_000;

/**
 * The check, asked once a second however many ask, and never twice at a time: whoever may ask whether a server is ready
 * is nobody who may have it work.
 */
export function rememberedCheck({ name, check }: Check, now: () => number = () => performance.now()): Check {
  let known: { readonly at: number; readonly answer: Promise<void> } | undefined;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    asking ??= check().finally(() => {
      asking = undefined;
    });
    const asked = asking;
    if (!(await settledWithin(CHECK_MS, asked))) throw new Failure('no-answer-in-time');
    await asked;
  };
  return {
    name,
    check() {
      if (known && now() - known.at <= MAX_AGE_MS) return known.answer;
      const answer = ask();
      known = { at: now(), answer };
      return answer;
    },
  };
}
