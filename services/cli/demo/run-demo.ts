import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addMonths, type Period, periodAt, periodStart } from '../../../schemas/period.ts';
import { ROLES, type Running, start } from '../../compose.ts';
import { buildIdentifier } from '../../identify/identifier.ts';
import type { Identifier } from '../../identify/identity.ts';
import { SetClock, systemClock } from '../../shared/clock.ts';
import { type Config, loadConfig } from '../../shared/config.ts';
import { loadCatalog } from '../../shared/load-catalog.ts';
import { silentLog } from '../../shared/log.ts';
import { simulate } from '../../simulator/simulate.ts';
import { stopSignal } from '../serve.ts';
import { Releaser, releasesTable } from './close-months.ts';
import { compareWithTruth } from './compare-with-truth.ts';
import { postInOrder } from './post-in-order.ts';
import { type CountsApi, countsApi, topModels } from './read-counts.ts';
import { thisMachine } from './this-machine.ts';

export interface DemoOptions {
  readonly sites: number;
  readonly months: number;
  readonly seed: number;
  /** 0: any free port. */
  readonly port: number;
  /** End with one JSON line instead of serving on. */
  readonly exit: boolean;
}

/** The key to a demo's counts. It guards made-up numbers in a directory that is gone afterwards. */
const DEMO_KEY = 'demo-key-for-made-up-numbers';

const say = (text: string) => void process.stderr.write(text);

/** Exit code 0 when every count is what the simulator knows to be true. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
  const firstPeriod = addMonths(periodAt(systemClock.now()), 1 - options.months);
  const clock = new SetClock(periodStart(firstPeriod));
  const config = demoConfig(directory, options.port);
  const running = await start(ROLES, { config, clock, journal: silentLog });
  try {
    return await simulateAndServe(options, { running, clock, config, firstPeriod });
  } finally {
    await running.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A process of its own, whatever the environment says. Exact: the demo compares with the truth, and the guard would
 * hold changes back while a month is open.
 */
function demoConfig(directory: string, port: number): Config {
  return loadConfig({
    PORT: String(port),
    ROLLCALL_DATA_DIR: directory,
    ROLLCALL_ADMIN_KEY: DEMO_KEY,
    ROLLCALL_PROVISIONAL: 'exact',
  });
}

interface Stage {
  readonly running: Running;
  readonly clock: SetClock;
  readonly config: Config;
  readonly firstPeriod: Period;
}

async function simulateAndServe(options: DemoOptions, { running, clock, config, firstPeriod }: Stage): Promise<number> {
  const identifierOf = identifiers();
  const counts = countsApi(running.url, DEMO_KEY);
  const lastPeriod = addMonths(firstPeriod, options.months - 1);
  const machine = thisMachine(lastPeriod, identifierOf(lastPeriod));
  let reports = 0;
  let exact = true;
  say(`Simulating ${options.sites} sites over ${options.months} months, posting over HTTP to ${running.url}\n`);
  for (const month of simulate({ ...options, firstPeriod, identifier: identifierOf })) {
    const isLast = month.period === lastPeriod;
    reports += await postInOrder(running.url, month.deliveries, clock, (done, all) =>
      progress(month.period, done, all),
    );
    if (isLast) reports += await machine.post(running.url);
    await running.drain();
    await running.snapshot();
    const truth = isLast ? machine.addTo(month.tally) : month.tally;
    const wrong = await compareWithTruth(counts, month.period, truth, config.threshold);
    exact &&= wrong.cells === 0;
    const { length } = month.deliveries;
    say(
      `\r  ${month.period}: ${length} reports, ${wrong.compared} cells compared with the truth, ${wrong.cells} wrong\n`,
    );
  }
  const facts = await factsInserted(running.url);
  const released = await closePastMonths(options, { running, clock, config, firstPeriod });
  say(`Memory of this process: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB resident\n`);
  const whole = released?.releases.every(({ verdict }) => verdict.ok) ?? true;
  const summary = { sites: options.sites, reports, facts, exact };
  if (options.exit) process.stdout.write(`${JSON.stringify({ ...summary, ...releasedIn(released) })}\n`);
  else await showAndServe(counts, running.url, lastPeriod, released);
  return exact && whole ? 0 : 1;
}

type Released = Awaited<ReturnType<Releaser['fetchAll']>>;

/** Every month but the last; undefined when there is no other. */
async function closePastMonths(
  options: DemoOptions,
  { running, clock, firstPeriod }: Stage,
): Promise<Released | undefined> {
  if (options.months === 1) return undefined;
  const releaser = new Releaser(running.url, DEMO_KEY);
  await releaser.agree();
  for (let month = 0; month < options.months - 1; month++) {
    const period = addMonths(firstPeriod, month);
    await releaser.close(period, clock);
    say(`  ${period}: closed, released, its facts destroyed\n`);
  }
  return releaser.fetchAll();
}

function releasedIn(released: Released | undefined): { releases: number; verified: number; directory?: string } {
  const releases = released?.releases ?? [];
  const verified = releases.filter(({ verdict }) => verdict.ok).length;
  return { releases: releases.length, verified, ...(released ? { directory: released.directory } : {}) };
}

function identifiers(): (period: Period) => Identifier {
  const catalog = loadCatalog();
  const built = new Map<Period, Identifier>();
  return (period) => {
    const identifier = built.get(period) ?? buildIdentifier(catalog, period);
    built.set(period, identifier);
    return identifier;
  };
}

function progress(period: Period, done: number, all: number): void {
  if (process.stderr.isTTY && (done % 250 === 0 || done === all))
    say(`\r  ${period}: ${done} of ${all} reports posted`);
}

async function factsInserted(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^rollcall_facts_inserted_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function showAndServe(counts: CountsApi, url: string, period: Period, released?: Released): Promise<void> {
  process.stdout.write(`\n${await topModels(counts, period)}\n`);
  if (released) process.stdout.write(`${releasesTable(released)}\n`);
  process.stdout.write(
    [
      'Where to look while this runs (Ctrl-C ends it and deletes everything):',
      `  curl -H 'Authorization: Bearer ${DEMO_KEY}' '${url}/v1/counts?period=${period}&view=vendor&category=phone'`,
      `  curl -H 'Authorization: Bearer ${DEMO_KEY}' '${url}/v1/periods'`,
      `  curl -H 'Authorization: Bearer ${DEMO_KEY}' '${url}/v1/ledger'`,
      `  curl '${url}/v1/policy'`,
      `  curl '${url}/metrics'`,
      '',
    ].join('\n'),
  );
  await stopSignal();
}
