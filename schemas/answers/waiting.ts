import * as z from 'zod';

const Waiting = z.int().min(0).nullable();

/** `GET /v1/waiting`: what waits for somebody. Null where the caller's scopes do not open the page. */
export const WaitingAnswer = z.strictObject({
  /** Shown names that no rule knows and nobody has mapped. */
  unlisted: Waiting,
  /** Held numbers of the newest released month that are undecided. */
  held: Waiting,
  /** Months whose close stopped. */
  failedCloses: Waiting,
});
export type WaitingAnswer = z.infer<typeof WaitingAnswer>;
