import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../shared/config.ts';
import { type Command, UsageError } from './command.ts';

/** What curators do, at the running server: one JSON object a line out. */
export const catalogCommand: Command = {
  name: 'catalog',
  usage: 'catalog unlisted | add | mappings [--url URL]',
  summary: 'names that no rule knows; say what one is; what was said so far',
  async run(args, env) {
    const [what, ...rest] = args;
    const run = what === undefined ? undefined : VERBS[what];
    if (!run) throw new UsageError(HELP);
    return run(rest, loadConfig(env));
  },
};

const HELP = [
  'catalog unlisted [--period YYYY-MM] [--category C]',
  'catalog add --category C --vendor V --model M [--to-category C] [--to-vendor V] [--to-model M] [--new-vendor]',
  'catalog add --category C --vendor V --model M --take-back',
  'catalog mappings',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

type Verb = (args: readonly string[], config: Config) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = { unlisted, add, mappings };

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

interface Page {
  readonly next: number | null;
}

async function unlisted(args: readonly string[], config: Config): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: TEXT, period: TEXT, category: TEXT } });
  const server = serverOf(values.url, config);
  const { period, category } = values;
  return everyPage<Page & { rows: unknown[] }>(
    server,
    '/v1/catalog/unlisted',
    { period, category },
    (page) => page.rows,
  );
}

async function mappings(args: readonly string[], config: Config): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: TEXT } });
  const server = serverOf(values.url, config);
  return everyPage<Page & { mappings: unknown[] }>(server, '/v1/catalog/mappings', {}, (page) => page.mappings);
}

/** What `--to-…` leaves out stays as it was: a new model of a known maker needs its model's name at most. */
async function add(args: readonly string[], config: Config): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: TEXT,
      category: TEXT,
      vendor: TEXT,
      model: TEXT,
      'to-category': TEXT,
      'to-vendor': TEXT,
      'to-model': TEXT,
      'new-vendor': FLAG,
      'take-back': FLAG,
    },
  });
  const { category, model, vendor = '' } = values;
  if (category === undefined || model === undefined) throw new UsageError(HELP);
  const to = {
    category: values['to-category'] ?? category,
    vendor: values['to-vendor'] ?? vendor,
    model: values['to-model'] ?? model,
  };
  const wanted = { category, vendor, model, to: values['take-back'] ? null : to };
  const body = { ...wanted, newVendor: values['new-vendor'] === true };
  return answered(await ask(serverOf(values.url, config), '/v1/catalog/mappings', JSON.stringify(body)), (added) =>
    print([added]),
  );
}

interface Server {
  readonly url: string;
  readonly key: string;
}

function serverOf(url: string | undefined, config: Config): Server {
  return { url: (url ?? `http://127.0.0.1:${config.port}`).replace(/\/+$/, ''), key: keyOf(config) };
}

/** The configured key, or the one that the server's first start wrote. */
function keyOf({ adminKey, dataDirectory }: Config): string {
  if (adminKey !== undefined) return adminKey;
  try {
    return readFileSync(join(dataDirectory, 'admin-key'), 'utf8').trim();
  } catch {
    throw new UsageError(
      'No key: set ROLLCALL_ADMIN_KEY, or ROLLCALL_DATA_DIR to the directory of the running server.',
    );
  }
}

async function everyPage<P extends Page>(
  server: Server,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  rowsOf: (page: P) => readonly unknown[],
): Promise<number> {
  for (let offset: number | null = 0; offset !== null; ) {
    const given = Object.entries({ ...query, limit: '1000', offset: String(offset) });
    const parameters = new URLSearchParams(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
    let next: number | null = null;
    const code = await answered(await ask(server, `${path}?${parameters}`), (page: P) => {
      print(rowsOf(page));
      next = page.next;
    });
    if (code !== 0) return code;
    offset = next;
  }
  return 0;
}

async function ask({ url, key }: Server, path: string, body?: string): Promise<Response | undefined> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  try {
    return await fetch(url + path, body === undefined ? { headers } : { method: 'POST', headers, body });
  } catch {
    return undefined;
  }
}

async function answered<T>(response: Response | undefined, use: (answer: T) => void): Promise<number> {
  if (!response) {
    process.stderr.write('No server answers there: start one, or say where it is with --url.\n');
    return 1;
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) {
    use(answer as T);
    return 0;
  }
  process.stderr.write(`${problemText(response.status, answer as Problem)}\n`);
  return 1;
}

interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly reason: string }[];
}

function problemText(status: number, { detail, errors = [] }: Problem): string {
  const faults = errors.map(({ pointer, parameter, reason }) => `${pointer ?? parameter ?? ''} ${reason}`.trim());
  return [`${status} ${detail ?? ''}`.trim(), ...faults].join('\n  ');
}

function print(rows: readonly unknown[]): void {
  process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
