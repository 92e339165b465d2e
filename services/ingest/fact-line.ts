import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { knownCell } from './known-cell.ts';

/**
 * A fact as the facts table reads it: `[202611,"model","","phone","Yealink","SIP-T46S",key,count,bounded,version]\n`.
 * Throws `unsafe-name` for a name that would need escaping.
 */
export function factLine(period: Period, fact: Fact): string {
  return `[${period.slice(0, 4)}${period.slice(5)},${knownCell(fact).columns}${fact.key},${fact.count},${fact.bounded},${fact.version}]\n`;
}
