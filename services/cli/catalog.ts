import { parseArgs } from 'node:util';
import { adminClient, eachPage, withAnswer } from './client.ts';
import { commandOfVerbs, type Env, UsageError } from './command.ts';

const HELP = [
  'catalog unlisted [--period YYYY-MM] [--category C]',
  'catalog add --category C --vendor V --model M [--to-category C] [--to-vendor V] [--to-model M] [--new-vendor]',
  'catalog add --category C --vendor V --model M --take-back',
  'catalog mappings',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

/** What curators do, at the running server: one JSON object a line out. */
export const catalogCommand = commandOfVerbs({
  name: 'catalog',
  usage: 'catalog unlisted | add | mappings [--url URL]',
  summary: 'names that no rule knows; say what one is; what was said so far',
  verbs: { unlisted, add, mappings },
  help: HELP,
});

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

interface UnlistedPage {
  readonly next: number | null;
  readonly rows: readonly unknown[];
}

interface MappingsPage {
  readonly next: number | null;
  readonly mappings: readonly unknown[];
}

async function unlisted(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: TEXT, period: TEXT, category: TEXT } });
  const { url, ...query } = values;
  return eachPage(adminClient(env, url), '/v1/catalog/unlisted', query, 'offset', ({ rows }: UnlistedPage) =>
    print(rows),
  );
}

async function mappings(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: TEXT } });
  return eachPage(
    adminClient(env, values.url),
    '/v1/catalog/mappings',
    {},
    'offset',
    ({ mappings: rows }: MappingsPage) => print(rows),
  );
}

/** What `--to-…` leaves out stays as it was: a new model of a known maker needs its model's name at most. */
async function add(args: readonly string[], env: Env): Promise<number> {
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
  const answer = await adminClient(env, values.url).post('/v1/catalog/mappings', body);
  return withAnswer(answer, (added) => void print([added]));
}

/** And then the next page. */
function print(rows: readonly unknown[]): true {
  process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return true;
}
