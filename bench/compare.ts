import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/**
 * The least value that `share` of all do not exceed; where exactly so many do not, halfway from it to the next. So half of
 * two values is between both, and 99 of 100 is between the two greatest. The one rule of all benches. NaN of no values.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = sorted.length * share;
  const whole = Math.round(rank);
  // 0.07 of 100 is 7.000000000000001.
  if (Math.abs(rank - whole) > 1e-9) return sorted[Math.ceil(rank) - 1] as number;
  const [at, next] = [sorted[Math.max(0, whole - 1)], sorted[Math.min(sorted.length - 1, whole)]];
  return ((at ?? Number.NaN) + (next ?? Number.NaN)) / 2;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** What one unit of work took: CPU of the process that did it, and wall clock. In microseconds. */
export interface Cost {
  readonly cpuUs: number;
  readonly wallUs: number;
}

export interface Compared {
  readonly ours: Cost;
  readonly control: Cost;
  /** Medians of the rounds' ratios: ours by control. */
  readonly cpu: number;
  readonly wall: number;
  /** Of the machine, as the rounds began and ended: the wall clock is worth what these are. */
  readonly load: readonly [number, number];
}

/** Does both in turn, `rounds` times. Whatever slows the machine slows both. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<Cost>,
  control: () => Promise<Cost>,
): Promise<Compared> {
  const before = loadavg()[0] as number;
  const pairs: { ours: Cost; control: Cost }[] = [];
  for (let i = 0; i < rounds; i++) pairs.push({ control: await control(), ours: await ours() });
  return {
    ours: middleOf(pairs.map((pair) => pair.ours)),
    control: middleOf(pairs.map((pair) => pair.control)),
    cpu: median(pairs.map((pair) => pair.ours.cpuUs / pair.control.cpuUs)),
    wall: median(pairs.map((pair) => pair.ours.wallUs / pair.control.wallUs)),
    load: [before, loadavg()[0] as number],
  };
}

function middleOf(costs: readonly Cost[]): Cost {
  return { cpuUs: median(costs.map((cost) => cost.cpuUs)), wallUs: median(costs.map((cost) => cost.wallUs)) };
}

/** CPU time that the process has used: user and system, all threads, those that ended included. In microseconds. */
export function cpuUsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before the bracket may hold blanks. Fields 14 and 15, in clock ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** What `act` cost for each of `units`, in a process that may be this one. */
export async function costOf(pid: number, units: number, act: () => Promise<unknown>): Promise<Cost> {
  const [cpu, began] = [cpuUsOf(pid), performance.now()];
  await act();
  return { cpuUs: (cpuUsOf(pid) - cpu) / units, wallUs: ((performance.now() - began) * 1_000) / units };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
