import { describeFailure, Failure } from './failure.ts';
import type { Log, LogFields } from './log.ts';

/** What goes on failing is told again after this. */
const AGAIN_MS = 60_000;

interface Trouble {
  readonly since: number;
  toldAt: number;
  times: number;
}

/** Tells the journal what does not work: at once, then once a minute with how often it failed, then that it is over. */
export class Troubles {
  readonly #journal: Log;
  readonly #now: () => number;
  readonly #under = new Map<string, Trouble>();

  constructor(journal: Log, now: () => number = () => performance.now()) {
    this.#journal = journal;
    this.#now = now;
  }

  /** `what` is a sentence of ours: it is the trouble's name too. */
  met(what: string, thrown: unknown, fields: LogFields = {}): void {
    const now = this.#now();
    const trouble = this.#under.get(what) ?? { since: now, toldAt: Number.NEGATIVE_INFINITY, times: 0 };
    this.#under.set(what, trouble);
    trouble.times++;
    if (now - trouble.toldAt < AGAIN_MS) return;
    trouble.toldAt = now;
    this.#journal.warn(what, { ...fields, ...said(thrown), times: trouble.times });
  }

  over(what: string, then: string): void {
    const trouble = this.#under.get(what);
    if (!trouble) return;
    this.#under.delete(what);
    const seconds = Math.round((this.#now() - trouble.since) / 1_000);
    this.#journal.info(then, { afterSeconds: seconds, failures: trouble.times });
  }
}

/** Code, detail and cause: no message, and nothing of what was on its way. */
function said(thrown: unknown): LogFields {
  const { code, error, cause } = describeFailure(thrown);
  return { failure: code ?? error, cause, ...(thrown instanceof Failure ? thrown.detail : {}) };
}
