import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identifier, Identity } from '../services/identify/identity.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { MEASURED, type Measured, rawKindOf, rawStrings } from './identify-strings.ts';

/**
 * Raw strings a second of processor time (all threads of the process), each kind in a process of its own: the first pass of a process
 * that has only loaded the catalogue, and rounds of a second or more once it has run for a second. No string comes twice within a
 * round, so that no memory of answers could help. At last what a line costs that is canonical already.
 */
const ROUNDS = 7;
const ROUND_SECONDS = 1;

interface Result {
  readonly cold: Timed;
  readonly rounds: readonly Timed[];
}

interface Timed {
  readonly strings: number;
  /** How many of them are names of the list. */
  readonly listed: number;
  readonly seconds: number;
}

const [, , only] = process.argv;
if (MEASURED.some((kind) => kind === only)) process.stdout.write(JSON.stringify(measure(only as Measured)));
else if (only === 'lines') process.stdout.write(canonicalLines());
else report();

function report(): void {
  const self = fileURLToPath(import.meta.url);
  const ask = (what: string) => execFileSync(process.execPath, [self, what], { encoding: 'utf8' });
  say(`load ${load()} before`);
  say(
    `kind         cold: strings  a second   warm: a second, median of ${ROUNDS} (least to most)   distinct strings a round   of the list`,
  );
  for (const measured of MEASURED) {
    const { cold, rounds } = JSON.parse(ask(measured)) as Result;
    const rates = rounds.map(({ strings, seconds }) => strings / seconds).sort((a, b) => a - b);
    const [least, median, most] = [0, (ROUNDS - 1) / 2, ROUNDS - 1].map((at) => whole(rates[at]!));
    const strings = rounds.map((round) => round.strings);
    const share = `${Math.round((100 * sum(rounds, 'listed')) / sum(rounds, 'strings'))} %`;
    const first = [whole(cold.strings), whole(cold.strings / cold.seconds)];
    say(
      `${measured.padEnd(12)} ${first[0]!.padStart(13)} ${first[1]!.padStart(9)} ${median!.padStart(9)} (${least} to ${most})`.padEnd(
        72,
      ) +
        `${whole(Math.min(...strings))} to ${whole(Math.max(...strings))}`.padStart(22) +
        share.padStart(14),
    );
  }
  say(ask('lines'));
  say(`load ${load()} after`);
}

/** From cold, then a second that is not counted, then the rounds. */
function measure(measured: Measured): Result {
  const catalog = loadCatalog();
  const identifier = buildIdentifier(catalog, parsePeriod('2099-01'));
  const kind = rawKindOf(measured);
  let pass = 0;
  const strings = (least: number): string[] => {
    const texts = new Set<string>();
    while (texts.size < least) for (const text of rawStrings(catalog, measured, pass++)) texts.add(text);
    return [...texts];
  };
  const timed = (texts: readonly string[]): Timed => {
    let listed = 0;
    const seconds = secondsOf(() => {
      for (const text of texts) if (identifier.raw(kind, text).kind === 'listed') listed++;
    });
    return { strings: texts.length, listed, seconds };
  };
  const first = timed(strings(1));
  let rate = first.strings / first.seconds;
  for (let spent = 0; spent < ROUND_SECONDS; ) {
    const warming = timed(strings(rate / 4));
    spent += warming.seconds;
    rate = warming.strings / warming.seconds;
  }
  const rounds: Timed[] = [];
  while (rounds.length < ROUNDS) {
    const round = timed(strings(1.1 * ROUND_SECONDS * rate));
    rate = round.strings / round.seconds;
    // A round that was too short was quicker than the one before: the next has more strings.
    if (round.seconds >= ROUND_SECONDS) rounds.push(round);
  }
  return { cold: first, rounds };
}

function canonicalLines(): string {
  const catalog = loadCatalog();
  const identifier = buildIdentifier(catalog, parsePeriod('2099-01'));
  const lines = MEASURED.flatMap((measured) => listedOf(identifier, measured)).slice(0, 5_000);
  for (const line of lines) identifier.line({ ...line });
  const seconds = secondsOf(() => {
    for (let round = 0; round < 100; round++) for (const line of lines) identifier.line(line);
  });
  return `canonical lines: ${whole((seconds / (100 * lines.length)) * 1e9)} ns each (${whole(lines.length)} models)`;

  function listedOf(from: Identifier, measured: Measured) {
    const answers = rawStrings(catalog, measured, 0).map((text) => from.raw(rawKindOf(measured), text));
    const listed = answers.filter((one): one is Identity & { kind: 'listed' } => one.kind === 'listed');
    return [...new Map(listed.map((line) => [JSON.stringify(line), line])).values()];
  }
}

function secondsOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function sum(rounds: readonly Timed[], what: keyof Timed): number {
  return rounds.reduce((all, round) => all + round[what], 0);
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}

function load(): string {
  return loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
