import { parseArgs } from 'node:util';
import type { KeyAnswer, NewKeyAnswer } from '../../schemas/answers/keys.ts';
import { adminClient, withAnswer } from './client.ts';
import { commandOfVerbs, type Env, UsageError } from './command.ts';

const HELP = [
  'keys create --owner NAME --scope S [--scope S…] [--days N]   S: reader curator releaser metrics admin manufacturer:NAME',
  'keys list [--json]',
  'keys revoke ID',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

/** Asks the running server as an admin, because the embedded store belongs to it. */
export const keysCommand = commandOfVerbs({
  name: 'keys',
  usage: 'keys create --owner NAME --scope S… [--days N] | list [--json] | revoke ID  [--url URL]',
  summary: 'access keys: make one, list them, revoke one',
  verbs: { create, list, revoke },
  help: HELP,
});

/** The key alone on standard output, so that a script can keep it; it cannot be shown again. */
async function create(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      owner: { type: 'string' },
      scope: { type: 'string', multiple: true },
      days: { type: 'string' },
    },
  });
  if (values.owner === undefined || !values.scope) throw new UsageError(HELP);
  if (values.days !== undefined && !/^[0-9]{1,4}$/.test(values.days)) throw new UsageError('--days takes a number');
  const days = values.days === undefined ? {} : { expiresInDays: Number(values.days) };
  const body = { owner: values.owner, scopes: values.scope, ...days };
  return withAnswer(await adminClient(env, values.url).post('/v1/keys', body), (made: NewKeyAnswer) => {
    process.stderr.write(`key ${made.id} of ${made.owner}: ${made.scopes.join(' ')}, ${lifeOf(made)}. Shown once:\n`);
    process.stdout.write(`${made.key}\n`);
  });
}

async function list(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: { type: 'string' }, json: { type: 'boolean' } } });
  return withAnswer(await adminClient(env, values.url).get('/v1/keys'), ({ keys }: { keys: KeyAnswer[] }) => {
    for (const key of keys) process.stdout.write(`${values.json ? JSON.stringify(key) : lineOf(key)}\n`);
  });
}

async function revoke(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' } },
    allowPositionals: true,
  });
  const [id, ...more] = positionals;
  if (id === undefined || more.length > 0) throw new UsageError(HELP);
  const path = `/v1/keys/${encodeURIComponent(id)}`;
  return withAnswer(await adminClient(env, values.url).delete(path), () => {
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
