import type { Period } from '../../../schemas/period.ts';
import type { Transition } from '../../../schemas/release.ts';
import type { EarlierMonth, ReleaseDocument } from '../../../schemas/release-file.ts';
import { capsOf } from '../../core/caps.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { Vendors } from '../../identify/vendors.ts';
import type { Agreements, StoredAgreement } from '../../ports/agreements.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Decisions } from '../../ports/decisions.ts';
import type { DeliveryStore } from '../../ports/deliveries.ts';
import type { Ledger, LedgerEntry } from '../../ports/ledger.ts';
import type { NoisedCubes } from '../../ports/noised-cubes.ts';
import type { ReleaseEntry, ReleaseStore } from '../../ports/releases.ts';
import type { Clock } from '../../shared/clock.ts';
import { releaseFiles } from '../files/release-files.ts';
import type { ReleaseOrder } from '../files/release-order.ts';
import type { SigningKey } from '../files/signing-key.ts';
import { sliceFor } from '../files/slice.ts';
import { LEAST_FLEET } from '../numbers/publish.ts';
import type { PublishedCell } from '../numbers/published.ts';
import { roundingIn } from '../numbers/rounding.ts';
import { type PublishedPeriod, publishedPeriods } from './published-period.ts';

export interface IssueDeps {
  readonly releases: Agreements & CloseProgress & NoisedCubes & Ledger & Decisions & ReleaseStore & DeliveryStore;
  readonly vendors: Vendors;
  /** The key that releases of the period are signed with. */
  readonly signingKey: (period: Period) => SigningKey;
  /** Where its fingerprint can be compared. */
  readonly keyPublishedAt: string;
  readonly clock: Clock;
  /** See CloseDeps.failPoint. */
  readonly failPoint: (name: string) => void;
}

/** Months that a release shows beside its own. */
const EARLIER_MONTHS = 11;

/**
 * Makes what each party with an agreement is to have of a period that was noised: the first release, or an amendment
 * when a reviewer approved cells since. All are cut from the same cube, so that none costs privacy again. What a party
 * has already is not made twice. Resolves to the number of parties.
 */
export async function issueReleases(period: Period, deps: IssueDeps): Promise<number> {
  const { releases } = deps;
  // First: whoever works from older decisions than another takes a place that the other has taken.
  const there = (await releases.releases()).filter((entry) => entry.period === period);
  const steps = stepsOf(await releases.transitions(), period);
  const frozen = steps.get('FROZEN');
  const cost = (await releases.ledger()).find((entry) => entry.period === period);
  if (!steps.has('NOISED') || !cost || !frozen) throw new Error('a period is released after it was noised');
  const months = await publishedPeriods(period, releases);
  const agreements = await releases.agreements();
  const current = months.find((one) => one.period === period);
  // Noised by a method of before: what was given then stands, and nothing more can be cut from it.
  if (!current) return agreements.length;
  const earlier = months
    .filter((one) => one.period < period)
    .toReversed()
    .slice(0, EARLIER_MONTHS);
  for (const agreement of agreements)
    await issueTo(
      orderFor(agreement, { frozen, cost, current, earlier }, deps),
      there.filter(({ party }) => party === agreement.party),
      deps,
    );
  return agreements.length;
}

type Order = Omit<ReleaseOrder, 'revision'>;

interface Made {
  readonly frozen: Transition;
  readonly cost: LedgerEntry;
  readonly current: PublishedPeriod;
  /** Newest first. */
  readonly earlier: readonly PublishedPeriod[];
}

/** Everything as it was when the period was frozen: a release that is made again later is the same. */
function orderFor(
  agreement: StoredAgreement,
  { frozen, cost, current, earlier }: Made,
  { vendors, signingKey, keyPublishedAt }: IssueDeps,
): Order {
  const { detail, period } = frozen;
  const slice = sliceFor(agreement, current.published, vendors);
  const rounding = roundingIn(slice.profile);
  return {
    ...{ period, party: agreement.party, cost, slice, keyPublishedAt },
    earlier: earlier.map((one) => earlierMonth(one, agreement, vendors)),
    key: signingKey(period),
    frozenAt: Number(detail.takenAt),
    policyVersion: Number(detail.policyVersion),
    catalogue: String(detail.catalogue),
    parameters: {
      caps: [...capsOf(slice.cap)],
      threshold: Number(detail.threshold),
      sitesRounding: rounding.sites,
      phonesRounding: rounding.phones,
      leastFleet: slice.profile === 'noised' ? LEAST_FLEET : 0,
    },
  };
}

/** What the party may see of a month before: those of its cells that are released. */
function earlierMonth(
  { period, published }: PublishedPeriod,
  agreement: StoredAgreement,
  vendors: Vendors,
): EarlierMonth {
  const { cells, cap } = sliceFor(agreement, published, vendors);
  return { period, caps: [...capsOf(cap)], cells: cells.map(({ share: _, change: __, ...cell }) => cell) };
}

/** Adds a revision unless the newest one has the same numbers, and sees to it that it is due. Of two workers the first adds it. */
async function issueTo(order: Order, there: readonly ReleaseEntry[], deps: IssueDeps): Promise<void> {
  const newest = there.at(-1)?.revision;
  const revision = newest === undefined || !(await isSame(order, newest, deps)) ? (newest ?? -1) + 1 : newest;
  const { period, party } = order;
  if (revision !== newest)
    await deps.releases.addRelease(
      releaseFiles({ ...order, revision }).map((file) => ({ period, party, revision, ...file })),
    );
  deps.failPoint('RELEASED:added');
  const records = await deps.releases.deliveries();
  if (records.some((one) => one.period === period && one.party === party && one.revision === revision)) return;
  const at = deps.clock.now();
  await deps.releases.addDelivery({ period, party, revision, event: 'due', at, way: 'release', outcome: '' });
}

/** By the cells and their numbers: how they moved since the month before is told as it was known at first. */
async function isSame({ period, party, slice }: Order, revision: number, { releases }: IssueDeps): Promise<boolean> {
  const text = await releases.releaseFile(period, party, revision, 'release.json');
  const { cells } = JSON.parse(text ?? '{"cells":[]}') as Pick<ReleaseDocument, 'cells'>;
  return numbersOf(cells) === numbersOf(slice.cells);
}

function numbersOf(cells: readonly PublishedCell[]): string {
  return cells.map((cell) => `${cellKey(cell)} ${cell.sites} ${cell.phones}`).join('\n');
}
