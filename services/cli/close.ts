import type { PeriodsAnswer } from '../../schemas/answers/periods.ts';
import { Period } from '../../schemas/period.ts';
import { closableFrom } from '../core/period.ts';
import { pause, systemClock } from '../shared/clock.ts';
import { loadConfig } from '../shared/config.ts';
import { explanationOf } from '../shared/failure-codes.ts';
import { adminClient, withAnswer } from './client.ts';
import { type AddCommand, does, type Env, UsageError } from './command.ts';

/** Jobs close periods by themselves; this is for whoever does not want to wait, or runs none. */
export const addClose: AddCommand = (program, env) => {
  program
    .command('close')
    .description('close a month now: count it a last time, release, destroy the facts')
    .requiredOption('--period <YYYY-MM>', 'the month')
    .option('--url <url>', 'the server whose jobs do it (default: that of this machine, or this process)')
    .action(does((options: { period: string; url?: string }) => closing(options, env)));
};

async function closing({ period, url }: { period: string; url?: string }, env: Env): Promise<number> {
  const parsed = Period.safeParse(period);
  if (!parsed.success) throw new UsageError('close takes --period YYYY-MM');
  const config = loadConfig(env);
  if (url !== undefined || (await isServed(config.port))) return askToClose(parsed.data, url, env);
  return close(parsed.data, env);
}

/** Whether a server of ours answers on this machine: the embedded store is its own. */
async function isServed(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined);
  return answer?.ok === true && /"live":true/.test(await answer.text());
}

async function close(period: Period, env: Env): Promise<number> {
  if (systemClock.now() < closableFrom(period)) return tooEarly(period);
  const [{ closeHere }, { openLog }] = await Promise.all([
    import('../compose/close-here.ts'),
    import('../shared/log.ts'),
  ]);
  const outcome = await closeHere(period, { config: loadConfig(env), clock: systemClock, journal: openLog('close') });
  return told(period, outcome);
}

function tooEarly(period: Period): number {
  const from = new Date(closableFrom(period)).toISOString();
  process.stderr.write(`${period} still takes reports, or has just stopped: it can be closed from ${from} on.\n`);
  return 1;
}

type Told =
  | { readonly state: 'unknown' }
  | { readonly state: 'closed'; readonly letters?: Letters | null }
  | { readonly state: 'waiting'; readonly before: string };

function told(period: Period, outcome: Told): number {
  if (outcome.state === 'unknown') process.stderr.write(`Of ${period} nothing is known: there is nothing to close.\n`);
  if (outcome.state === 'waiting')
    process.stderr.write(`${period} waits before ${outcome.before}: facts are still on their way. Try again soon.\n`);
  if (outcome.state !== 'closed') return 1;
  process.stdout.write(`${period} is closed and released; its facts are destroyed.\n`);
  const { blocks = 0, facts = 0 } = outcome.letters ?? {};
  if (blocks > 0)
    process.stdout.write(
      `With them ${blocks} dead-letter blocks of ${facts} facts were destroyed: they are in no count.\n`,
    );
  return 0;
}

const POLL_MS = 500;
const PATIENCE_MS = 10 * 60_000;

/** Has the server's jobs do it, and tells each step until the last, or what it stopped at. */
async function askToClose(period: Period, url: string | undefined, env: Env): Promise<number> {
  const before = await lookAt(period, url, env);
  const asked = await withAnswer(await adminClient(env, url).post(`/v1/periods/${period}/close`), () => {});
  if (asked !== 0) return asked;
  let shown = before?.step ?? null;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const now = await lookAt(period, url, env);
    const step = now?.step ?? null;
    if (step !== shown && step !== null) process.stderr.write(`${step}\n`);
    shown = step;
    if (step === 'RELEASED') return told(period, { state: 'closed', letters: now?.deadLetters ?? null });
    // One that stood there before may be of an earlier attempt: the retries of this one take half a minute.
    if (now?.failure && (before?.failure !== now.failure || waitedMs > RETRIED_MS)) return stopped(period, now.failure);
    await pause(POLL_MS);
  }
  return told(period, { state: 'waiting', before: 'its next step' });
}

const RETRIED_MS = 45_000;

function stopped(period: Period, code: string): number {
  process.stderr.write(`The close of ${period} stopped: ${code} ${explanationOf(code)}\n`);
  return 1;
}

type PeriodRow = PeriodsAnswer['periods'][number];
type Letters = NonNullable<PeriodRow['deadLetters']>;

async function lookAt(period: Period, url: string | undefined, env: Env): Promise<PeriodRow | undefined> {
  let found: PeriodRow | undefined;
  await withAnswer(await adminClient(env, url).get('/v1/periods'), ({ periods }: PeriodsAnswer) => {
    found = periods.find((one) => one.period === period);
  });
  return found;
}
