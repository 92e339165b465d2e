import { parseArgs } from 'node:util';
import type { LedgerAnswer } from '../../schemas/answers/ledger.ts';
import { adminClient, withAnswer } from './client.ts';
import type { Command } from './command.ts';

type Entry = LedgerAnswer['entries'][number];

/** What releases cost and who received them, from the running server. */
export const ledgerCommand: Command = {
  name: 'ledger',
  usage: 'ledger [--json] [--url URL]',
  summary: 'what each release can reveal, and who received it when',
  async run(args, env) {
    const { values } = parseArgs({ args: [...args], options: { url: { type: 'string' }, json: { type: 'boolean' } } });
    return withAnswer(await adminClient(env, values.url).get('/v1/ledger'), ({ entries }: LedgerAnswer) => {
      for (const entry of entries)
        for (const line of values.json ? [JSON.stringify(entry)] : linesOf(entry)) process.stdout.write(`${line}\n`);
    });
  },
};

function linesOf({ period, profile, epsilon, delta, releases }: Entry): string[] {
  const cost = epsilon === null ? 'epsilon unbounded' : `epsilon ${epsilon} delta ${delta ?? 0}`;
  return [
    [period, profile, cost].join('\t'),
    ...releases.flatMap(({ party, revision, deliveries }) =>
      deliveries.map(({ event, at, way, outcome }) =>
        ['', party, `revision ${revision}`, event, at, way, outcome].join('\t').trimEnd(),
      ),
    ),
  ];
}
