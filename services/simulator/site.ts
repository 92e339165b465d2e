import type { Category } from '../../schemas/report.ts';
import type { RawKind } from '../identify/identity.ts';
import type { PhoneMaker } from './phone-makers.ts';
import type { Platform } from './platforms.ts';

/** What a device or a part says of itself. */
export interface Raw {
  readonly kind: RawKind;
  readonly text: string;
  /** What an agent takes it for that the catalogue does not help. */
  readonly category: Category;
  /** The same for devices that differ in firmware and address only. */
  readonly make: string;
}

/** So many devices that say the same. */
export interface Item {
  readonly raw: Raw;
  count: number;
}

export function item(raw: Raw, count: number): Item {
  return { raw, count };
}

/** A place with a PBX. Nothing but its own stream of random numbers changes it. */
export interface Site {
  readonly id: number;
  platform: Platform;
  /** Where it buys most of its phones. */
  maker: PhoneMaker;
  items: Item[];
  /** An agent from before identification: it sends raw strings as models. */
  readonly oldAgent: boolean;
  /** No longer reports, or switched off for good. */
  gone: boolean;
}
