import type { LedgerAnswer } from '../../schemas/answers/ledger.ts';
import { adminClient, withAnswer } from './client.ts';
import { type AddCommand, type AtServer, atServer, does, type Env } from './command.ts';

type Entry = LedgerAnswer['entries'][number];

/** What releases cost and who received them, from the running server. */
export const addLedger: AddCommand = (program, env) => {
  atServer(program.command('ledger').description('what each release can reveal, and who received it when'))
    .option('--json', 'one JSON object a line')
    .action(does((options: AtServer & { json?: boolean }) => ledger(options, env)));
};

async function ledger({ url, json }: AtServer & { json?: boolean }, env: Env): Promise<number> {
  return withAnswer(await adminClient(env, url).get('/v1/ledger'), ({ entries }: LedgerAnswer) => {
    for (const entry of entries)
      for (const line of json ? [JSON.stringify(entry)] : linesOf(entry)) process.stdout.write(`${line}\n`);
  });
}

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
