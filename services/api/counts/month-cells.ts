import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';

type Named = Pick<PeriodCell, 'platform' | 'category' | 'vendor' | 'model'>;

/** What tells a cell from the others of its view. */
export function nameOf(view: View, cell: Named): string {
  let name = '';
  for (const column of VIEW_TABLE[view].columns) name += `${cell[column]}\n`;
  return name;
}

/** The order of lists: without case first, as the store has it, then exactly. */
export function compareNames(a: readonly string[], b: readonly string[]): number {
  const [x, y] = [a.join('\n'), b.join('\n')];
  return compare(x.toLowerCase(), y.toLowerCase()) || compare(x, y);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The shown cells of one view in one month, by name. Names are worked out once, with the first that asks for one. */
export class MonthCells {
  readonly view: View;
  readonly period: Period;
  readonly cells: readonly PeriodCell[];
  #names: readonly string[] | undefined;
  #byName: ReadonlyMap<string, PeriodCell> | undefined;

  constructor(view: View, period: Period, cells: readonly PeriodCell[]) {
    this.view = view;
    this.period = period;
    this.cells = cells;
  }

  /** Of each of {@link cells}, in their order. */
  get names(): readonly string[] {
    this.#names ??= this.cells.map((cell) => nameOf(this.view, cell));
    return this.#names;
  }

  find(name: string): PeriodCell | undefined {
    this.#byName ??= new Map(this.names.map((one, i) => [one, this.cells[i] as PeriodCell]));
    return this.#byName.get(name);
  }
}

/** Of cells that are in the order of their months, oldest first. A month without a cell is among them. */
export function monthsOf(view: View, periods: readonly Period[], cells: readonly PeriodCell[]): MonthCells[] {
  const months = new Map<Period, PeriodCell[]>(periods.toSorted().map((period) => [period, []]));
  for (const cell of cells) months.get(cell.period)?.push(cell);
  return [...months].map(([period, own]) => new MonthCells(view, period, own));
}

/** The wanted cells of each name over the months, in the order in which names are met. */
export function byName(months: readonly MonthCells[], filter: CellFilter): ReadonlyMap<string, readonly PeriodCell[]> {
  const groups = new Map<string, PeriodCell[]>();
  for (const { cells, names } of months)
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as PeriodCell;
      if (!isWanted(cell, filter)) continue;
      const group = groups.get(names[i] as string);
      if (group) group.push(cell);
      else groups.set(names[i] as string, [cell]);
    }
  return groups;
}

/** Whether the cell is what a filter without text and model names. */
export function isWanted(cell: Named, { category, vendor, platform }: CellFilter): boolean {
  return (
    (category === undefined || cell.category === category) &&
    (vendor === undefined || cell.vendor === vendor) &&
    (platform === undefined || cell.platform === platform)
  );
}
