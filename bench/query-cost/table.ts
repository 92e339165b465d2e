import { median, percentile } from '../compare.ts';
import { QUESTIONS, type Question, type Times } from './ask.ts';

/** The times of three stores that were asked in turn: few facts, the same few in another process, many. */
export type Asked = readonly [few: Times, again: Times, many: Times];

/**
 * A line for each question: p50 and p99 in ms, and both as ratios of many to few and of few to few. The last line is of
 * all questions together, each time divided by its question's median: of many more requests, so its p99 is steadier.
 */
export function tableOf(asked: Asked): string[] {
  return [
    row('', ['p50', '', '', 'p99', '', '', 'many:few', '', 'again:few', '']),
    row('', ['few', 'again', 'many', 'few', 'again', 'many', 'p50', 'p99', 'p50', 'p99']),
    ...QUESTIONS.map((question) => row(question, numbersOf(asked.map(timesOf(question)), 1))),
    row('all, in medians', numbersOf(inMedians(asked), 2)),
  ];
}

function timesOf(question: Question): (times: Times) => readonly number[] {
  return (times) => times.get(question) ?? [];
}

function inMedians(asked: Asked): number[][] {
  const medians = new Map(QUESTIONS.map((question) => [question, median(asked.flatMap(timesOf(question)))]));
  return asked.map((times) =>
    QUESTIONS.flatMap((question) => timesOf(question)(times).map((ms) => ms / (medians.get(question) ?? 1))),
  );
}

function numbersOf(times: readonly (readonly number[])[], digits: number): string[] {
  const p50 = times.map((values) => percentile(values, 0.5));
  const p99 = times.map((values) => percentile(values, 0.99));
  const [many50, many99] = [ratioToFew(p50, 2), ratioToFew(p99, 2)];
  const [again50, again99] = [ratioToFew(p50, 1), ratioToFew(p99, 1)];
  return [
    ...[...p50, ...p99].map((value) => value.toFixed(digits)),
    ...[many50, many99, again50, again99].map((ratio) => ratio.toFixed(2)),
  ];
}

function ratioToFew(values: readonly number[], store: 1 | 2): number {
  return (values[store] ?? Number.NaN) / (values[0] ?? Number.NaN);
}

function row(question: string, cells: readonly string[]): string {
  return `  ${question.padEnd(76)}${cells.map((cell) => cell.padStart(9)).join('')}`;
}
