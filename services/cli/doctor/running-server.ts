import type { Config } from '../../shared/config.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import { packageVersion } from '../../shared/package-root.ts';
import { bad, type Finding, fine, note, unknown } from './finding.ts';

const PATIENCE_MS = 5_000;

export interface RunningServer {
  /** Whether a server answers where this configuration would be served. */
  readonly answers: boolean;
  readonly findings: readonly Finding[];
}

export async function runningServer(config: Config, now: () => number): Promise<RunningServer> {
  const url = `http://${reachable(config.host)}:${config.port}`;
  const live = await ask(`${url}/livez`);
  if (live === undefined || !/"live":true/.test(live.text))
    return { answers: false, findings: [note('server', `none at ${url}`, 'Start one, if one should run here')] };
  const [version, ready] = [await ask(`${url}/version`), await ask(`${url}/readyz`)];
  return {
    answers: true,
    findings: [
      ofVersion(url, version?.text ?? ''),
      ...ofReadiness(ready),
      ofClock('clock of the server', live.date, now()),
      ...ofLag(config, await ask(`http://${reachable(config.metricsHost)}:${config.metricsPort}/metrics`)),
    ],
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly date: number;
}

async function ask(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    const date = Date.parse(response.headers.get('date') ?? '');
    return { status: response.status, text: await response.text(), date };
  } catch {
    return undefined;
  }
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function ofVersion(url: string, text: string): Finding {
  const version = /"version":"([0-9A-Za-z.+-]{1,32})"/.exec(text)?.[1];
  if (version === packageVersion()) return fine('server', `${version} at ${url}`);
  return note('server', `version ${version ?? 'unknown'} at ${url}`, `Start it again to run ${packageVersion()}`);
}

function ofReadiness(ready: Answer | undefined): Finding[] {
  if (ready?.status === 200) return [fine('readiness', 'ready')];
  const failed = failedChecks(ready?.text ?? '');
  if (failed.length === 0) return [bad('readiness', 'no answer', 'See the journal of the server')];
  return failed.map(({ name, failure }) => bad(`readiness of ${name}`, failure, explanationOf(failure)));
}

/** Names and codes as the server gives them; nothing else of its answer is printed. */
export function failedChecks(text: string): { name: string; failure: string }[] {
  const found = text.matchAll(/\{"name":"([a-z-]{1,40})","failure":"([A-Za-z0-9_-]{1,40})"/g);
  return [...found].map(([, name = '', failure = '']) => ({ name, failure }));
}

/** As much may two clocks of an installation differ before a close refuses. */
const APART_MS = 5 * 60_000;
/** A header of HTTP tells seconds. */
const UNSURE_MS = 2_000;

export function ofClock(what: string, there: number, here: number): Finding {
  if (!Number.isFinite(there) || there <= 0) return unknown(what, 'not told');
  const apart = Math.abs(there - here);
  const seen = `${(apart / 1_000).toFixed(1)} s from this machine's`;
  if (apart > APART_MS) return bad(what, seen, 'Set the clocks (NTP): no month is closed while they differ so');
  return apart > UNSURE_MS ? note(what, seen, 'Have NTP set both clocks') : fine(what, seen);
}

/** Blocks that wait: see the runbook for what is many. */
const MANY = 10_000;

function ofLag({ metricsPort }: Config, metrics: Answer | undefined): Finding[] {
  if (metricsPort === 0) return [unknown('lag', 'metrics are turned off', 'Set ROLLCALL_METRICS_PORT')];
  if (metrics?.status !== 200) return [unknown('lag', 'the metrics of this process cannot be read')];
  const rows = [...metrics.text.matchAll(/^rollcall_log_pending_blocks\{period="(\d{4}-\d{2})"\} (\d+)$/gm)];
  return rows.map(([, period = '', blocks = '']) => ofPending(period, Number(blocks)));
}

export function ofPending(period: string, blocks: number): Finding {
  const seen = `${blocks} blocks wait to be counted`;
  return blocks > MANY
    ? bad(`lag of ${period}`, seen, 'Look whether an aggregator runs, and start another one')
    : fine(`lag of ${period}`, seen);
}
