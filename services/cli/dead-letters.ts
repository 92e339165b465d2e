import { parseArgs } from 'node:util';
import type { DeadLettersAnswer, DeadLettersMoved } from '../../schemas/answers/dead-letters.ts';
import { Period } from '../../schemas/period.ts';
import { adminClient, withAnswer } from './client.ts';
import { commandOfVerbs, UsageError, type Verb } from './command.ts';

const HELP = [
  'dead-letters list [--json]      what was set aside, by month and reason',
  'dead-letters replay YYYY-MM     into the log again, when what was wrong is mended',
  'dead-letters drop YYYY-MM       forget them, uncounted',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

/** Asks the running server as an admin, because the log belongs to it. */
export const deadLettersCommand = commandOfVerbs({
  name: 'dead-letters',
  usage: 'dead-letters list [--json] | replay YYYY-MM | drop YYYY-MM  [--url URL]',
  summary: 'blocks that the store would not take: count them, try them again, forget them',
  help: HELP,
  verbs: {
    list,
    replay: (args, env) =>
      move(args, env, {
        ask: (client, period) => client.post(`/v1/dead-letters/${period}/replay`),
        done: 'in the log again',
      }),
    drop: (args, env) =>
      move(args, env, { ask: (client, period) => client.delete(`/v1/dead-letters/${period}`), done: 'forgotten' }),
  },
});

const OPTIONS = { url: { type: 'string' }, json: { type: 'boolean' } } as const;

async function list(...[args, env]: Parameters<Verb>): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  return withAnswer(await adminClient(env, values.url).get('/v1/dead-letters'), (answer: DeadLettersAnswer) => {
    for (const one of answer.deadLetters)
      process.stdout.write(`${values.json ? JSON.stringify(one) : Object.values(one).join('\t')}\n`);
    if (answer.deadLetters.length === 0) process.stderr.write('There are no dead letters.\n');
  });
}

interface Act {
  readonly ask: (client: ReturnType<typeof adminClient>, period: Period) => Promise<Response | undefined>;
  readonly done: string;
}

async function move(...[args, env, { ask, done }]: [...Parameters<Verb>, Act]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { url: OPTIONS.url },
    allowPositionals: true,
  });
  const period = Period.safeParse(positionals[0]);
  if (!period.success || positionals.length > 1) throw new UsageError(HELP);
  return withAnswer(await ask(adminClient(env, values.url), period.data), ({ blocks }: DeadLettersMoved) => {
    process.stdout.write(`${blocks} ${blocks === 1 ? 'block' : 'blocks'} of ${period.data}: ${done}.\n`);
  });
}
