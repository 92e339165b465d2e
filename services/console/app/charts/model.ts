import type { FacetsAnswer, Names } from '../lib/answers.ts';

export type Slot = 's1' | 's2' | 's3' | 's4' | 's5' | 's6' | 's7' | 's8' | 'so';
const SLOTS: readonly Slot[] = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'];
export const MOST_SERIES = SLOTS.length;

export type Kind = 'lines' | 'stacked' | 'percent';

export interface Point {
  readonly value: number | null;
  readonly share: number | null;
}

/** One line or layer. Nulls are months in which it is not shown: held back or not there. */
export interface Series {
  readonly key: string;
  readonly label: string;
  /** What stands before the label where there is room: a model's maker. */
  readonly small?: string;
  readonly names?: Names;
  readonly slot: Slot;
  readonly points: readonly Point[];
}

export interface Month {
  readonly period: string;
  readonly provisional: boolean;
}

/** Colours in their fixed order. */
export function slotAt(index: number): Slot {
  return SLOTS[index] ?? 'so';
}

/**
 * A maker keeps its colour on every page: the first eight of the facets, which go by devices of the last twelve months,
 * have one each. Others take what is free, in their order.
 */
export function makerSlots(makers: readonly string[], vendors: FacetsAnswer['vendors'] = []): Map<string, Slot> {
  const fixed = new Map(vendors.slice(0, MOST_SERIES).map(({ vendor }, i): [string, Slot] => [vendor, slotAt(i)]));
  const taken = new Set(makers.map((maker) => fixed.get(maker)).filter((slot) => slot !== undefined));
  const free = SLOTS.filter((slot) => !taken.has(slot));
  return new Map(makers.map((maker) => [maker, fixed.get(maker) ?? free.shift() ?? 'so']));
}

/**
 * Whether parts add up, so that they may stand on each other: devices of which each is in one cell, and sites of
 * platforms, of which a site has one. Sites of anything else overlap.
 */
export function mayStack(view: string, by: 'sites' | 'devices', stacks: FacetsAnswer['views']): boolean {
  return stacks.find((one) => one.view === view)?.stacks.includes(by) ?? false;
}

/** Moves labels apart by at least `gap`, in their order, inside the room from `top` to `bottom`. */
export function pushApart(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = [...wanted.keys()].sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed: number[] = [...wanted];
  let least = top;
  for (const i of order) {
    placed[i] = Math.max(placed[i] ?? 0, least);
    least = (placed[i] ?? 0) + gap;
  }
  let most = bottom;
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i] ?? 0, most);
    most = (placed[i] ?? 0) - gap;
  }
  return placed;
}
