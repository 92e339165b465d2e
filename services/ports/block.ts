import type { Period } from '../../schemas/period.ts';

/**
 * The facts of all reports of one flush window, shuffled: lines of `JSONCompactEachRow`, each `[…]\n`.
 * Facts travel as bytes from here on; whoever gives them to a database scans them first.
 */
export interface Block {
  readonly period: Period;
  /** Number of lines. */
  readonly facts: number;
  /** Number of reports the lines came from. */
  readonly reports: number;
  readonly bytes: Uint8Array;
  /** Of the span that appended it, as W3C Trace Context writes it; most blocks have none: see compose/traced.ts. */
  readonly traceparent?: string;
}
