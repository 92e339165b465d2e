import { createHash } from 'node:crypto';
import type { CubeRow } from '../../../schemas/cube.ts';
import type { NoisedCell } from '../../../schemas/release.ts';
import type { FrozenSlots } from '../../core/slot-sums.ts';

/** Of a frozen cube: SHA-256 of its cells, in whatever order they come. Never leaves the server: guesses could be checked by it. */
export function cubeDigest(rows: readonly CubeRow[]): string {
  return digestOf(
    rows.map(({ view, platform, category, vendor, model, sites, devices }) =>
      [view, platform, category, vendor, model, sites, devices].join('\0'),
    ),
  );
}

/** Of what a period's frozen slots sum to; never leaves the server either. */
export function slotsDigest({ all, atCap, cap, cells, makers }: FrozenSlots): string {
  return digestOf([
    ['all', all, atCap, cap].join('\0'),
    ...makers.map(({ vendor, sites }) => ['maker', vendor, sites].join('\0')),
    ...cells.map(({ lane, platform, category, vendor, model, sites, amount }) =>
      [lane, platform, category, vendor, model, sites, amount].join('\0'),
    ),
  ]);
}

/** Of every noised cell. */
export function noisedDigest(cells: readonly NoisedCell[]): string {
  return digestOf(
    cells.map(({ query, platform, category, vendor, model, sites, phones, held }) =>
      [query, platform, category, vendor, model, sites, phones ?? '', held ?? ''].join('\0'),
    ),
  );
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}
