import type { CubeRow } from '../../schemas/cube.ts';
import type { Cell } from '../../schemas/fact.ts';
import { carriesDevices, shownFrom } from '../core/view-rules.ts';
import { cellKey } from './oracle.ts';

interface CellCount {
  readonly sites: number;
  readonly devices: number;
}

/** A cell that is not what it should be. `undefined`: that side does not have it. */
export interface CellDifference {
  readonly cell: Cell;
  readonly expected: CellCount | undefined;
  readonly actual: CellCount | undefined;
}

/**
 * Where two cubes of a period differ. A cell matters when either side has it at or over the threshold (the unlisted view:
 * from 20 sites on); devices matter in the views that count them. A cell that a side has twice differs.
 */
export function compareCubes(
  expected: readonly CubeRow[],
  actual: readonly CubeRow[],
  threshold: number,
): CellDifference[] {
  const wanted = index(expected);
  const found = index(actual);
  const differences: CellDifference[] = [];
  for (const key of new Set([...wanted.keys(), ...found.keys()])) {
    const [want = [], have = []] = [wanted.get(key), found.get(key)];
    const matters = [...want, ...have].some((row) => row.sites >= shownFrom(row.view, threshold));
    if (matters && !same(want, have)) differences.push(difference(want, have));
  }
  return differences;
}

function index(rows: readonly CubeRow[]): Map<string, CubeRow[]> {
  const cells = new Map<string, CubeRow[]>();
  for (const row of rows) {
    const same = cells.get(cellKey(row));
    if (same) same.push(row);
    else cells.set(cellKey(row), [row]);
  }
  return cells;
}

function same(want: readonly CubeRow[], have: readonly CubeRow[]): boolean {
  const [a, b] = [want[0], have[0]];
  if (want.length !== 1 || have.length !== 1 || !a || !b) return false;
  return a.sites === b.sites && (!carriesDevices(a.view) || a.devices === b.devices);
}

function difference(want: readonly CubeRow[], have: readonly CubeRow[]): CellDifference {
  const { view, platform, category, vendor, model } = (want[0] ?? have[0])!;
  return { cell: { view, platform, category, vendor, model }, expected: countOf(want), actual: countOf(have) };
}

/** Of a cell that is there twice: the sum. */
function countOf(rows: readonly CubeRow[]): CellCount | undefined {
  if (rows.length === 0) return undefined;
  return {
    sites: rows.reduce((sum, row) => sum + row.sites, 0),
    devices: rows.reduce((sum, row) => sum + row.devices, 0),
  };
}
