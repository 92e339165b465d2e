import { percentile } from '../../../bench/compare.ts';
import { type Latencies, ratioAt } from './beside.ts';
import type { Tally } from './judged-cases.ts';

/** Honest reports beside hostile requests, and the load of the machine. */
export interface Beside extends Latencies {
  readonly load: number;
}

/** What was found, of the lines that runs have written. */
export function hostileSection(lines: readonly (Tally | Beside)[], at: string): string {
  const tallies = lines.filter((line) => 'seed' in line);
  const sum = (of: (one: Tally) => number) => tallies.reduce((total, one) => total + of(one), 0);
  const seeds = tallies.map(({ seed }) => seed).sort((a, b) => a - b);
  const slowest = Math.max(...tallies.map(({ slowestMs }) => slowestMs));
  const besides = lines.filter((line) => 'alone' in line);
  return `## Hostile input

Made of what \`npm run test:hostile\` wrote (${at}, Node ${process.versions.node}); do not edit. Bodies of reports are turned, cut, doubled and filled with what does
not belong there, and go through the parser and identification; rules that know nothing of how either works judge what came of each. One case again:
\`caseOf(seed, number)\` in test/support/hostile/cases.ts; a share of them is in the suite (test/property/hostile-input.test.ts).
Without arguments it makes ten million; the table says how many of them were run. The slowest is by the clock, of a machine that had other things to do.

| seeds | cases | taken | refused | wrong | slowest case | seconds |
|---|---|---|---|---|---|---|
| ${seeds[0]} to ${seeds.at(-1)} | ${sum(({ cases }) => cases)} | ${sum(({ taken }) => taken)} | ${sum(({ refused }) => refused)} | ${sum(({ wrong }) => wrong)} | ${slowest.toFixed(0)} ms | ${sum(({ seconds }) => seconds)} |

${besides.map(besideLine).join('\n')}
`;
}

function besideLine(one: Beside): string {
  const said = (share: number) => {
    const [beside, alone] = [percentile(one.beside, share), percentile(one.alone, share)];
    return `${beside.toFixed(1)} ms instead of ${alone.toFixed(1)} (${ratioAt(one, share).toFixed(1)} times)`;
  };
  return `Beside ${one.attacks} requests of hostile shapes (test/support/hostile/http-shapes.ts), from four who send one after the other, ${one.beside.length} honest reports took ${said(0.5)} at the
median and ${said(0.99)} at p99; ${one.refused} of them were not taken (load of the machine ${one.load.toFixed(1)}).`;
}
