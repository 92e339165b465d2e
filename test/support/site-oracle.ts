import type { CubeRow } from '../../schemas/cube.ts';
import type { Cell, View } from '../../schemas/fact.ts';
import type { Category } from '../../schemas/report.ts';

export interface SaidModel {
  /** For names that no rule knows; the others are of the view model. */
  readonly view?: 'unlisted';
  readonly category: Category;
  readonly vendor: string;
  readonly model: string;
  readonly count: number;
}

/** What one site said in one report, already in catalogue names. */
export interface SaidBySite {
  readonly site: number;
  readonly sequence: number;
  readonly platform: string;
  readonly models: readonly SaidModel[];
  readonly withdraw: boolean;
}

export const cellName = (cell: Cell): string =>
  [cell.view, cell.platform, cell.category, cell.vendor, cell.model].join('|');

/**
 * Counts by the meaning of the words, not by the pipeline's steps: for each site and cell the newest word holds, then
 * sites and devices are added up. Deliberately naive.
 */
export function countByHand(
  said: readonly SaidBySite[],
): Map<string, { cell: Cell; sites: Set<number>; devices: number }> {
  const newest = new Map<string, { cell: Cell; site: number; sequence: number; count: number }>();
  for (const word of said)
    for (const { cell, count } of wordsAbout(word)) {
      const name = `${word.site}#${cellName(cell)}`;
      const known = newest.get(name);
      if (!known || word.sequence > known.sequence)
        newest.set(name, { cell, site: word.site, sequence: word.sequence, count });
    }
  const cells = new Map<string, { cell: Cell; sites: Set<number>; devices: number }>();
  for (const { cell, site, count } of newest.values()) {
    if (count === 0) continue;
    const name = cellName(cell);
    const entry = cells.get(name) ?? { cell, sites: new Set<number>(), devices: 0 };
    entry.sites.add(site);
    if (cell.view === 'model') entry.devices += count;
    cells.set(name, entry);
  }
  return cells;
}

function wordsAbout({ platform, models, withdraw }: SaidBySite): { cell: Cell; count: number }[] {
  const on = withdraw ? 0 : 1;
  const cell = (view: View, more: Partial<Cell>): Cell => ({
    view,
    platform: '',
    category: '',
    vendor: '',
    model: '',
    ...more,
  });
  const any = (of: readonly { count: number }[]) => (on === 1 && of.some((m) => m.count > 0) ? 1 : 0);
  const words = [
    { cell: cell('site', {}), count: on },
    { cell: cell('platform', { platform }), count: on },
  ];
  for (const m of models) {
    const { category, vendor, model } = m;
    const sameVendor = models.filter((other) => other.category === category && other.vendor === vendor);
    words.push(
      { cell: cell('model', { category, vendor, model }), count: withdraw ? 0 : m.count },
      { cell: cell('category', { category }), count: any(models.filter((other) => other.category === category)) },
    );
    if (vendor !== '') words.push({ cell: cell('vendor', { category, vendor }), count: any(sameVendor) });
    if (vendor !== '' && category === 'phone')
      words.push({ cell: cell('platform_vendor', { platform, vendor }), count: any(sameVendor) });
  }
  return words;
}

/** Rows of the cube by cell name, for comparison. */
export function byCellName(rows: readonly CubeRow[]): Record<string, { sites: number; devices: number }> {
  return Object.fromEntries(rows.map((row) => [cellName(row), { sites: row.sites, devices: row.devices }]).sort());
}
