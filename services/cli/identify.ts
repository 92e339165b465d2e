import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Option } from 'commander';
import { periodAt } from '../core/period.ts';
import { answerLine } from '../identify/answer-line.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import { RAW_KINDS, type RawKind } from '../identify/identity.ts';
import { systemClock } from '../shared/clock.ts';
import { loadCatalog } from '../shared/load-catalog.ts';
import { type AddCommand, does } from './command.ts';

/** A raw string a line in, one JSON object a line out, in order. */
export const addIdentify: AddCommand = (program) => {
  program
    .command('identify')
    .description('name the raw strings on standard input, a line each')
    .addOption(new Option('--kind <kind>', 'what the strings are').choices(RAW_KINDS).makeOptionMandatory())
    .action(
      does(async ({ kind }: { kind: RawKind }) => {
        await identifyInput(kind);
        return 0;
      }),
    );
};

/** Answers are written in pieces, waiting when whoever reads them is slower. */
async function identifyInput(kind: RawKind): Promise<void> {
  const identifier = buildIdentifier(loadCatalog(), periodAt(systemClock.now()));
  let answers: string[] = [];
  const write = async () => {
    if (!process.stdout.write(answers.join(''))) await once(process.stdout, 'drain');
    answers = [];
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    answers.push(`${answerLine(identifier, kind, line)}\n`);
    if (answers.length >= 1_000) await write();
  }
  await write();
}
