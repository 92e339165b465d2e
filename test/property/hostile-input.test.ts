import { expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { caseOf } from '../support/hostile/cases.ts';
import { type Judgement, judged } from '../support/hostile/judge.ts';

const identifier = buildIdentifier(loadCatalog(), parsePeriod('2026-11'));
/** Of the ten million of `npm run test:hostile`. */
const CASES = 15_000;

test('whatever is sent is a report, word for word, or is refused without a word of it; honest reports are always taken', () => {
  const tally = { taken: 0, refused: 0 };
  const wrong: { number: number; judgement: Judgement }[] = [];
  for (let number = 0; number < CASES; number++) {
    const judgement = judged(caseOf(2026, number), identifier);
    if (judgement === 'taken' || judgement === 'refused') tally[judgement]++;
    else wrong.push({ number, judgement });
  }
  expect(wrong).toEqual([]);
  expect(tally.taken).toBeGreaterThan(CASES / 20);
  expect(tally.refused).toBeGreaterThan(CASES / 3);
});

test('the judge knows an honest report that is refused', () => {
  const { bytes } = caseOf(2026, 1);
  expect(judged({ bytes: Buffer.from('{'), honest: true }, identifier)).toEqual({
    wrong: 'an honest report was refused',
  });
  expect(bytes.length).toBeGreaterThan(0);
});
