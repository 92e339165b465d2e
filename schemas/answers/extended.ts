import * as z from 'zod';
import { DeviceName } from '../mapping.ts';
import { Period } from '../period.ts';
import { PROFILES } from '../release.ts';
import { Before, Change, RowPoint } from './row.ts';

/**
 * What answers that were there before say besides, as shapes to spread into them. The parameters that ask for it are in
 * the comments.
 */
const Count = z.int().min(0);
const Time = z.iso.datetime();

/** `GET /v1/counts?compare&trend=0..60`. Without `compare` nothing is compared; `trend` is 0 by default. */
export const COUNTS_MORE = { compare: Period.nullable(), rowsInAll: Count };
export const COUNTS_ROW_MORE = {
  before: Before,
  change: Change,
  rank: Count,
  rankBefore: Count.nullable(),
  trend: z.array(RowPoint),
};

/** `GET /v1/vendors/{vendor}?lineage=true&compare`: with `lineage` models of the brands it owns too. */
export const VENDOR_MORE = {
  compare: Period.nullable(),
  owner: z.string().nullable(),
  brands: z.array(z.string()),
  rowsInAll: Count,
};
export const VENDOR_ROW_MORE = {
  brand: z.string(),
  /** Until when its maker sold it, a month or a day; null where the catalogue does not know. */
  sold: z.string().nullable(),
  before: Before,
  change: Change,
};

/** `GET /v1/movers?vendor&direction=up|down&state=both|came|went`. came: not shown in `from`; went: not in `to`. */
export const MOVERS_MORE = {
  /** Of either month: then no row has a change. */
  provisional: z.boolean(),
  /** Held back in `from` and in `to`. */
  suppressed: z.strictObject({ from: Count, to: Count }),
  /** What shares are of, in `from` and in `to`. */
  total: z.strictObject({ from: Count.nullable(), to: Count.nullable() }),
  rowsInAll: Count,
};
export const MOVERS_ROW_MORE = { clear: z.boolean(), few: z.boolean() };

/** `GET /v1/session`. */
export const SESSION_MORE = { keyId: z.string(), owner: z.string() };
/**
 * `POST /v1/session` takes `{ "key": … }`, or `{ "link": … }` with the token of a sign-in link. The link is
 * `/signin#link=TOKEN`: what follows # stays in the browser and is in no log.
 */
export const SESSION_BODY = z.union([
  z.strictObject({ key: z.string().min(1).max(512) }),
  z.strictObject({ link: z.string().min(1).max(512) }),
]);

/** `GET /v1/releases?limit&offset`. */
export const RELEASE_MORE = {
  profile: z.enum(PROFILES),
  at: Time,
  /** Published cells in it. */
  cells: Count,
  sample: z.strictObject({ sites: Count.nullable(), sitesMargin: z.number().min(0).nullable() }),
  /** When the party fetched it, by download or webhook; null when it did not. */
  fetchedAt: Time.nullable(),
};
export const RELEASES_MORE = { next: Count.nullable() };

/** `GET /v1/ledger`: what the last twelve months together can reveal about a site; nulls for unbounded. */
export const LEDGER_MORE = {
  lastYear: z.strictObject({
    rho: z.number().nullable(),
    epsilon: z.number().nullable(),
    delta: z.number().nullable(),
  }),
};

/** `GET /v1/held?period=all`: the undecided of every month whose deadline has not passed. Each cell then names its period. */
export const HELD_ROW_MORE = {
  period: Period,
  deadline: Time.nullable(),
  margin: z.strictObject({ sites: z.number().min(0), phones: z.number().min(0).nullable() }),
  /** How far a number may move before it is held, and still be let through unseen. */
  limit: z.strictObject({ sites: z.number().min(0), phones: z.number().min(0).nullable() }),
};

/** `POST /v1/catalog/mappings?dryRun=true`, 200: what would happen; nothing is written. */
export const MappingPreview = z.strictObject({
  since: Period,
  /** The name itself and those that were mapped to it before. */
  along: z.array(DeviceName),
  /** Of all of them in the newest snapshot; null when none is shown. */
  sites: Count.nullable(),
});
export type MappingPreview = z.infer<typeof MappingPreview>;

/** `GET /v1/policy?version`: since when it is in force, and what each version changed. */
export const POLICY_MORE = {
  since: z.string(),
  versions: z.array(
    z.strictObject({
      version: Count,
      since: z.string(),
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    }),
  ),
};

/** `GET /v1/audit?order=desc&before`: newest first, and the page before an entry. */
export const AUDIT_MORE = { order: z.enum(['asc', 'desc']) };
