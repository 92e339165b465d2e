import type { Seeded } from '../re-join/seeded.ts';
import type { CountedCell, Cube } from './cube.ts';
import type { Releaser } from './releaser.ts';

/** The two cells of which the target is in one. */
export interface Targets {
  /** So rare that no release shows it, with the target or without. */
  readonly hidden: CountedCell;
  /** Of the same query; always shown. */
  readonly other: CountedCell;
}

type Query = 'phone_model' | 'platform_vendor';

/** Cells of the query whose number of sites is under every threshold, even with one more. */
export function rareCells(cube: Cube, query: Query, { threshold }: Releaser): CountedCell[] {
  return [...cube.values()].filter((cell) => cell.query === query && cell.sites < threshold - 1);
}

/** A hidden cell of those given and, as `fits` has it, another that is shown; undefined where there is none. */
export function someTargets(
  cube: Cube,
  rare: readonly CountedCell[],
  { surelyShown }: Releaser,
  random: Seeded,
  fits: (other: CountedCell, hidden: CountedCell) => boolean = () => true,
): Targets | undefined {
  const hidden = pick(rare, random);
  if (hidden === undefined) return undefined;
  const shown = [...cube.values()].filter(
    (cell) => cell.query === hidden.query && cell.sites >= surelyShown.sites && fits(cell, hidden),
  );
  const other = pick(shown, random);
  return other && { hidden, other };
}

/** Any model of the vendor's phones: which one does not matter to the attack. */
export function anyModel(cube: Cube, vendor: string): string {
  return [...cube.values()].find((cell) => cell.query === 'phone_model' && cell.vendor === vendor)!.model;
}

function pick<T>(items: readonly T[], random: Seeded): T | undefined {
  return items[random.below(items.length)];
}
