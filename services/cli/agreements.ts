import { readFileSync } from 'node:fs';
import type { AgreementAnswer } from '../../schemas/answers/agreements.ts';
import { adminClient, withAnswer } from './client.ts';
import { type AddCommand, type AtServer, atServer, does, type Env, UsageError } from './command.ts';

/** Who is given what, at the running server. */
export const addAgreements: AddCommand = (program, env) => {
  const agreements = program.command('agreements').description('who is given releases, and what is in them');
  atServer(agreements.command('list').description('every agreement, one JSON object a line')).action(
    does(({ url }: AtServer) => list(env, url)),
  );
  atServer(
    agreements
      .command('put')
      .description('make an agreement, or replace that of the same party')
      .argument('<file.json>', '{"party", "vendors", "lineage", "platforms", "contact", "delivery"}'),
  ).action(does((file: string, { url }: AtServer) => put(file, env, url)));
  atServer(agreements.command('end').description('nothing new is given to the party').argument('<party>')).action(
    does((party: string, { url }: AtServer) => end(party, env, url)),
  );
  atServer(
    agreements.command('secret').description('what the party checks its webhook’s calls with').argument('<party>'),
  ).action(does((party: string, { url }: AtServer) => secret(party, env, url)));
};

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
  const text = textIn(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is not JSON.`);
  }
}

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? `${path}: there is no such file.` : `${path} cannot be read: ${code}.`);
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
