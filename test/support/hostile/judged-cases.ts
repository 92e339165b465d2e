import { parsePeriod } from '../../../services/core/period.ts';
import { buildIdentifier } from '../../../services/identify/identifier.ts';
import { loadCatalog } from '../../../services/shared/load-catalog.ts';
import { caseOf } from './cases.ts';
import { judged } from './judge.ts';

/** What became of the cases 0 to `cases` - 1 of a seed. */
export interface Tally {
  readonly seed: number;
  readonly cases: number;
  readonly taken: number;
  readonly refused: number;
  readonly wrong: number;
  readonly slowestMs: number;
  /** Number of the slowest. */
  readonly slowest: number;
  readonly seconds: number;
  readonly first: readonly { readonly number: number; readonly what: string }[];
}

const MOST_TOLD = 20;

export function judgedCases(seed: number, cases: number): Tally {
  const identifier = buildIdentifier(loadCatalog(), parsePeriod('2026-11'));
  const found = { seed, cases, taken: 0, refused: 0, wrong: 0, slowestMs: 0, slowest: 0 };
  const first: { number: number; what: string }[] = [];
  const began = performance.now();
  for (let number = 0; number < cases; number++) {
    const one = caseOf(seed, number);
    const before = performance.now();
    const judgement = judged(one, identifier);
    const took = performance.now() - before;
    if (took > found.slowestMs) Object.assign(found, { slowestMs: took, slowest: number });
    if (judgement === 'taken' || judgement === 'refused') found[judgement]++;
    else if (found.wrong++ < MOST_TOLD) first.push({ number, what: judgement.wrong });
  }
  return { ...found, seconds: Math.round((performance.now() - began) / 1_000), first };
}
