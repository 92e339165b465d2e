import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../../services/simulator/random.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type Fault, nothing, type Target } from './fault.ts';
import { type History, type Verdict, verdictOf } from './history.ts';
import { Probe } from './probe.ts';
import { untilRecovered } from './recovery.ts';
import { Workload } from './workload.ts';

export interface Outcome extends Verdict {
  readonly target: string;
  /** Of which the run is a replay: its names joined by `+`. */
  readonly faults: string;
  readonly seed: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Milliseconds from the first strike until whatever was struck is itself again. */
  readonly outageMs: number;
  /** Milliseconds from then until everything is as it should be: see `recovery.ts`. */
  readonly recoveryMs: number;
  /** Looks at counts that cannot be true while everything said that it was ready: see `probe.ts`. */
  readonly wrongWhileReady: number;
  /** Processes of the product that ended though nobody ended them, where the fault is none that ends them. */
  readonly ended: number;
  /** Megabytes of memory that its largest process held. */
  readonly memoryMb: number;
  /** What else is not as it should be, in words; empty. */
  readonly broken: string;
}

export interface RunOptions {
  /** Seconds between strike and healing; the seed says which. */
  readonly outageSeconds: readonly [least: number, most: number];
}

/** Reports that are acknowledged before the first strike, and after the last healing. */
const BEFORE = 40;

/** One run: work, strike, heal, work on, compare. The seed decides what is said, what is struck first, and for how long. */
export async function runFaults(
  target: Target,
  names: readonly string[],
  seed: number,
  { outageSeconds: [least, most] }: RunOptions,
): Promise<Outcome> {
  const random = new Random(seed, 0, 7);
  const { history } = target;
  const faults = names.map((name) => faultOf(target, name));
  const [sent, acknowledged, ended] = [history.sent, history.acknowledged, target.ended()];
  const work = new Workload(history, () => target.ingestUrl(), seed);
  const probe = new Probe(target);
  await acknowledgedSince(history, acknowledged + BEFORE);
  for (const fault of faults) await fault.prepare?.(random);
  const struckAt = performance.now();
  for (const fault of shuffled(faults, random)) await fault.strike(random);
  await pause(random.int(least * 1_000, most * 1_000));
  for (const fault of shuffled(faults, random)) await fault.heal();
  const healedAt = performance.now();
  const revived = revival(target);
  const recoveryMs = await untilRecovered(target, work, healedAt);
  await revived;
  await acknowledgedSince(history, history.acknowledged + BEFORE);
  await work.stop();
  const verdict = await settled(target);
  await probe.stop();
  const endings = target.ended() - ended;
  const outcome = {
    ...verdict,
    target: target.name,
    faults: names.join('+'),
    seed,
    sent: history.sent - sent,
    acknowledged: history.acknowledged - acknowledged,
    outageMs: Math.round(healedAt - struckAt),
    recoveryMs,
    wrongWhileReady: probe.wrong,
    ended: faults.some((fault) => fault.ends) ? 0 : endings,
    memoryMb: probe.memoryMb,
    broken: [...probe.said, ...(await brokenPromises(faults, names)), ...tooMuch(probe, target)].join('; '),
  };
  history.seal();
  return outcome;
}

/** Whether a run shows that the product is wrong. How long it took to recover is told, and is no verdict. */
export function isBroken({ lost, double, wrongDevices, wrongWhileReady, ended, broken }: Outcome): boolean {
  return lost !== 0 || double !== 0 || wrongDevices !== 0 || wrongWhileReady + ended > 0 || broken !== '';
}

/** A run that did not come to its end. */
export function failedRun(target: Target['name'], faults: readonly string[], seed: number, broken: string): Outcome {
  const counted = { lost: 0, double: 0, wrongDevices: 0, wrongWhileReady: 0, ended: 0 };
  const told = { sent: 0, acknowledged: 0, outageMs: 0, recoveryMs: 0, memoryMb: 0 };
  return { ...counted, ...told, target, faults: faults.join('+'), seed, broken };
}

const NO_FAULT: Fault = { strike: nothing, heal: nothing };

function faultOf({ faults }: Target, name: string): Fault {
  const fault = name === 'none' ? NO_FAULT : faults[name];
  if (fault === undefined) throw new Error(`no fault ${name}; there are ${Object.keys(faults).join(', ')}`);
  return fault;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.int(0, left.length - 1), 1)[0] as T);
}

/** Whoever looks after processes starts them again until they stay. */
async function revival(target: Target): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await target.revive();
    } catch (thrown) {
      if (attempt === 10) throw thrown;
      await pause(1_000);
    }
  }
}

async function acknowledgedSince(history: History, wanted: number): Promise<void> {
  for (let waited = 0; history.acknowledged < wanted; waited += 20) {
    if (waited > PATIENCE_MS) throw new Error(`no more than ${history.acknowledged} of ${wanted} reports were taken`);
    await pause(20);
  }
}

/** Looks until nothing is lost and nothing is double, or for as long as a test waits: then that is the verdict. */
async function settled(target: Target): Promise<Verdict> {
  let verdict: Verdict = { lost: -1, double: -1, wrongDevices: -1 };
  for (let waited = 0; waited < PATIENCE_MS / 4; waited += 200) {
    verdict = await target.counted().then(
      (counted) => verdictOf(target.history, counted, target.threshold),
      () => verdict,
    );
    if (verdict.lost === 0 && verdict.double === 0 && verdict.wrongDevices === 0) break;
    await pause(200);
  }
  return verdict;
}

function tooMuch({ memoryMb }: Probe, { mostMemoryMb }: Target): string[] {
  return memoryMb > mostMemoryMb ? [`a process held ${memoryMb} MB of ${mostMemoryMb}`] : [];
}

async function brokenPromises(faults: readonly Fault[], names: readonly string[]): Promise<string[]> {
  const told = await Promise.all(
    faults.map((fault, i) =>
      (fault.verify ?? nothing)().then(
        () => [],
        (thrown: unknown) => [`${names[i]}: ${(thrown as Error).message}`],
      ),
    ),
  );
  return told.flat();
}
