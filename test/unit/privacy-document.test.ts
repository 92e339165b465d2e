import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { claims, rightOfHundred } from '../../services/releases/numbers/claims.ts';
import { discreteGaussian } from '../../services/releases/numbers/discrete-gaussian.ts';
import { noiseStream } from '../../services/releases/numbers/noise-stream.ts';
import { roundedUp } from '../../services/releases/numbers/rounded-up.ts';
import { normal } from '../support/release-attacks/score.ts';

const document = new URL('../../docs/privacy.md', import.meta.url);
const TRIALS = 4_000;
/** So fine that noise of whole numbers is as good as continuous. */
const VARIANCE = 1_000_000n;
/** Any key would do; this one gives the same table again. */
const source = noiseStream('5'.repeat(64), 'attackers');

/**
 * How often the best guess is right: whoever knows all else sees one number, moved or not, as numbers of independent
 * noise add up to one along the direction in which the site moves them (Neyman and Pearson). The noise is the product's.
 */
function guessedRight(rho: number): number {
  const moved = Math.round(Math.sqrt(2 * rho * Number(VARIANCE)));
  let right = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const isIn = trial % 2 === 1;
    const seen = Number(discreteGaussian(VARIANCE, source)) + (isIn ? moved : 0);
    if (seen > moved / 2 === isIn) right++;
  }
  return right / TRIALS;
}

const rows = claims().map(({ who, rho, epsilon }) => ({
  ...{ who, rho, epsilon },
  best: normal(Math.sqrt(2 * rho) / 2),
  measured: guessedRight(rho),
}));

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const table = [
  '| who is guessed at | epsilon | right at best | right in 4,000 guesses |',
  '| --- | --- | --- | --- |',
  ...rows.map(
    ({ who, epsilon, best, measured }) =>
      `| ${[who, roundedUp(epsilon, 3), percent(best), percent(measured)].join(' | ')} |`,
  ),
].join('\n');

// To write it again: npx vitest run --update=all test/unit/privacy-document.test.ts
test('docs/privacy.md has the attackers as they are measured', async () => {
  process.stdout.write(`\n${table}\n`);
  const [before, after] = readFileSync(document, 'utf8').split(/<!-- attackers -->[\s\S]*<!-- \/attackers -->/);
  const filled = `${before}<!-- attackers -->\n${table}\n<!-- /attackers -->${after}`;
  await expect(filled).toMatchFileSnapshot(fileURLToPath(document));
});

test('guesses are right as often as the noise allows, within three standard errors', () => {
  for (const { who, best, measured } of rows)
    expect(Math.abs(measured - best), who).toBeLessThan(3 * Math.sqrt((best * (1 - best)) / TRIALS) + 0.001);
});

test('a bound is rounded up, and left as it is where it has the digits already', () => {
  expect([
    roundedUp(12.414, 3),
    roundedUp(3.508, 3),
    roundedUp(14.8, 3),
    roundedUp(9.999, 3),
    roundedUp(0.0312, 2),
  ]).toEqual(['12.5', '3.51', '14.8', '10.0', '0.032']);
});

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').replace(/\s+/g, ' ');

test('README and METHOD.md give the same bounds, and none is rounded down', () => {
  const [month, year] = claims() as [(typeof rows)[number], (typeof rows)[number]];
  const [ofMonth, ofYear] = [month, year].map(({ rho }) => rightOfHundred(rho));
  for (const { rho } of [month, year]) {
    expect(rightOfHundred(rho) / 100).toBeGreaterThanOrEqual(normal(Math.sqrt(2 * rho) / 2));
    expect((rightOfHundred(rho) - 1) / 100).toBeLessThan(normal(Math.sqrt(2 * rho) / 2));
  }
  expect(read('README.md')).toContain(
    `epsilon = ${roundedUp(month.epsilon, 3)} (delta = 1e-6) a month, ${roundedUp(year.epsilon, 3)} a year,`,
  );
  expect(read('README.md')).toContain(
    `guesses right at most ${ofMonth} times of 100 about one month of a site at all its bounds, and ${ofYear} about twelve`,
  );
  expect(read('services/releases/METHOD.md')).toContain(
    `is right at most ${ofMonth} times of 100, where a coin is right 50 times; from twelve months' numbers ${ofYear} times.`,
  );
});
