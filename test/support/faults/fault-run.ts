import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../../services/simulator/random.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type Counted, type History, MODELS, type Verdict, verdictOf } from './history.ts';
import { Workload } from './workload.ts';

/** Something that goes wrong, and how it is right again. Both may be done in any state. */
export interface Fault {
  strike(random: Random): Promise<void>;
  heal(): Promise<void>;
}

/** An installation with everything that can be done to it. */
export interface Target {
  readonly name: 'embedded' | 'distributed';
  readonly faults: Readonly<Record<string, Fault>>;
  readonly history: History;
  readonly threshold: number;
  /** Where agents send. */
  ingestUrl(): string;
  /** Whether everything says that it is ready. */
  isReady(): Promise<boolean>;
  /** Of each model that is shown; throws when nobody answers. */
  counted(): Promise<ReadonlyMap<string, Counted>>;
  stop(): Promise<void>;
}

export interface Outcome extends Verdict {
  readonly target: string;
  /** Of which the run is a replay: its names joined by `+`. */
  readonly faults: string;
  readonly seed: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Milliseconds from the first strike to the last healing. */
  readonly outageMs: number;
  /** Milliseconds from then until a report is acknowledged again and every acknowledged one is counted. */
  readonly recoveryMs: number;
  /** Times that counts were more than was ever sent while everything said that it was ready. */
  readonly wrongWhileReady: number;
}

/** Reports that are acknowledged before the first strike, and after the last healing. */
const BEFORE = 40;

/** One run: work, strike, heal, work on, compare. The seed decides what is said and when it is struck. */
export async function runFaults(target: Target, names: readonly string[], seed: number): Promise<Outcome> {
  const random = new Random(seed, 0, 7);
  const { history } = target;
  const [sentBefore, acknowledgedBefore] = [history.sent, history.acknowledged];
  const work = new Workload(history, () => target.ingestUrl(), seed);
  const probe = new Probe(target);
  await acknowledgedSince(history, acknowledgedBefore + BEFORE);
  const struckAt = performance.now();
  for (const name of names) await faultOf(target, name).strike(random);
  await pause(random.int(400, 1_600));
  for (const name of names.toReversed()) await faultOf(target, name).heal();
  const healedAt = performance.now();
  await acknowledgedSince(history, history.acknowledged + BEFORE);
  await work.stop();
  const verdict = await settled(target);
  await probe.stop();
  return {
    ...verdict,
    target: target.name,
    faults: names.join('+'),
    seed,
    sent: history.sent - sentBefore,
    acknowledged: history.acknowledged - acknowledgedBefore,
    outageMs: Math.round(healedAt - struckAt),
    recoveryMs: Math.round(performance.now() - healedAt),
    wrongWhileReady: probe.wrong,
  };
}

function faultOf({ faults }: Target, name: string): Fault {
  const fault = faults[name];
  if (fault === undefined) throw new Error(`no fault ${name}; there are ${Object.keys(faults).join(', ')}`);
  return fault;
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
  for (let waited = 0; waited < PATIENCE_MS / 2; waited += 200) {
    verdict = await target.counted().then(
      (counted) => verdictOf(target.history, counted, target.threshold),
      () => verdict,
    );
    if (verdict.lost === 0 && verdict.double === 0 && verdict.wrongDevices === 0) break;
    await pause(200);
  }
  return verdict;
}

/** Looks at counts all the time: while everything says that it is ready, they are never more than was sent. */
class Probe {
  wrong = 0;
  #stopped = false;
  readonly #running: Promise<void>;

  constructor(target: Target) {
    this.#running = this.#look(target);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #look(target: Target): Promise<void> {
    while (!this.#stopped) {
      await this.#once(target).catch(() => {});
      await pause(250);
    }
  }

  async #once(target: Target): Promise<void> {
    if (!(await target.isReady())) return;
    const counted = await target.counted();
    for (const model of MODELS) if ((counted.get(model)?.sites ?? 0) > target.history.everSaid(model)) this.wrong++;
  }
}
