import type { Seeded } from '../re-join/seeded.ts';
import { type Cube, countSites } from './cube.ts';
import { siteWith, type Wares } from './fleet.ts';
import type { Releaser, Shown } from './releaser.ts';

/** Cubes of following months. */
export type World = readonly Cube[];

/** Two worlds that differ in one site, the target, and in nothing else. */
export interface Question {
  readonly worlds: readonly [World, World];
  /** In which world the releases were made; undefined when they say nothing about it. */
  guess(releases: readonly Shown[]): 0 | 1 | undefined;
}

export interface Attack {
  readonly name: string;
  /** A question about a fresh target in one of the fleets, or undefined where this fleet offers none. */
  pose(others: Cube, releaser: Releaser, random: Seeded): Question | undefined;
}

/** The others and a target with these wares, in a world of one month. */
export function monthWith(others: Cube, wares: Wares, random: Seeded): World {
  return [countSites([siteWith(wares, random)], others)];
}

/** The world whose expected value is nearer to what was seen. */
export function nearer(seen: number, expected: readonly [number, number]): 0 | 1 | undefined {
  const [one, other] = expected.map((value) => Math.abs(seen - value)) as [number, number];
  if (one === other) return undefined;
  return one < other ? 0 : 1;
}
