import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { knownCell } from './known-cell.ts';

/**
 * A fact as the facts table reads it: `[202611,"model","","phone","Yealink","SIP-T46S",key,count,bounded,version]\n`.
 * Throws `unsafe-name` for a name that would need escaping.
 */
export function factLine(period: Period, fact: Fact): string {
  return `[${period.slice(0, 4)}${period.slice(5)},${knownCell(fact).columns}${digits(fact.key)},${fact.count},${fact.bounded},${digits(fact.version)}]\n`;
}

const SPLIT = 1e8;

/**
 * A safe integer in decimal. Numbers over 2^31 are formatted by the engine's general routine, at 0.35 us each the largest
 * part of ingest; in two halves that are small integers it takes 0.1 us.
 */
function digits(n: number): string {
  if (n < SPLIT) return `${n}`;
  const high = Math.floor(n / SPLIT);
  return `${high}${`${n - high * SPLIT + SPLIT}`.slice(1)}`;
}
