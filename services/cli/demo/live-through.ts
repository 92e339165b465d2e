import type { CubeRow } from '../../../schemas/cube.ts';
import type { Period } from '../../../schemas/period.ts';
import type { IdentifierOf } from '../../identify/identifiers.ts';
import { type SimulatedMonth, simulate } from '../../simulator/simulate.ts';
import { yearOfGrowth } from '../../simulator/story.ts';
import type { Releaser } from './close-months.ts';
import { compareWithTruth } from './compare-with-truth.ts';
import { factsOnDisk } from './facts-on-disk.ts';
import { LastReports } from './label-truth.ts';
import { postInOrder } from './post-in-order.ts';
import type { CountsApi } from './read-counts.ts';
import { type DemoOptions, type Stage, say } from './stage.ts';
import { type ThisMachine, thisMachine } from './this-machine.ts';

/** What became of the months, and what the simulator knows of each. */
export interface Lived {
  readonly reports: number;
  readonly truths: ReadonlyMap<Period, readonly CubeRow[]>;
  readonly last: ReadonlyMap<Period, LastReports>;
  /** Of the facts of closed months: what a look at every byte below the data directory still found. */
  readonly bytesLeft: number;
}

/** Who reads, who closes, and who names what sites have. */
export interface Company {
  readonly counts: CountsApi;
  readonly releaser: Releaser;
  readonly identifierOf: IdentifierOf;
}

/**
 * Month after month: sites report, are counted and compared with the truth. A month is closed when its time has come;
 * the last full one at the very end, so that what its close held back can still be decided.
 */
export async function liveThrough(
  options: DemoOptions,
  stage: Stage,
  { counts, releaser, identifierOf }: Company,
): Promise<Lived> {
  const { periods, running, config } = stage;
  const lastPeriod = periods.at(-1) as Period;
  const machine = thisMachine(lastPeriod, identifierOf(lastPeriod));
  const truths = new Map<Period, readonly CubeRow[]>();
  const last = new Map<Period, LastReports>();
  let [reports, bytesLeft] = [0, 0];
  const [firstPeriod] = periods as [Period];
  const story = yearOfGrowth(options.months);
  for (const month of simulate({ ...options, story, firstPeriod, identifier: identifierOf })) {
    const { period, tally } = month;
    for (const { body } of month.deliveries) lastOfMonth(last, body.period as Period).add(body);
    reports += await post(month, stage, period === lastPeriod ? machine : undefined);
    await running.drain();
    await running.snapshot();
    truths.set(period, period === lastPeriod ? machine.addTo(tally) : tally);
    const { compared, cells } = await compareWithTruth(counts, period, truths.get(period) ?? [], config.threshold);
    say(
      `\r  ${period}: ${month.deliveries.length} reports, ${compared} cells compared with the truth, ${cells} wrong\n`,
    );
    const due = periods.at(period === lastPeriod ? -2 : periods.indexOf(period));
    if (due !== undefined && closesAfter(period, periods)) bytesLeft += await close(due, stage, releaser);
  }
  return { reports, truths, last, bytesLeft };
}

/** The last full month waits for the one that is open. */
function closesAfter(period: Period, periods: readonly Period[]): boolean {
  return periods.length > 1 && period !== periods.at(-2);
}

async function post(
  { period, deliveries }: SimulatedMonth,
  { running, clock }: Stage,
  machine: ThisMachine | undefined,
): Promise<number> {
  const posted = await postInOrder(running.url, deliveries, clock, (done, all) => progress(period, done, all));
  return posted + (machine ? await machine.post(running.url) : 0);
}

/** Closes the month and looks for its facts on the disk, before and after. Resolves to the bytes of them that are left. */
async function close(period: Period, { running, clock, config }: Stage, releaser: Releaser): Promise<number> {
  const keys = await running.factKeys(period);
  const before = factsOnDisk(config.dataDirectory, keys);
  await releaser.close(period, clock);
  const { bytes } = factsOnDisk(config.dataDirectory, keys);
  say(`  ${period}: closed, released; on disk ${before.facts} of its facts were found before, and now\n`);
  say(`  ${period}: ${bytes} bytes of ${keys.length} facts left\n`);
  return bytes;
}

function lastOfMonth(all: Map<Period, LastReports>, period: Period): LastReports {
  const last = all.get(period) ?? new LastReports();
  all.set(period, last);
  return last;
}

function progress(period: Period, done: number, all: number): void {
  if (process.stderr.isTTY && (done % 250 === 0 || done === all))
    say(`\r  ${period}: ${done} of ${all} reports posted`);
}
