import { MAX_BOUNDED } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { ROUNDING } from '../../../schemas/release.ts';
import type { Vendors } from '../../identify/vendors.ts';
import type { ReleaseStore, StoredAgreement, Transition } from '../../ports/release-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { releaseFiles } from '../files/release-files.ts';
import type { ReleaseOrder } from '../files/release-order.ts';
import type { SigningKey } from '../files/signing-key.ts';
import { sliceFor } from '../files/slice.ts';
import { LEAST_SAMPLE } from '../numbers/publish.ts';
import { publishedPeriod } from './published-period.ts';

export interface IssueDeps {
  readonly releases: ReleaseStore;
  readonly vendors: Vendors;
  readonly signingKey: () => SigningKey;
  readonly policyVersion: number;
  readonly clock: Clock;
}

/**
 * Makes what each party with an agreement is to have of a period that was noised: the first release, or an amendment
 * when a reviewer approved cells since. All are cut from the same cube, so that none costs privacy again. What a party
 * has already is not made twice. Resolves to the number of parties.
 */
export async function issueReleases(period: Period, deps: IssueDeps): Promise<number> {
  const steps = await stepsOf(period, deps);
  const published = await publishedPeriod(period, deps);
  const cost = (await deps.releases.ledger()).find((entry) => entry.period === period);
  const frozen = steps.get('FROZEN');
  if (!published || !cost || !frozen) throw new Error('a period is released after it was noised');
  const agreements = await deps.releases.agreements();
  for (const agreement of agreements)
    await issueTo(agreement, deps, {
      period,
      party: agreement.party,
      frozenAt: Number(frozen.detail.takenAt),
      cost,
      slice: sliceFor(agreement, published, deps.vendors),
      parameters: {
        threshold: Number(frozen.detail.threshold),
        sitesRounding: ROUNDING.sites,
        phonesRounding: ROUNDING.phones,
        mostPhonesOfASite: MAX_BOUNDED,
        leastSample: published.profile === 'noised' ? LEAST_SAMPLE : 0,
      },
      policyVersion: deps.policyVersion,
      catalogue: String(frozen.detail.catalogue),
      key: deps.signingKey(),
    });
  return agreements.length;
}

async function stepsOf(period: Period, { releases }: IssueDeps): Promise<ReadonlyMap<string, Transition>> {
  return new Map((await releases.transitions()).filter((one) => one.period === period).map((one) => [one.step, one]));
}

/** Adds a revision unless the newest one says the same. Of two workers the first adds it. */
async function issueTo(
  { party }: StoredAgreement,
  { releases, clock }: IssueDeps,
  order: Omit<ReleaseOrder, 'revision'>,
): Promise<void> {
  const { period } = order;
  const newest = (await releases.releases())
    .filter((entry) => entry.period === period && entry.party === party)
    .at(-1)?.revision;
  if (newest !== undefined && (await isSame(releases, { ...order, revision: newest }))) return;
  const revision = (newest ?? -1) + 1;
  const files = releaseFiles({ ...order, revision }).map((file) => ({ period, party, revision, ...file }));
  if (!(await releases.addRelease(files))) return;
  await releases.addDelivery({ period, party, revision, event: 'due', at: clock.now(), way: 'release', outcome: '' });
}

async function isSame(releases: ReleaseStore, order: ReleaseOrder): Promise<boolean> {
  const { period, party, revision } = order;
  const document = releaseFiles(order).find(({ name }) => name === 'release.json');
  return document?.content === (await releases.releaseFile(period, party, revision, 'release.json'));
}
