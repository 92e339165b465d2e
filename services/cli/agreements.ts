import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AgreementAnswer } from '../../schemas/answers/agreements.ts';
import { adminClient, withAnswer } from './client.ts';
import { type Command, UsageError } from './command.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Who is given what, at the running server. */
export const agreementsCommand: Command = {
  name: 'agreements',
  usage: 'agreements list | put FILE.json | end PARTY | secret PARTY  [--url URL]',
  summary: 'who is given releases, and what is in them',
  async run(args, env) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { url: { type: 'string' } },
      allowPositionals: true,
    });
    const [what, which, ...more] = positionals;
    if (more.length > 0) throw new UsageError(HELP);
    if (what === 'list' && which === undefined) return list(env, values.url);
    if (what === 'put' && which !== undefined) return put(which, env, values.url);
    if (what === 'end' && which !== undefined) return end(which, env, values.url);
    if (what === 'secret' && which !== undefined) return secret(which, env, values.url);
    throw new UsageError(HELP);
  },
};

const HELP = [
  'agreements list',
  'agreements put FILE.json   {"party", "vendors", "lineage", "platforms", "contact", "delivery"}',
  'agreements end PARTY',
  'agreements secret PARTY    what the party checks its webhook’s calls with',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

/** One JSON object a line, in the form that `put` takes but for `at` and `by`. */
async function list(env: Env, url: string | undefined): Promise<number> {
  return withAnswer(
    await adminClient(env, url).get('/v1/agreements'),
    ({ agreements }: { agreements: AgreementAnswer[] }) => {
      for (const one of agreements) process.stdout.write(`${JSON.stringify(one)}\n`);
    },
  );
}

async function put(path: string, env: Env, url: string | undefined): Promise<number> {
  const answer = await adminClient(env, url).post('/v1/agreements', agreementIn(path));
  return withAnswer(answer, ({ party, vendors, delivery }: AgreementAnswer) => {
    const brands = vendors.length === 0 ? 'platforms alone' : vendors.join(', ');
    process.stderr.write(`${party} is given ${brands}, by ${delivery.kind}.\n`);
  });
}

function agreementIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new UsageError('The file cannot be read as JSON.');
  }
}

async function end(party: string, env: Env, url: string | undefined): Promise<number> {
  const answer = await adminClient(env, url).delete(`/v1/agreements/${encodeURIComponent(party)}`);
  return withAnswer(answer, () => {
    process.stderr.write(
      `${party} is given nothing new. Its key still reads what it was given: revoke it to end that.\n`,
    );
  });
}

/** The secret alone on standard output. */
async function secret(party: string, env: Env, url: string | undefined): Promise<number> {
  const answer = await adminClient(env, url).get(`/v1/agreements/${encodeURIComponent(party)}/secret`);
  return withAnswer(answer, (shown: { secret: string }) => void process.stdout.write(`${shown.secret}\n`));
}
