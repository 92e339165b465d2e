import type { KeyAnswer, NewKeyAnswer } from '../../schemas/answers/keys.ts';
import { type ApiClient, adminClient, withAnswer } from './client.ts';
import { type AddCommand, type AtServer, atServer, does, type Env, each, wholeNumber } from './command.ts';

/** Asks the running server as an admin, because the embedded store belongs to it. */
export const addKeys: AddCommand = (program, env) => {
  const keys = program.command('keys').description('access keys: make one, list them, revoke one');
  atServer(keys.command('create').description('make a key; it is shown once, alone on standard output'))
    .requiredOption('--owner <name>', 'who has it')
    .requiredOption(
      '--scope <scope>',
      'reader, curator, releaser, metrics, admin or manufacturer:NAME; may be repeated',
      each,
    )
    .option('--days <n>', 'how long it is valid (default: until it is revoked)', wholeNumber(0, 9_999))
    .action(does((options: CreateOptions) => create(options, env)));
  atServer(keys.command('list').description('every key that there was, never the key itself'))
    .option('--json', 'one JSON object a line')
    .action(does((options: AtServer & { json?: boolean }) => list(options, env)));
  atServer(keys.command('revoke').description('refuse a key from now on').argument('<id>')).action(
    does((id: string, { url }: AtServer) => revoke(id, adminClient(env, url))),
  );
};

interface CreateOptions extends AtServer {
  readonly owner: string;
  readonly scope: readonly string[];
  readonly days?: number;
}

/** The key alone on standard output, so that a script can keep it; it cannot be shown again. */
async function create({ url, owner, scope, days }: CreateOptions, env: Env): Promise<number> {
  const body = { owner, scopes: scope, ...(days === undefined ? {} : { expiresInDays: days }) };
  return withAnswer(await adminClient(env, url).post('/v1/keys', body), (made: NewKeyAnswer) => {
    process.stderr.write(`key ${made.id} of ${made.owner}: ${made.scopes.join(' ')}, ${lifeOf(made)}. Shown once:\n`);
    process.stdout.write(`${made.key}\n`);
  });
}

async function list({ url, json }: AtServer & { json?: boolean }, env: Env): Promise<number> {
  return withAnswer(await adminClient(env, url).get('/v1/keys'), ({ keys }: { keys: KeyAnswer[] }) => {
    for (const key of keys) process.stdout.write(`${json ? JSON.stringify(key) : lineOf(key)}\n`);
  });
}

async function revoke(id: string, client: ApiClient): Promise<number> {
  return withAnswer(await client.delete(`/v1/keys/${encodeURIComponent(id)}`), () => {
    process.stderr.write(`${id} is refused from now on, everywhere within two seconds.\n`);
  });
}

function lineOf(key: KeyAnswer): string {
  const used = key.lastUsedDay === null ? 'never used' : `used ${key.lastUsedDay}`;
  return [key.id, key.state, key.owner, key.scopes.join(' '), lifeOf(key), used].join('\t');
}

function lifeOf({ expiresAt }: KeyAnswer): string {
  return expiresAt === null ? 'does not expire' : `expires ${expiresAt.slice(0, 10)}`;
}
