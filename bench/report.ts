import { type Compared, print } from './compare.ts';

/** A line of the table of measures. */
export interface Row {
  /** Its number in the table of bench/README.md. */
  readonly n: number;
  readonly measure: string;
  readonly ours: string;
  readonly control: string;
  readonly ratio: string;
  readonly reach: string;
  readonly load: string;
}

export const NO_CONTROL = { control: '–', ratio: '–' } as const;

export function printTable(rows: readonly Row[]): void {
  print('| # | measure | Rollcall | control | ratio by CPU (by wall) | reach | load of the machine |');
  print('|---|---|---|---|---|---|---|');
  for (const { n, measure, ours, control, ratio, reach, load } of rows)
    print(`| ${n} | ${measure} | ${ours} | ${control} | ${ratio} | ${reach} | ${load} |`);
}

const SLOW_US = 100_000;

/** CPU microseconds and what a second of the clock had of it. */
export function compared(result: Compared, unit: string, turned = false): Omit<Row, 'n' | 'measure' | 'reach'> {
  const shown = (ratio: number) => (turned ? 1 / ratio : ratio).toFixed(2);
  const of = ({ cpuUs, wallUs }: Compared['ours']) =>
    wallUs < SLOW_US
      ? `${cpuUs.toFixed(cpuUs < 10 ? 2 : 0)} µs a ${unit} (${(1e6 / wallUs).toFixed(0)}/s)`
      : `${(cpuUs / 1e3).toFixed(0)} ms a ${unit} (${(wallUs / 1e3).toFixed(0)} ms by the clock)`;
  return {
    ours: of(result.ours),
    control: of(result.control),
    ratio: `${shown(result.cpu)} (${shown(result.wall)})`,
    load: loadOf(result.load),
  };
}

export function loadOf([before, after]: readonly [number, number]): string {
  return `${before.toFixed(1)}, ${after.toFixed(1)}`;
}
