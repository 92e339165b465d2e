import { interval, type Score } from './score.ts';

/** One attack against the three releasers. */
export interface Row {
  readonly attack: string;
  readonly weak?: Score;
  readonly noised: Score;
  readonly threshold?: Score;
}

const HEADINGS = ['weak', 'targets', 'as built', 'advantage (95 %)', 'at best', 'threshold'];
const WIDTHS = [10, 9, 10, 26, 10, 11];

/**
 * How often each attack was right, as a table for the test's output. Advantage = 2 x accuracy - 1 (Yeom and others,
 * 2018), against the releases as built; at best: what noise of these variances allows anybody.
 */
export function printed(title: string, rows: readonly Row[]): string {
  const line = (name: string, cells: readonly string[]): string =>
    name.padEnd(44) + cells.map((cell, i) => cell.padStart(WIDTHS[i]!)).join('');
  return [
    `\n${title}`,
    line('attack', HEADINGS),
    ...rows.map(({ attack, weak, noised, threshold }) =>
      line(attack, [
        weak ? percent(weak.accuracy) : '',
        String(noised.trials),
        percent(noised.accuracy),
        advantage(noised),
        percent(noised.best),
        threshold ? percent(threshold.accuracy) : '',
      ]),
    ),
    '',
  ].join('\n');
}

function advantage(score: Score): string {
  const [value, least, most] = [score.accuracy, ...interval(score)].map((share) => ((share * 2 - 1) * 100).toFixed(1));
  return `${value} (${least} to ${most})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
