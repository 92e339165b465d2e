import * as z from 'zod';
import { Period } from './period.ts';
import { PartyName, PROFILES, QUERY_NAMES } from './release.ts';
import { CATEGORIES } from './report.ts';

/**
 * The files of a release. Whoever holds them and the publisher's public key can check all of it, by `rollcall verify`, by
 * its own verify.mjs or by openssl and sha256sum. Releases before these had the form of release-file-1.ts.
 */
export const RELEASE_FILES = [
  'release.json',
  'release.csv',
  'summary.html',
  'verify.mjs',
  'manifest.json',
  'manifest.sig',
] as const;
export type ReleaseFileName = (typeof RELEASE_FILES)[number];

/** The order of the keys in these schemas is the order in the files: a parsed document has it whatever it came from. */
const whole = z.int().min(0);
const name = z.string().regex(/^[A-Za-z0-9 ._+/()!&,-]{0,64}$/, 'not-a-name');
const margin = z.number().min(0);

/** What every file of a release says of itself. */
const about = {
  period: Period,
  party: PartyName,
  /** 0 for the first, one more for each amendment. */
  revision: whole,
};

/** How the numbers were made fit for publication. */
export const ReleaseParameters = z.strictObject({
  /** A site counts at most this many phones of its most frequent model, of its second at most the next number, and so on. */
  caps: z.array(whole.min(1)).min(1),
  /** In a release without noise: no cell of fewer sites is published. */
  threshold: whole,
  /** Published sites and phones are multiples of these. */
  sitesRounding: whole.min(1),
  phonesRounding: whole.min(1),
  /** From a smaller fleet nothing but the number of all sites is published. */
  leastFleet: whole,
});
export type ReleaseParameters = z.infer<typeof ReleaseParameters>;

/** What the release can reveal about one site that took part in the month: a release without noise has no bound. */
const budget = {
  epsilon: z.union([z.number().positive(), z.literal('unbounded')]),
  /** Null when epsilon is unbounded. */
  delta: z.number().positive().max(1).nullable(),
};

const Trend = z.enum(['up', 'down', 'not-significant', 'new']).nullable();
export type Trend = z.infer<typeof Trend>;

const ReleasedCell = z.strictObject({
  query: z.enum(QUERY_NAMES),
  platform: name,
  category: z.enum(['', ...CATEGORIES]),
  vendor: name,
  model: name,
  sites: whole,
  /** Half the width of a 95 % interval around `sites`, noise and rounding together; so are all margins. */
  sitesMargin: margin,
  /** Of all sites, or of a maker on a platform of the platform's; 0 to 1. Null without that number. */
  share: z.number().min(0).max(1).nullable(),
  /** Phones, counting at most `method.caps` on a site. */
  phones: whole.nullable(),
  phonesMargin: margin.nullable(),
  /** Against the month before. */
  change: z.strictObject({
    beforeSites: whole.nullable(),
    sites: Trend,
    beforePhones: whole.nullable(),
    phones: Trend,
  }),
});
export type ReleasedCell = z.infer<typeof ReleasedCell>;

/** How much of a query's list the party can see: what is not here is told by its number alone. */
const Coverage = z.strictObject({
  query: z.enum(QUERY_NAMES),
  /** Cells in the party's part of the public list. */
  listed: whole,
  /** From so many sites on a cell is published. */
  from: whole,
  published: whole,
});
export type Coverage = z.infer<typeof Coverage>;

/** An earlier month, as it was released to the party. */
const EarlierMonth = z.strictObject({
  period: Period,
  /** Phones of months with other caps cannot be compared. */
  caps: z.array(whole.min(1)),
  cells: z.array(
    ReleasedCell.pick({
      query: true,
      platform: true,
      category: true,
      vendor: true,
      model: true,
      sites: true,
      sitesMargin: true,
      phones: true,
      phonesMargin: true,
    }),
  ),
});
export type EarlierMonth = z.infer<typeof EarlierMonth>;

/** Who signed, and where the key's fingerprint can be compared. */
const Key = z.strictObject({
  /** The first 16 digits of the fingerprint. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** SHA-256 of the raw public key of 32 bytes. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where the publisher shows the key. */
  publishedAt: z.string().min(1).max(300),
});
export type ManifestKey = z.infer<typeof Key>;

const Release = z.strictObject({
  /** First, so that nobody reads a number before it. */
  notice: z.string().min(1),
  schema: z.literal('rollcall.release/2'),
  ...about,
  profile: z.enum(PROFILES),
  frozenAt: z.iso.datetime(),
  /** The release in one sentence. */
  answer: z.string().min(1),
  largeEnough: z.boolean(),
  method: z.strictObject({
    source: z.string().min(1),
    ...ReleaseParameters.shape,
    policyVersion: whole,
    catalogue: z.string().min(1),
    /** Zero-concentrated differential privacy; null for a release without noise. */
    rho: z.number().positive().nullable(),
    ...budget,
  }),
  coverage: z.array(Coverage),
  cells: z.array(ReleasedCell),
  /** Newest first, eleven at most. */
  earlier: z.array(EarlierMonth).max(11),
});
/** release.json. What is unbounded is a release without noise, and the other way round. */
export const ReleaseDocument = Release.refine(
  ({ profile, method: { rho, epsilon, delta } }) =>
    profile === 'threshold'
      ? rho === null && epsilon === 'unbounded' && delta === null
      : rho !== null && epsilon !== 'unbounded' && delta !== null,
  'profile-and-epsilon-disagree',
);
export type ReleaseDocument = z.infer<typeof ReleaseDocument>;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const digested = <T extends ReleaseFileName>(file: T) =>
  z.strictObject({ name: z.literal(file), bytes: whole, sha256: Digest });

/** manifest.json. Its digests are of published bytes only: one of a snapshot would let guesses be checked. */
export const Manifest = z.strictObject({
  schema: z.literal('rollcall.manifest/2'),
  /** What the signature is: so that nothing has to be put before the bytes that are signed. */
  signature: z.literal('Ed25519 over the bytes of this file, in manifest.sig'),
  ...about,
  policyVersion: whole,
  catalogue: z.string().min(1),
  profile: z.enum(PROFILES),
  parameters: ReleaseParameters,
  ...budget,
  key: Key,
  files: z.tuple([digested('release.json'), digested('release.csv'), digested('summary.html'), digested('verify.mjs')]),
  /** The same digests as `sha256sum -c` reads them. */
  sha256sums: z.array(z.string().regex(/^[0-9a-f]{64} {2}[a-z.]+$/)).length(4),
});
export type Manifest = z.infer<typeof Manifest>;

export type JsonSchema = Record<string, unknown>;

/** The published schema of release.json (JSON Schema 2020-12). */
export function releaseJsonSchema(): JsonSchema {
  return z.toJSONSchema(Release, { target: 'draft-2020-12' }) as JsonSchema;
}
