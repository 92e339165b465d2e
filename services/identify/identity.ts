import type { Category, RefusalReason } from '../../schemas/report.ts';

/** What a line or a raw string turned out to be. */
export type Identity =
  /** The catalogue knows it: catalogue names, nothing of the input. */
  | { readonly kind: 'listed'; readonly category: Category; readonly vendor: string; readonly model: string }
  /**
   * The maker is known, the name is shaped like one of its models and not in the list: counts for category and vendor;
   * the name itself goes to the unlisted lane.
   */
  | { readonly kind: 'proposed'; readonly category: Category; readonly vendor: string; readonly model: string }
  /** Maker and name are not known, and nothing personal is in them: counted in the `unlisted` view only. */
  | { readonly kind: 'unlisted'; readonly category: Category; readonly vendor: string; readonly model: string }
  /** Not counted. The input is kept nowhere. */
  | { readonly kind: 'refused'; readonly reason: RefusalReason | 'empty' };

/** What a raw string was read from, on the machine that is inventoried. */
export const RAW_KINDS = ['user-agent', 'pci', 'cpu', 'board', 'system', 'memory'] as const;
export type RawKind = (typeof RAW_KINDS)[number];

/** Turns what a device says of itself into catalogue names. Pure: the same input gives the same answer. */
export interface Identifier {
  /** The version of the catalogue whose rules these are. */
  readonly catalogue: string;
  /** A line of a report: names as an agent sent them, already identified or not. */
  line(line: { readonly category: Category; readonly vendor: string; readonly model: string }): Identity;
  /** A raw string as a PBX or an operating system gives it. `memory` is a number of bytes. */
  raw(kind: RawKind, text: string): Identity;
  /** The cell name of a platform: `FreePBX 17`, `3CX`, or `other` for one that the catalogue does not know. */
  platform(name: string, version: string): string;
}
