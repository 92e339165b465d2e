import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CubeRow } from '../../../schemas/cube.ts';
import type { Period } from '../../../schemas/period.ts';
import { startWhole, type Whole } from '../../compose/start.ts';
import { addMonths, periodAt, periodStart } from '../../core/period.ts';
import { buildIdentifier } from '../../identify/identifier.ts';
import type { Identifier } from '../../identify/identity.ts';
import { SetClock, systemClock } from '../../shared/clock.ts';
import { type Config, loadConfig } from '../../shared/config.ts';
import { loadCatalog } from '../../shared/load-catalog.ts';
import { silentLog } from '../../shared/log.ts';
import { simulate } from '../../simulator/simulate.ts';
import { ApiClient } from '../client.ts';
import { stopSignal } from '../server.ts';
import { type Released, Releaser, releasesTable } from './close-months.ts';
import { compareReleases } from './compare-releases.ts';
import { compareWithTruth } from './compare-with-truth.ts';
import { factsOnDisk } from './facts-on-disk.ts';
import { LastReports } from './label-truth.ts';
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
  const running = await startWhole({ config, clock, journal: silentLog });
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
  readonly running: Whole;
  readonly clock: SetClock;
  readonly config: Config;
  readonly firstPeriod: Period;
}

async function simulateAndServe(options: DemoOptions, stage: Stage): Promise<number> {
  const { url } = stage.running;
  const counts = countsApi(new ApiClient(url, DEMO_KEY));
  say(`Simulating ${options.sites} sites over ${options.months} months, posting over HTTP to ${url}\n`);
  const { reports, truths, last } = await reportAll(options, stage, counts);
  const facts = await factsInserted(stage.running);
  const released = await closePastMonths([...truths.keys()].slice(0, -1), stage);
  const compared = compareReleases(released.releases, (period) => last.get(period)?.all ?? [], identifiers());
  say(compared.table);
  const exact = (await wrongCells(truths, counts, stage.config)) === 0;
  say(`Memory of this process: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB resident\n`);
  const verified = released.releases.filter(({ verdict }) => verdict.ok).length;
  const { releases, directory } = { releases: released.releases.length, directory: released.directory };
  const { bytesLeft } = released;
  const { withinMargin } = compared;
  const summary = {
    sites: options.sites,
    reports,
    facts,
    exact,
    bytesLeft,
    releases,
    verified,
    withinMargin,
    directory,
  };
  if (options.exit) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else await showAndServe(counts, stage.running, lastOf(truths), released);
  return exact && bytesLeft === 0 && verified === releases ? 0 : 1;
}

type Truths = ReadonlyMap<Period, readonly CubeRow[]>;

function lastOf(truths: Truths): Period {
  return [...truths.keys()].at(-1) as Period;
}

/** Posts every month's reports and counts them. Resolves to their number and to what the simulator knows of each month. */
async function reportAll(
  options: DemoOptions,
  { running, clock, config, firstPeriod }: Stage,
  counts: CountsApi,
): Promise<{ reports: number; truths: Truths; last: ReadonlyMap<Period, LastReports> }> {
  const identifierOf = identifiers();
  const lastPeriod = addMonths(firstPeriod, options.months - 1);
  const machine = thisMachine(lastPeriod, identifierOf(lastPeriod));
  const truths = new Map<Period, readonly CubeRow[]>();
  const last = new Map<Period, LastReports>();
  let reports = 0;
  for (const { period, deliveries, tally } of simulate({ ...options, firstPeriod, identifier: identifierOf })) {
    for (const { body } of deliveries) lastOfMonth(last, body.period as Period).add(body);
    reports += await postInOrder(running.url, deliveries, clock, (done, all) => progress(period, done, all));
    if (period === lastPeriod) reports += await machine.post(running.url);
    await running.drain();
    await running.snapshot();
    truths.set(period, period === lastPeriod ? machine.addTo(tally) : tally);
    const { compared, cells } = await compareWithTruth(counts, period, truths.get(period) ?? [], config.threshold);
    say(`\r  ${period}: ${deliveries.length} reports, ${compared} cells compared with the truth, ${cells} wrong\n`);
  }
  return { reports, truths, last };
}

function lastOfMonth(all: Map<Period, LastReports>, period: Period): LastReports {
  const last = all.get(period) ?? new LastReports();
  all.set(period, last);
  return last;
}

/** Closes the months, looks for their facts on the disk, and fetches and verifies what was released of them. */
async function closePastMonths(
  periods: readonly Period[],
  { running, clock, config }: Stage,
): Promise<Released & { readonly bytesLeft: number }> {
  let left = 0;
  const releaser = new Releaser(new ApiClient(running.url, DEMO_KEY));
  await releaser.agree();
  for (const period of periods) {
    const keys = await running.factKeys(period);
    const before = factsOnDisk(config.dataDirectory, keys);
    await releaser.close(period, clock);
    const { bytes } = factsOnDisk(config.dataDirectory, keys);
    left += bytes;
    say(`  ${period}: closed, released; on disk ${before.facts} of its facts were found before, and now\n`);
    say(`  ${period}: ${bytes} bytes of ${keys.length} facts left\n`);
  }
  return { ...(await releaser.fetchAll()), bytesLeft: left };
}

/** Of every month, closed ones included. */
async function wrongCells(truths: Truths, counts: CountsApi, { threshold }: Config): Promise<number> {
  let wrong = 0;
  for (const [period, truth] of truths) wrong += (await compareWithTruth(counts, period, truth, threshold)).cells;
  say(`After the close, every cell of every month compared with the truth again: ${wrong} wrong\n`);
  return wrong;
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

async function factsInserted(running: Whole): Promise<number> {
  const metrics = await running.metrics();
  return Number(/^rollcall_facts_inserted_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function showAndServe(counts: CountsApi, running: Whole, period: Period, released: Released): Promise<void> {
  const { url, metricsUrl } = running;
  process.stdout.write(`\n${await topModels(counts, period)}\n`);
  if (released.releases.length > 0) process.stdout.write(`${releasesTable(released)}\n`);
  process.stdout.write(
    [
      'Where to look while this runs (Ctrl-C ends it and deletes everything but the release files):',
      `  curl -H 'Authorization: Bearer ${DEMO_KEY}' '${url}/v1/counts?period=${period}&view=vendor&category=phone'`,
      `  curl -H 'Authorization: Bearer ${DEMO_KEY}' '${url}/v1/periods'`,
      `  curl -H 'Authorization: Bearer ${DEMO_KEY}' '${url}/v1/ledger'`,
      `  curl '${url}/v1/policy'`,
      ...(metricsUrl === undefined ? [] : [`  curl '${metricsUrl}'`]),
      '',
    ].join('\n'),
  );
  await stopSignal();
}
