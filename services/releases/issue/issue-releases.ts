import { MAX_BOUNDED } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Transition } from '../../../schemas/release.ts';
import type { ReleaseDocument } from '../../../schemas/release-file.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey, ROUNDING } from '../../core/release-cell.ts';
import type { Vendors } from '../../identify/vendors.ts';
import type { Agreements } from '../../ports/agreements.ts';
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
import { LEAST_SAMPLE } from '../numbers/publish.ts';
import type { Published, PublishedCell } from '../numbers/published.ts';
import { publishedPeriod } from './published-period.ts';

export interface IssueDeps {
  readonly releases: Agreements & CloseProgress & NoisedCubes & Ledger & Decisions & ReleaseStore & DeliveryStore;
  readonly vendors: Vendors;
  readonly signingKey: () => SigningKey;
  readonly clock: Clock;
  /** See CloseDeps.failPoint. */
  readonly failPoint: (name: string) => void;
}

/**
 * Makes what each party with an agreement is to have of a period that was noised: the first release, or an amendment
 * when a reviewer approved cells since. All are cut from the same cube, so that none costs privacy again. What a party
 * has already is not made twice. Resolves to the number of parties.
 */
export async function issueReleases(period: Period, deps: IssueDeps): Promise<number> {
  const { releases } = deps;
  // First: whoever works from older decisions than another takes a place that the other has taken.
  const there = (await releases.releases()).filter((entry) => entry.period === period);
  const frozen = stepsOf(await releases.transitions(), period).get('FROZEN');
  const cost = (await releases.ledger()).find((entry) => entry.period === period);
  const published = await publishedPeriod(period, releases);
  if (!published || !cost || !frozen) throw new Error('a period is released after it was noised');
  const agreements = await releases.agreements();
  for (const agreement of agreements) {
    const slice = sliceFor(agreement, published, deps.vendors);
    const order = { ...orderOf(frozen, cost, slice), period, party: agreement.party, key: deps.signingKey() };
    await issueTo(
      order,
      there.filter(({ party }) => party === agreement.party),
      deps,
    );
  }
  return agreements.length;
}

type Order = Omit<ReleaseOrder, 'revision'>;

/** Everything as it was when the period was frozen: a release that is made again later is the same. */
function orderOf({ detail }: Transition, cost: LedgerEntry, slice: Published): Omit<Order, 'period' | 'party' | 'key'> {
  return {
    ...{ cost, slice },
    frozenAt: Number(detail.takenAt),
    policyVersion: Number(detail.policyVersion),
    catalogue: String(detail.catalogue),
    parameters: {
      threshold: Number(detail.threshold),
      sitesRounding: ROUNDING.sites,
      phonesRounding: ROUNDING.phones,
      mostPhonesOfASite: MAX_BOUNDED,
      leastSample: slice.profile === 'noised' ? LEAST_SAMPLE : 0,
    },
  };
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
