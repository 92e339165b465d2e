import { setTimeout as pause } from 'node:timers/promises';
import type { Check } from '../http/health.ts';
import { describeFailure } from '../shared/failure.ts';
import type { Log, LogFields } from '../shared/log.ts';
import { Troubles } from '../shared/troubles.ts';

/** Where each dependency is configured. */
const SETTINGS: Readonly<Record<string, { readonly setting: string; readonly key: string }>> = {
  log: { setting: 'ROLLCALL_LOG_URL', key: 'logUrl' },
  store: { setting: 'ROLLCALL_STORE_URL', key: 'storeUrl' },
  jobs: { setting: 'ROLLCALL_JOBS_URL', key: 'jobsUrl' },
  'signing-key': { setting: 'ROLLCALL_SIGNING_KEY_FILE', key: 'signingKeyFile' },
};

const AGAIN_MS = 5_000;

export interface Waiting {
  /** Where this process is served, and its metrics. */
  readonly served: { readonly url: string; readonly metrics: string };
  readonly journal: Log;
  /** The settings as they may be printed. */
  readonly env: Readonly<Record<string, string | number | boolean>>;
  readonly signal: AbortSignal;
  /** How long it waits before it asks again, and says so again (five seconds). */
  readonly againMs?: number;
}

/**
 * Says that the process is ready when everything that it depends on works. Until then it says what does not, where that
 * is and why, again and again: it is served meanwhile, and answers 503 where it must.
 */
export async function whenReady(
  { checks }: { readonly checks: readonly Check[] },
  { served, journal, env, signal, againMs = AGAIN_MS }: Waiting,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const failures = await failuresOf(checks);
    if (signal.aborted) return;
    if (failures.length === 0) return journal.info('ready', served);
    if (attempt === 0) journal.info('listening, not ready', served);
    for (const { name, thrown } of failures) {
      const { code, error, cause } = describeFailure(thrown);
      const failure = { failure: code ?? error, cause };
      journal.warn(`the ${name} does not answer: trying again`, { ...placeOf(name, env), ...failure });
    }
    await pause(againMs, undefined, { signal }).catch(() => {});
  }
}

/**
 * Once the process is ready: says in the journal when something that it depends on does not answer any more, and when it
 * does again. Whoever has only the readiness of a moment has no outages.
 */
export async function tellOfOutages(
  { checks }: { readonly checks: readonly Check[] },
  { journal, env, signal, againMs = AGAIN_MS }: Omit<Waiting, 'served'>,
): Promise<void> {
  const troubles = new Troubles(journal);
  while (!signal.aborted) {
    await pause(againMs, undefined, { signal }).catch(() => {});
    const failures = new Map((await failuresOf(checks)).map(({ name, thrown }) => [name, thrown]));
    if (signal.aborted) return;
    for (const { name } of checks) {
      const what = `not ready: ${name}`;
      if (failures.has(name)) troubles.met(what, failures.get(name), placeOf(name, env));
      else troubles.over(what, `ready again: ${name}`);
    }
  }
}

function placeOf(name: string, env: Waiting['env']): LogFields {
  const { setting, key } = SETTINGS[name] ?? {};
  return key === undefined ? {} : { setting, at: env[key] };
}

async function failuresOf(checks: readonly Check[]): Promise<{ name: string; thrown: unknown }[]> {
  const asked = await Promise.all(
    checks.map(({ name, check }) =>
      check().then(
        () => [],
        (thrown: unknown) => [{ name, thrown }],
      ),
    ),
  );
  return asked.flat();
}
