import { parsePeriod } from '../../../services/core/period.ts';
import { buildIdentifier } from '../../../services/identify/identifier.ts';
import { loadCatalog } from '../../../services/shared/load-catalog.ts';
import { caseOf } from './cases.ts';
import { judged } from './judge.ts';

// Generated bodies over the parser of reports and identification:
//
//   npm run test:hostile                       ten million cases
//   npm run test:hostile -- 100000 7           so many, of this seed
//
// One line of JSON: how many were taken and refused, the slowest in milliseconds, and the first wrong ones by number,
// each of which `caseOf(seed, number)` makes again. Ends with 1 when one is wrong.

const [cases = '10000000', seed = '1'] = process.argv.slice(2);
const identifier = buildIdentifier(loadCatalog(), parsePeriod('2026-11'));
const found = { seed: Number(seed), cases: 0, taken: 0, refused: 0, wrong: 0, slowestMs: 0, slowest: 0 };
const first: { number: number; what: string }[] = [];
const began = performance.now();

for (let number = 0; number < Number(cases); number++) {
  const one = caseOf(found.seed, number);
  const before = performance.now();
  const judgement = judged(one, identifier);
  const took = performance.now() - before;
  if (took > found.slowestMs) Object.assign(found, { slowestMs: took, slowest: number });
  found.cases++;
  if (judgement === 'taken' || judgement === 'refused') found[judgement]++;
  else {
    found.wrong++;
    if (first.length < 20) first.push({ number, what: judgement.wrong });
  }
}
const seconds = (performance.now() - began) / 1_000;
process.stdout.write(`${JSON.stringify({ ...found, seconds: Math.round(seconds), first })}\n`);
process.exitCode = found.wrong > 0 ? 1 : 0;
