import { adminClient, eachPage, withAnswer } from './client.ts';
import { type AddCommand, type AtServer, atServer, does, type Env } from './command.ts';

/** What curators do, at the running server: one JSON object a line out. */
export const addCatalog: AddCommand = (program, env) => {
  const catalog = program
    .command('catalog')
    .description('names that no rule knows; say what one is; what was said so far');
  atServer(catalog.command('unlisted').description('names that no rule knows, most sites first'))
    .option('--period <YYYY-MM>', 'the month (default: the newest)')
    .option('--category <category>', 'of one category')
    .action(does((options: UnlistedOptions) => unlisted(options, env)));
  atServer(catalog.command('add').description('say what an unlisted name is; what --to-… leaves out stays as it was'))
    .requiredOption('--category <category>')
    .option('--vendor <vendor>', 'the maker as it was reported', '')
    .requiredOption('--model <model>')
    .option('--to-category <category>')
    .option('--to-vendor <vendor>')
    .option('--to-model <model>')
    .option('--new-vendor', 'the maker is one that the catalogue does not know')
    .option('--take-back', "take the name's mapping back")
    .action(does((options: AddOptions) => add(options, env)));
  atServer(catalog.command('mappings').description('what was said so far, oldest first')).action(
    does(({ url }: AtServer) => mappings(url, env)),
  );
};

interface UnlistedOptions extends AtServer {
  readonly period?: string;
  readonly category?: string;
}

interface AddOptions extends AtServer {
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
  readonly toCategory?: string;
  readonly toVendor?: string;
  readonly toModel?: string;
  readonly newVendor?: boolean;
  readonly takeBack?: boolean;
}

interface UnlistedPage {
  readonly next: number | null;
  readonly rows: readonly unknown[];
}

interface MappingsPage {
  readonly next: number | null;
  readonly mappings: readonly unknown[];
}

function unlisted({ url, period, category }: UnlistedOptions, env: Env): Promise<number> {
  const query = { period, category };
  return eachPage(adminClient(env, url), '/v1/catalog/unlisted', query, 'offset', ({ rows }: UnlistedPage) =>
    print(rows),
  );
}

function mappings(url: string | undefined, env: Env): Promise<number> {
  const client = adminClient(env, url);
  return eachPage(client, '/v1/catalog/mappings', {}, 'offset', ({ mappings: rows }: MappingsPage) => print(rows));
}

async function add(options: AddOptions, env: Env): Promise<number> {
  const { url, category, model, vendor, newVendor = false, takeBack } = options;
  const { toCategory = category, toVendor = vendor, toModel = model } = options;
  const to = takeBack ? null : { category: toCategory, vendor: toVendor, model: toModel };
  const answer = await adminClient(env, url).post('/v1/catalog/mappings', { category, vendor, model, to, newVendor });
  return withAnswer(answer, (added) => void print([added]));
}

/** And then the next page. */
function print(rows: readonly unknown[]): true {
  process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return true;
}
