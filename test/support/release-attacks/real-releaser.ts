import type { NoisedCell, Profile, QueryName } from '../../../schemas/release.ts';
import { addMonths } from '../../../services/core/period.ts';
import { vendorTotals } from '../../../services/releases/files/vendor-totals.ts';
import { holdJumps } from '../../../services/releases/numbers/held.ts';
import { noiseCube } from '../../../services/releases/numbers/noise.ts';
import { publish } from '../../../services/releases/numbers/publish.ts';
import type { Published } from '../../../services/releases/numbers/published.ts';
import type { Seeded } from '../re-join/seeded.ts';
import type { Cube } from './cube.ts';
import { PERIOD } from './fleet.ts';
import { type Releaser, type Shown, type ShownCell, shown } from './releaser.ts';

const THRESHOLD = 10;
/** What noise adds to the gate of PRIVACY.md section 4, for platforms x vendors: 6 standard deviations of 10. */
const GATE = THRESHOLD + 60;
/** And how far noise takes a number beyond that: hardly ever 4 of them. */
const LUCK = 40;
/** The same for phones: 4 standard deviations of 400, and 4 more. */
const PHONES_GATE = 1_600;
const PHONES_LUCK = 1_600;

/** The product's own way from a frozen cube to published numbers, under a fresh noise key each month. */
export function realReleaser(profile: Profile, random: Seeded): Releaser {
  const withNoise = profile === 'noised';
  return {
    threshold: THRESHOLD,
    mostHidden: withNoise ? GATE + LUCK : THRESHOLD - 1,
    surelyShown: withNoise
      ? { sites: GATE + LUCK, phones: PHONES_GATE + PHONES_LUCK }
      : { sites: THRESHOLD, phones: 0 },
    counts: ({ boundedSites, boundedDevices }) => ({ sites: boundedSites, phones: boundedDevices }),
    release: (months) => publishMonths(months, profile, random).map(whatIsSeen),
  };
}

/** Following months as they are published; whoever reviews lets every held cell pass, which is the attacker's best case. */
export function publishMonths(months: readonly Cube[], profile: Profile, random: Seeded): Published[] {
  const published: Published[] = [];
  let earlier: NoisedCell[] | undefined;
  for (const [month, cube] of months.entries()) {
    const gated = noiseCube({
      period: addMonths(PERIOD, month),
      profile,
      key: { key: hex32(random), digest: hex32(random) },
      threshold: THRESHOLD,
      rows: [...cube.values()],
    });
    earlier = holdJumps(gated, earlier, THRESHOLD);
    published.push(publish(earlier, { profile, approved: () => true, before: published.at(-1) }));
  }
  return published;
}

/** The cells, and as each vendor's phones the sum that its page shows. */
export function whatIsSeen(published: Published): Shown {
  const totals = new Map(vendorTotals(published).map(({ vendor, phones }) => [vendor, phones]));
  return shown(
    published.cells.map((cell): ShownCell => ({ ...cell, phones: phonesSeen(cell, totals.get(cell.vendor) ?? null) })),
  );
}

function phonesSeen({ query, phones }: { query: QueryName; phones: number | null }, ofVendor: number | null) {
  return query === 'phone_vendor' ? ofVendor : phones;
}

function hex32(random: Seeded): string {
  return Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
}
