import { parseArgs } from 'node:util';
import { closableFrom, Period } from '../../schemas/period.ts';
import type { PeriodsAnswer } from '../api/periods.ts';
import { closeHere } from '../compose-close.ts';
import { pause, systemClock } from '../shared/clock.ts';
import { loadConfig } from '../shared/config.ts';
import { openLog } from '../shared/log.ts';
import { type Command, UsageError } from './command.ts';
import { askServer, withAnswer } from './keys.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Jobs close periods by themselves; this is for whoever does not want to wait, or runs none. */
export const closeCommand: Command = {
  name: 'close',
  usage: 'close --period YYYY-MM [--url URL]',
  summary: 'close a month now: count it a last time, release, destroy the facts',
  async run(args, env) {
    const { values } = parseArgs({ args: [...args], options: { period: { type: 'string' }, url: { type: 'string' } } });
    const period = Period.safeParse(values.period);
    if (!period.success) throw new UsageError('close takes --period YYYY-MM');
    const config = loadConfig(env);
    if (values.url !== undefined || (await isServed(config.port))) return askToClose(period.data, values.url, env);
    return close(period.data, env);
  },
};

/** Whether a server of ours answers on this machine: the embedded store is its own. */
async function isServed(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined);
  return answer?.ok === true && /"live":true/.test(await answer.text());
}

async function close(period: Period, env: Env): Promise<number> {
  if (systemClock.now() < closableFrom(period)) return tooEarly(period);
  const outcome = await closeHere(period, { config: loadConfig(env), clock: systemClock, journal: openLog('close') });
  return told(period, outcome);
}

function tooEarly(period: Period): number {
  const from = new Date(closableFrom(period)).toISOString();
  process.stderr.write(`${period} still takes reports, or has just stopped: it can be closed from ${from} on.\n`);
  return 1;
}

type Told = { readonly state: 'closed' | 'unknown' } | { readonly state: 'waiting'; readonly before: string };

function told(period: Period, outcome: Told): number {
  if (outcome.state === 'unknown') process.stderr.write(`Of ${period} nothing is known: there is nothing to close.\n`);
  if (outcome.state === 'waiting')
    process.stderr.write(`${period} waits before ${outcome.before}: facts are still on their way. Try again soon.\n`);
  if (outcome.state !== 'closed') return 1;
  process.stdout.write(`${period} is closed and released; its facts are destroyed.\n`);
  return 0;
}

const POLL_MS = 500;
const PATIENCE_MS = 10 * 60_000;

/** Has the server's jobs do it, and tells each step until the last. */
async function askToClose(period: Period, url: string | undefined, env: Env): Promise<number> {
  const asked = await withAnswer(await askServer(env, url, 'POST', `/v1/periods/${period}/close`), () => {});
  if (asked !== 0) return asked;
  let shown: string | null = null;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const step = await stepOf(period, url, env);
    if (step !== shown && step !== null) process.stderr.write(`${step}\n`);
    shown = step;
    if (step === 'RELEASED') return told(period, { state: 'closed' });
    await pause(POLL_MS);
  }
  return told(period, { state: 'waiting', before: 'its next step' });
}

async function stepOf(period: Period, url: string | undefined, env: Env): Promise<string | null> {
  let step: string | null = null;
  await withAnswer(await askServer(env, url, 'GET', '/v1/periods'), ({ periods }: PeriodsAnswer) => {
    step = periods.find((one) => one.period === period)?.step ?? null;
  });
  return step;
}
