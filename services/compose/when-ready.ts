import { setTimeout as pause } from 'node:timers/promises';
import type { Check } from '../http/health.ts';
import { describeFailure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';

/** Where each dependency is configured. */
const SETTINGS: Readonly<Record<string, { readonly setting: string; readonly key: string }>> = {
  log: { setting: 'ROLLCALL_LOG_URL', key: 'logUrl' },
  store: { setting: 'ROLLCALL_STORE_URL', key: 'storeUrl' },
  jobs: { setting: 'ROLLCALL_JOBS_URL', key: 'jobsUrl' },
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
      const { setting, key } = SETTINGS[name] ?? {};
      const { code, error, cause } = describeFailure(thrown);
      const at = key === undefined ? {} : { setting, at: env[key] };
      journal.warn(`the ${name} does not answer: trying again`, { ...at, failure: code ?? error, cause });
    }
    await pause(againMs, undefined, { signal }).catch(() => {});
  }
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
