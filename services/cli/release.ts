import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { HeldAnswer } from '../../schemas/answers/held.ts';
import type { ChoiceAnswer } from '../../schemas/answers/release-profile.ts';
import type { ReleasesAnswer } from '../../schemas/answers/releases.ts';
import { Period } from '../../schemas/period.ts';
import { firstPeriodOf } from '../core/mapping.ts';
import { fingerprintOf } from '../releases/files/sign.ts';
import { addSigningKey } from '../releases/files/signing-keys.ts';
import { systemClock } from '../shared/clock.ts';
import { loadConfig } from '../shared/config.ts';
import { adminClient, withAnswer } from './client.ts';
import { commandOfVerbs, type Env, UsageError } from './command.ts';
import { saveRelease } from './release/save-release.ts';

const HELP = [
  'release list [--json]',
  'release show PERIOD PARTY [--out DIR]   the files; with --out, written there with public-key.pem',
  'release redeliver PERIOD PARTY',
  'release held [--period YYYY-MM]',
  'release decide PERIOD approve|suppress --query Q [--platform P] [--category C] [--vendor V] [--model M]',
  'release decide PERIOD approve|suppress --new-names                       every name that is new to releases, at once',
  'release profile [set noised|threshold --since YYYY-MM]',
  'release new-key --since YYYY-MM   adds a signing key for months from then on; the one before vouches for it',
  'Each takes --url (default http://127.0.0.1:PORT) and the key of ROLLCALL_ADMIN_KEY or of the file in ROLLCALL_DATA_DIR.',
].join('\n');

/** What releasers do, at the running server. */
export const releaseCommand = commandOfVerbs({
  name: 'release',
  usage: 'release list | show | redeliver | held | decide | profile | new-key  [--url URL]',
  summary: 'what was released; send it again; decide on held numbers; choose the profile',
  verbs: { list, show, redeliver, held, decide, profile, 'new-key': newKey },
  help: HELP,
});

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const print = (line: string) => void process.stdout.write(`${line}\n`);

async function list(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: TEXT, json: FLAG } });
  return withAnswer(
    await adminClient(env, values.url).get('/v1/releases?limit=1000'),
    ({ releases }: ReleasesAnswer) => {
      for (const one of releases) print(values.json ? JSON.stringify(one) : lineOf(one));
    },
  );
}

async function show(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { url: TEXT, out: TEXT },
    allowPositionals: true,
  });
  const [period, party] = twoOf(positionals);
  const query = new URLSearchParams({ period, party });
  let newest: ReleasesAnswer['releases'][number] | undefined;
  const code = await withAnswer(
    await adminClient(env, values.url).get(`/v1/releases?${query}`),
    ({ releases }: ReleasesAnswer) => {
      newest = releases.at(-1);
    },
  );
  if (code !== 0) return code;
  if (!newest) {
    process.stderr.write('There is no such release.\n');
    return 1;
  }
  if (values.out === undefined) print(lineOf(newest));
  return values.out === undefined ? 0 : saveRelease(newest, values.out, adminClient(env, values.url));
}

async function redeliver(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: { url: TEXT }, allowPositionals: true });
  const [period, party] = twoOf(positionals);
  const path = `/v1/releases/${encodeURIComponent(period)}/${encodeURIComponent(party)}/redeliver`;
  return withAnswer(await adminClient(env, values.url).post(path), ({ revision }: { revision: number }) => {
    process.stderr.write(
      `${party} is sent revision ${revision} of ${period} again; rollcall ledger tells how it went.\n`,
    );
  });
}

async function held(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { url: TEXT, period: TEXT } });
  const path = values.period === undefined ? '/v1/held' : `/v1/held?${new URLSearchParams({ period: values.period })}`;
  return withAnswer(await adminClient(env, values.url).get(path), ({ period, deadline, first, cells }: HeldAnswer) => {
    process.stderr.write(
      first
        ? `${period ?? 'no month'}: nothing is held, as there is no release before it to compare it with\n`
        : `${period ?? 'no month'}: ${cells.length} held, to be decided by ${deadline ?? 'a week after release'}\n`,
    );
    for (const cell of cells) print(JSON.stringify(cell));
  });
}

async function decide(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...{ url: TEXT, query: TEXT, platform: TEXT, category: TEXT, vendor: TEXT, model: TEXT },
      'new-names': FLAG,
    },
    allowPositionals: true,
  });
  const [period, decision] = twoOf(positionals);
  const { url, 'new-names': newNames, ...cell } = values;
  if ((cell.query === undefined) !== (newNames === true)) throw new UsageError(HELP);
  const [path, body] = newNames
    ? ['/v1/held/new-names', { period, decision }]
    : ['/v1/held/decisions', { period, decision, cell }];
  return withAnswer(await adminClient(env, url).post(path as string, body), () => {
    process.stderr.write(decision === 'approve' ? 'It follows as an amendment.\n' : 'It stays unpublished.\n');
  });
}

async function profile(args: readonly string[], env: Env): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { url: TEXT, since: TEXT },
    allowPositionals: true,
  });
  if (positionals.length === 0)
    return withAnswer(
      await adminClient(env, values.url).get('/v1/release-profile'),
      ({ choices }: { choices: ChoiceAnswer[] }) => {
        if (choices.length === 0) process.stderr.write('Nothing was chosen: every month is noised.\n');
        for (const { since, profile, at, by } of choices) print([since, profile, at, by].join('\t'));
      },
    );
  const [verb, chosen] = twoOf(positionals);
  if (verb !== 'set' || values.since === undefined) throw new UsageError(HELP);
  const body = { profile: chosen, since: values.since };
  return withAnswer(await adminClient(env, values.url).post('/v1/release-profile', body), (made: ChoiceAnswer) => {
    process.stderr.write(`Months from ${made.since} on are released with the profile ${made.profile}.\n`);
  });
}

function lineOf({ period, party, revision, files }: ReleasesAnswer['releases'][number]): string {
  return [period, party, revision, files.map(({ name, bytes }) => `${name} (${bytes})`).join(', ')].join('\t');
}

function twoOf(positionals: readonly string[]): [string, string] {
  const [one, two, ...more] = positionals;
  if (one === undefined || two === undefined || more.length > 0) throw new UsageError(HELP);
  return [one, two];
}

/** Needs no server: the keys are files. */
async function newKey(args: readonly string[], env: Env): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { since: TEXT } });
  const since = Period.safeParse(values.since);
  if (!since.success) throw new UsageError(HELP);
  if (since.data < firstPeriodOf(systemClock.now())) {
    process.stderr.write(
      'That month has begun: a new key is for months that have not, so that everybody learns of it.\n',
    );
    return 1;
  }
  const { signingKeyFile, dataDirectory } = loadConfig(env);
  const { key } = addSigningKey(signingKeyFile ?? join(dataDirectory, 'signing-key.pem'), since.data);
  process.stdout.write(`${key.publicPem}`);
  process.stderr.write(
    `key ${key.keyId}, fingerprint ${fingerprintOf(key.publicKey)}, signs months from ${since.data} on. ` +
      'It is published from now on, with the statement of the key before; publish its fingerprint too.\n',
  );
  return 0;
}
