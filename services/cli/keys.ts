import type { KeyAnswer, LinkAnswer, NewKeyAnswer } from '../../schemas/answers/keys.ts';
import { type ApiClient, adminClient, serverUrl, signInLink, withAnswer } from './client.ts';
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
    .option('--link', 'print a link that signs in with the key, once, within ten minutes, instead of the key')
    .action(does((options: CreateOptions) => create(options, env)));
  atServer(keys.command('link').description('make a link that signs in with a key, once').argument('<id>')).action(
    does((id: string, { url }: AtServer) => link(id, adminClient(env, url), serverUrl(env, url))),
  );
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
  readonly link?: boolean;
}

/** The key, or the link, alone on standard output, so that a script can keep it; it cannot be shown again. */
async function create({ url, owner, scope, days, link: asLink }: CreateOptions, env: Env): Promise<number> {
  const client = adminClient(env, url);
  const body = { owner, scopes: scope, ...(days === undefined ? {} : { expiresInDays: days }) };
  const made: NewKeyAnswer[] = [];
  const code = await withAnswer(await client.post('/v1/keys', body), (key: NewKeyAnswer) => void made.push(key));
  const [key] = made;
  if (!key) return code;
  process.stderr.write(`key ${key.id} of ${key.owner}: ${key.scopes.join(' ')}, ${lifeOf(key)}. Shown once:\n`);
  if (asLink) return link(key.id, client, serverUrl(env, url));
  process.stdout.write(`${key.key}\n`);
  return 0;
}

async function link(id: string, client: ApiClient, server: string): Promise<number> {
  return withAnswer(await client.post(`/v1/keys/${encodeURIComponent(id)}/link`), (made: LinkAnswer) => {
    process.stderr.write(`It signs in once, until ${made.expiresAt.slice(11, 16)} UTC:\n`);
    process.stdout.write(`${signInLink(server, made)}\n`);
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
