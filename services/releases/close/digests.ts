import { createHash } from 'node:crypto';
import type { BoundedRow, NoisedCell } from '../../../schemas/release.ts';

/** Of a frozen cube: SHA-256 of its cells, in whatever order they come. Never leaves the server: guesses could be checked by it. */
export function cubeDigest(rows: readonly BoundedRow[]): string {
  return digestOf(
    rows.map(({ view, platform, category, vendor, model, ...row }) =>
      [view, platform, category, vendor, model, row.sites, row.devices, row.boundedSites, row.boundedDevices].join(
        '\0',
      ),
    ),
  );
}

/** Of the cells that passed the gate. */
export function noisedDigest(cells: readonly NoisedCell[]): string {
  return digestOf(
    cells.map(({ query, platform, category, vendor, model, sites, phones, held }) =>
      [query, platform, category, vendor, model, sites, phones ?? '', held].join('\0'),
    ),
  );
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}
