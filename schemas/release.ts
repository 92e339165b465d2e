import * as z from 'zod';
import type { Period } from './period.ts';
import type { Category } from './report.ts';

/** Named in the order in which a release shows them. The table with lanes, bounds and variances is services/releases/numbers/queries.ts. */
export const QUERY_NAMES = [
  'all',
  'at_cap',
  'platform',
  'platform_vendor',
  'phone_vendor',
  'phone_model',
  'endpoint_model',
  'pci_model',
  'nic_model',
  'cpu',
  'memory',
  'board',
] as const;
/**
 * A question about sites. `all`: every site that reports; `at_cap`: those whose most frequent phone model stands at the
 * cap. `all`, `phone_vendor` and `phone_model` have a second number, phones, with a variance and a cost of its own.
 */
export type QueryName = (typeof QUERY_NAMES)[number];

/**
 * noised: discrete Gaussian noise on every number. threshold: none, for fleets too small for it; chosen before the
 * period opens, and said in the first lines of the release.
 */
export const PROFILES = ['noised', 'threshold'] as const;
export type Profile = (typeof PROFILES)[number];

/** A cell that a release may have. Columns that its query does not use are ''. */
export interface ReleaseCell {
  readonly query: QueryName;
  readonly platform: string;
  readonly category: Category | '';
  readonly vendor: string;
  readonly model: string;
}

/** What a period's slots sum to in one cell, exactly. Never leaves the server, and is destroyed with the slots. */
export interface SlotSum extends ReleaseCell {
  readonly sites: number;
  /** Under the caps by rank; 0 for queries without phones. */
  readonly phones: number;
}

/** Why somebody has to look at a number before it is released. */
export const HELD_REASONS = ['growth', 'equal-steps', 'new-name'] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

/**
 * A listed cell with its numbers as they were noised, whether any site has it or not. It is kept after close: what
 * releases, later ones and amendments are made from.
 */
export interface NoisedCell extends ReleaseCell {
  /** Sites, noised: may be below 0. */
  readonly sites: number;
  /** Phones, noised; null for queries without. */
  readonly phones: number | null;
  /** Null: nobody has to look at it first. */
  readonly held: HeldReason | null;
}

/** The steps of a close, in their order. A period that is not closed has none. */
export const CLOSE_STEPS = ['CLOSING', 'DRAINED', 'FROZEN', 'NOISED', 'VERIFIED', 'DESTROYED', 'RELEASED'] as const;
export type CloseStep = (typeof CLOSE_STEPS)[number];

/** One step of a period's close that was finished. */
export interface Transition {
  readonly period: Period;
  /** 1 for CLOSING, 2 for DRAINED and so on: a place that is taken once. */
  readonly seq: number;
  readonly step: CloseStep;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Random: tells apart two workers that finished the same step. */
  readonly nonce: string;
  /** What the next steps need to know: ids, digests of published bytes, counts of cells. Never a fact. */
  readonly detail: Readonly<Record<string, string | number>>;
}

/** due: may be fetched from now on. downloaded: by the party's own key. dead: no further attempt is made by itself. */
export const DELIVERY_EVENTS = ['due', 'downloaded', 'delivered', 'failed', 'dead'] as const;
export type DeliveryEvent = (typeof DELIVERY_EVENTS)[number];

const Name = /^[A-Za-z0-9](?:[A-Za-z0-9 ._+/()!&,-]{0,62}[A-Za-z0-9.)+!])?$/;
/** A party's name: the NAME of the scope `manufacturer:NAME` that reads its releases. */
export const PartyName = z.string().regex(Name, 'not-a-name');

const CatalogueName = z.string().regex(/^[A-Za-z0-9 ._+/()!&,-]{1,64}$/, 'not-a-name');

/** How a party gets its releases: it may always download them with its key; a webhook is called besides. */
export const Delivery = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('download') }),
  z.strictObject({ kind: z.literal('webhook'), url: z.string().max(2_000) }),
]);
export type Delivery = z.infer<typeof Delivery>;

/** Who is given what. One party has one agreement; a newer one replaces it. */
export const Agreement = z.strictObject({
  party: PartyName,
  /** Brands whose own numbers it may see; with `lineage` also those of brands that belong to them (Polycom, for Poly). */
  vendors: z.array(CatalogueName).max(50),
  lineage: z.boolean().default(true),
  /** Platforms whose numbers it may see. */
  platforms: z.array(CatalogueName).max(50),
  /** Whom to write to. Shown to releasers and admins only. */
  contact: z.string().min(1).max(200),
  delivery: Delivery,
});
export type Agreement = z.infer<typeof Agreement>;
