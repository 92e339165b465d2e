import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { KeyAnswer, NewKeyAnswer } from '../../schemas/answers/keys.ts';
import { loadConfig } from '../shared/config.ts';
import { type Command, UsageError } from './command.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Asks the running server as an admin, because the embedded store belongs to it. */
export const keysCommand: Command = {
  name: 'keys',
  usage: 'keys create --owner NAME --scope S… [--days N] | list [--json] | revoke ID  [--url URL]',
  summary: 'access keys: make one, list them, revoke one',
  async run(args, env) {
    const [what, ...rest] = args;
    if (what === 'create') return create(rest, env);
    if (what === 'list') return list(rest, env);
    if (what === 'revoke') return revoke(rest, env);
    throw new UsageError(HELP);
  },
};

const HELP = [
  'keys create --owner NAME --scope S [--scope S…] [--days N]   S: reader curator releaser admin manufacturer:NAME',
  'keys list [--json]',
  'keys revoke ID',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

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
  return withAnswer(await askServer(env, values.url, 'POST', '/v1/keys', body), (made: NewKeyAnswer) => {
    process.stderr.write(`key ${made.id} of ${made.owner}: ${made.scopes.join(' ')}, ${lifeOf(made)}. Shown once:\n`);
    process.stdout.write(`${made.key}\n`);
  });
}

async function list(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: { type: 'string' }, json: { type: 'boolean' } } });
  return withAnswer(await askServer(env, values.url, 'GET', '/v1/keys'), ({ keys }: { keys: KeyAnswer[] }) => {
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
  return withAnswer(await askServer(env, values.url, 'DELETE', path), () => {
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

/** The server's answer to an admin; undefined when there is no server. The key travels in a header only. */
export async function askServer(
  env: Env,
  url: string | undefined,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Response | undefined> {
  const config = loadConfig(env);
  const base = (url ?? `http://127.0.0.1:${config.port}`).replace(/\/+$/, '');
  const key = config.adminKey ?? keyInFile(config.dataDirectory);
  return fetch(base + path, {
    method,
    // A redirect might lead the key to another host.
    redirect: 'error',
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => undefined);
}

function keyInFile(directory: string): string {
  try {
    return readFileSync(join(directory, 'admin-key'), 'utf8').trim();
  } catch {
    throw new UsageError(
      'No key: set ROLLCALL_ADMIN_KEY, or ROLLCALL_DATA_DIR to the directory of the running server.',
    );
  }
}

interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly reason: string }[];
}

/** Uses the answer of a success; of anything else it says what the server said. Resolves to the exit code. */
export async function withAnswer<T>(response: Response | undefined, use: (answer: T) => void): Promise<number> {
  if (!response) {
    process.stderr.write('No server answers there: start one, or say where it is with --url.\n');
    return 1;
  }
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => ({}));
  if (response.ok) {
    use(answer as T);
    return 0;
  }
  const { detail = '', errors = [] } = answer as Problem;
  const faults = errors.map(({ pointer, parameter, reason }) => `\n  ${pointer ?? parameter ?? ''} ${reason}`);
  process.stderr.write(`${response.status} ${detail}${faults.join('')}\n`);
  return 1;
}
