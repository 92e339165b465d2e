import * as z from 'zod';
import { Period } from './period.ts';
import { PartyName, PROFILES, QUERY_NAMES } from './release.ts';
import { CATEGORIES } from './report.ts';

/** The files of a release. Whoever holds these five and the publisher's public key can check all of it. */
export const RELEASE_FILES = ['release.json', 'release.csv', 'summary.html', 'manifest.json', 'manifest.sig'] as const;
export type ReleaseFileName = (typeof RELEASE_FILES)[number];

/** The order of the keys in these schemas is the order in the files: a parsed document has it whatever it came from. */
const whole = z.int().min(0);
const name = z.string().regex(/^[A-Za-z0-9 ._+/()!&,-]{0,64}$/, 'not-a-name');

/** What every file of a release says of itself. */
const about = {
  period: Period,
  party: PartyName,
  /** 0 for the first, one more for each amendment. */
  revision: whole,
};

/** How the numbers were made fit for publication. */
const ReleaseParameters = z.strictObject({
  /** No cell of fewer sites is published. */
  threshold: whole,
  /** Published sites and phones are multiples of these. */
  sitesRounding: whole.min(1),
  phonesRounding: whole.min(1),
  /** A site counts with no more phones of a model than this: a number of phones is a lower bound. */
  mostPhonesOfASite: whole.min(1),
  /** No model is published from a smaller sample. */
  leastSample: whole,
});

/** What the release can reveal about one site that took part in the month: a release without noise has no bound. */
const budget = {
  epsilon: z.union([z.number().positive(), z.literal('unbounded')]),
  /** Null when epsilon is unbounded. */
  delta: z.number().positive().max(1).nullable(),
};

const Trend = z.enum(['up', 'down', 'not-significant', 'new']).nullable();

const ReleasedCell = z.strictObject({
  query: z.enum(QUERY_NAMES),
  platform: name,
  category: z.enum(['', ...CATEGORIES]),
  vendor: name,
  model: name,
  sites: whole,
  /** Half the width of a 95 % interval around `sites`, noise and rounding together; so are all margins. */
  sitesMargin: z.number().min(0),
  /** Of the sample, 0 to 1; null without a sample. */
  share: z.number().min(0).nullable(),
  phones: whole.nullable(),
  phonesMargin: z.number().min(0).nullable(),
  /** Against the month before. */
  change: z.strictObject({
    beforeSites: whole.nullable(),
    sites: Trend,
    beforePhones: whole.nullable(),
    phones: Trend,
  }),
});
export type ReleasedCell = z.infer<typeof ReleasedCell>;

const VendorTotal = z.strictObject({
  vendor: name,
  /** Sites with a phone of the vendor; null when that number is not published. */
  sites: whole.nullable(),
  sitesMargin: z.number().min(0).nullable(),
  /** Published phone models of the vendor with a number of phones. */
  models: whole,
  /** The sum over these models; null without any. */
  phones: whole.nullable(),
  phonesMargin: z.number().min(0).nullable(),
});
export type VendorTotal = z.infer<typeof VendorTotal>;

const Release = z.strictObject({
  /** First, so that nobody reads a number before it. */
  notice: z.string().min(1),
  schema: z.literal('rollcall.release/1'),
  ...about,
  profile: z.enum(PROFILES),
  frozenAt: z.iso.datetime(),
  sample: z.strictObject({
    /** Sites that the release rests on: the sum of the published platform cells. */
    sites: whole.nullable(),
    sitesMargin: z.number().min(0).nullable(),
    modelsReleased: z.boolean(),
  }),
  method: z.strictObject({
    source: z.string().min(1),
    ...ReleaseParameters.shape,
    policyVersion: whole,
    catalogue: z.string().min(1),
    /** Zero-concentrated differential privacy; null for a release without noise. */
    rho: z.number().positive().nullable(),
    ...budget,
  }),
  vendors: z.array(VendorTotal),
  cells: z.array(ReleasedCell),
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

const digested = <T extends ReleaseFileName>(file: T) =>
  z.strictObject({ name: z.literal(file), bytes: whole, sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** manifest.json. Its digests are of published bytes only: one of a snapshot would let guesses be checked. */
export const Manifest = z.strictObject({
  schema: z.literal('rollcall.manifest/1'),
  ...about,
  policyVersion: whole,
  catalogue: z.string().min(1),
  profile: z.enum(PROFILES),
  parameters: ReleaseParameters,
  ...budget,
  /** The first 16 digits of the signing key's fingerprint. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  files: z.tuple([digested('release.json'), digested('release.csv'), digested('summary.html')]),
});
export type Manifest = z.infer<typeof Manifest>;
