import type { DeadLettersAnswer, DeadLettersMoved } from '../../schemas/answers/dead-letters.ts';
import { Period } from '../../schemas/period.ts';
import { type ApiClient, adminClient, withAnswer } from './client.ts';
import { type AddCommand, type AtServer, atServer, does, type Env, UsageError } from './command.ts';

/** Asks the running server as an admin, because the log belongs to it. */
export const addDeadLetters: AddCommand = (program, env) => {
  const letters = program
    .command('dead-letters')
    .description('blocks that the store would not take: count them, try them again, forget them');
  atServer(letters.command('list').description('what was set aside, by month and reason'))
    .option('--json', 'one JSON object a line')
    .action(does((options: AtServer & { json?: boolean }) => list(options, env)));
  const acts: Readonly<Record<string, Act>> = {
    replay: {
      summary: 'into the log again, when what was wrong is mended',
      ask: (client, period) => client.post(`/v1/dead-letters/${period}/replay`),
      done: 'in the log again',
    },
    drop: {
      summary: 'forget them, uncounted',
      ask: (client, period) => client.delete(`/v1/dead-letters/${period}`),
      done: 'forgotten',
    },
  };
  for (const [word, act] of Object.entries(acts))
    atServer(letters.command(word).description(act.summary).argument('<YYYY-MM>', 'the month')).action(
      does((month: string, { url }: AtServer) => move(month, () => adminClient(env, url), act)),
    );
};

async function list({ url, json }: AtServer & { json?: boolean }, env: Env): Promise<number> {
  return withAnswer(await adminClient(env, url).get('/v1/dead-letters'), (answer: DeadLettersAnswer) => {
    for (const one of answer.deadLetters)
      process.stdout.write(`${json ? JSON.stringify(one) : Object.values(one).join('\t')}\n`);
    if (answer.deadLetters.length === 0) process.stderr.write('There are no dead letters.\n');
  });
}

interface Act {
  readonly summary: string;
  readonly ask: (client: ApiClient, period: Period) => Promise<Response | undefined>;
  readonly done: string;
}

async function move(month: string, client: () => ApiClient, { ask, done }: Act): Promise<number> {
  const period = Period.safeParse(month);
  if (!period.success) throw new UsageError('The month is written YYYY-MM.');
  return withAnswer(await ask(client(), period.data), ({ blocks }: DeadLettersMoved) => {
    process.stdout.write(`${blocks} ${blocks === 1 ? 'block' : 'blocks'} of ${period.data}: ${done}.\n`);
  });
}
