import type { Column, View } from '../../schemas/cell-names.ts';
import { VIEW_TABLE } from './views.ts';

/** The view of names that the catalogue knows, whose devices coarser views are summed from, and that of the others. */
export const LISTED_VIEW = 'model';
export const UNLISTED_VIEW = 'unlisted';
/** The view of one cell: all sites. */
export const WHOLE_VIEW = 'site';

/** Names of some columns, as a question gives them. */
export type Names = { readonly [K in Column]?: string | undefined };

/** A cell by the names of its columns; '' in those that its view does not have. */
export interface CellNames {
  readonly view: View;
  readonly platform: string;
  readonly category: string;
  readonly vendor: string;
}

/** Whether facts of the view carry a number of devices; of all others they carry presence. */
export function carriesDevices(view: View): boolean {
  return VIEW_TABLE[view].devices === 'own';
}

/** Whether cells of the view have a number of devices at all. */
export function hasDevices(view: View): boolean {
  return VIEW_TABLE[view].devices !== 'none';
}

/**
 * A cell's number of devices as it is told. Null in views without, and of a name whose number is not shown while its month
 * is open: a name that a site has is some device, so that 0 stands for that.
 */
export function toldDevices(view: View, devices: number): number | null {
  // Of names that no list has it is counted who has them, not how many.
  if (!hasDevices(view) || view === UNLISTED_VIEW) return null;
  return carriesDevices(view) && devices === 0 ? null : devices;
}

/** Whether its devices are others than those of the shown models, which coarser views sum. */
export function hasDevicesBesideModels(view: View): boolean {
  return carriesDevices(view) && view !== LISTED_VIEW;
}

/**
 * Numbers of the view's cells that add up: devices, each of which is in one cell, and sites where a site is in one cell
 * only. Sites that are in several would be counted as often.
 */
export function stacksOf(view: View): readonly ('sites' | 'devices')[] {
  const { columns, from } = VIEW_TABLE[view];
  if (columns.length === 0) return [];
  if (hasDevices(view)) return ['devices'];
  return from === 'report' ? ['sites'] : [];
}

export function hasColumn(view: View, column: Column): boolean {
  return VIEW_TABLE[view].columns.includes(column);
}

/** Fewest sites of a cell that is shown. */
export function shownFrom(view: View, threshold: number): number {
  return Math.max(threshold, VIEW_TABLE[view].leastSites);
}

/** Whether everybody knows all names of the view's cells, so that a number about a hidden one tells of no name. */
export function hasPublicNames(view: View): boolean {
  return VIEW_TABLE[view].columns.every((column) => column === 'category');
}

/** The category that the filter means: the named one, or the only one of the view when another name stands for it. */
export function categoryMeant(view: View, { category, vendor }: Names): string | undefined {
  return category ?? (vendor === undefined ? undefined : VIEW_TABLE[view].only);
}

/** The cell that a question's filter names: what its numbers are parts of. */
export function totalCell(view: View, filter: Names): CellNames {
  const total = VIEW_TABLE[view].totals.find((one) => {
    const finest = VIEW_TABLE[one].columns.at(-1);
    return finest === undefined || Boolean(filter[finest]);
  });
  const of = total ?? WHOLE_VIEW;
  const nameIn = (column: Column, name: string | undefined) => (hasColumn(of, column) ? (name ?? '') : '');
  return {
    view: of,
    platform: nameIn('platform', filter.platform),
    category: nameIn('category', categoryMeant(view, filter)),
    vendor: nameIn('vendor', filter.vendor),
  };
}

/** The columns that a scope of the view is stored under: those that both have. */
export function scopeColumns(view: View, scope: View): readonly Column[] {
  return VIEW_TABLE[scope].columns.filter((column) => hasColumn(view, column));
}

/**
 * The scopes that the filter names, the narrowest first, each with the wider ones that stand in for it: a scope is kept
 * for shown cells only, one of public names always.
 */
export function scopesNamed(view: View, filter: Names): readonly (readonly Column[])[] {
  const named: (readonly Column[])[] = [];
  for (const scope of VIEW_TABLE[view].scopes) {
    const columns = scopeColumns(view, scope);
    const narrower = named.at(-1) ?? columns;
    if (columns.some((column) => !filter[column] || !narrower.includes(column))) continue;
    named.push(columns);
    if (hasPublicNames(scope)) break;
  }
  return named;
}

/** Platform, category and vendor of a scope: its own names, '' in the other columns. */
export function scopeNames(columns: readonly Column[], filter: Names): readonly [string, string, string] {
  const named = (column: Column) => (columns.includes(column) ? (filter[column] ?? '') : '');
  return [named('platform'), named('category'), named('vendor')];
}
