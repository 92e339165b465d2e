import type { ReleaseCell } from '../../../schemas/release.ts';
import { type CountedCell, type Cube, cellName } from './cube.ts';

/** A cell as somebody outside sees it. */
export interface ShownCell extends ReleaseCell {
  readonly sites: number;
  /** Of a phone model, and of a vendor all its phones as far as the release tells them; null when it does not. */
  readonly phones: number | null;
}

/** What somebody outside sees of one month, by cell name. */
export type Shown = ReadonlyMap<string, ShownCell>;

export interface Releaser {
  /** A cell of fewer sites is never shown. */
  readonly threshold: number;
  /** What a cell that is not shown has at most, as good as certainly. */
  readonly mostHidden: number;
  /** So many sites, and so many phones, are shown as good as certainly. */
  readonly surelyShown: { readonly sites: number; readonly phones: number };
  /** What it shows of a cell, before any noise: exact or bounded numbers. */
  readonly counts: (cell: CountedCell) => { readonly sites: number; readonly phones: number };
  /** The releases of following months, each with fresh noise if there is any. */
  release(months: readonly Cube[]): Shown[];
}

const THRESHOLD = 10;

/** What most people would call anonymous: cells of ten sites or more, and exact totals of everything. */
export const weakReleaser: Releaser = {
  threshold: THRESHOLD,
  mostHidden: THRESHOLD - 1,
  surelyShown: { sites: THRESHOLD, phones: 0 },
  counts: ({ sites, devices }) => ({ sites, phones: devices }),
  release: (months) => months.map(exactly),
};

function exactly(cube: Cube): Shown {
  const cells = [...cube.values()].filter(({ sites }) => sites >= THRESHOLD);
  return shown(cells.map((cell) => ({ ...cell, phones: cell.devices })));
}

export function shown(cells: readonly ShownCell[]): Shown {
  return new Map(cells.map((cell) => [cellName(cell), cell]));
}
