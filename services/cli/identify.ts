import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { periodAt } from '../core/period.ts';
import { answerLine } from '../identify/answer-line.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import { RAW_KINDS, type RawKind } from '../identify/identity.ts';
import { systemClock } from '../shared/clock.ts';
import { loadCatalog } from '../shared/load-catalog.ts';
import { type Command, UsageError } from './command.ts';

/** A raw string a line in, one JSON object a line out, in order. */
export const identifyCommand: Command = {
  name: 'identify',
  usage: `identify --kind ${RAW_KINDS.join('|')}`,
  summary: 'name the raw strings on standard input, a line each',
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { kind: { type: 'string' } } });
    const kind = RAW_KINDS.find((candidate) => candidate === values.kind);
    if (!kind) throw new UsageError(`--kind is one of ${RAW_KINDS.join(', ')}`);
    await identifyInput(kind);
    return 0;
  },
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
