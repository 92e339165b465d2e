import { type CubeRow, LEAST_THRESHOLD } from '../../../schemas/cube.ts';
import { carriesDevices, shownFrom } from '../../core/view-rules.ts';
import { Failure } from '../../shared/failure.ts';

/**
 * What holds for a cube whatever was reported, cell by cell. Across cells nothing can be asked for: whoever reports
 * under two platforms with one token makes the platforms' sum larger than the number of sites.
 */
const INVARIANTS: Readonly<Record<string, (row: CubeRow, threshold: number) => boolean>> = {
  'cell-under-threshold': (row, threshold) => row.sites >= Math.max(LEAST_THRESHOLD, shownFrom(row.view, threshold)),
  'fewer-devices-than-sites': (row) => !carriesDevices(row.view) || row.devices >= row.sites,
  'devices-without-a-device-view': (row) => carriesDevices(row.view) || row.devices === 0,
};

/** Throws `not-conserved` with the name of what does not hold. The cell itself is not told. */
export function requireConserved(rows: readonly CubeRow[], threshold: number): void {
  for (const [invariant, holds] of Object.entries(INVARIANTS))
    if (!rows.every((row) => holds(row, threshold))) throw new Failure('not-conserved', { invariant });
  const cells = new Set(rows.map((row) => [row.view, row.platform, row.category, row.vendor, row.model].join('\0')));
  if (cells.size !== rows.length) throw new Failure('not-conserved', { invariant: 'a-cell-twice' });
}
