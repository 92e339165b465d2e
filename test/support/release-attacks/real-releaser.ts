import type { Profile } from '../../../schemas/release.ts';
import { FIRST_CAP } from '../../../services/core/caps.ts';
import { addMonths } from '../../../services/core/period.ts';
import { holdUnusual } from '../../../services/releases/numbers/held.ts';
import { listedCells } from '../../../services/releases/numbers/listed-cells.ts';
import { noiseListed } from '../../../services/releases/numbers/noise.ts';
import { publish } from '../../../services/releases/numbers/publish.ts';
import type { Published } from '../../../services/releases/numbers/published.ts';
import type { NoisedPeriod } from '../../../services/releases/numbers/shown.ts';
import type { Seeded } from '../re-join/seeded.ts';
import { type Cube, slotSumsOf } from './cube.ts';
import { ALL_MODELS, PERIOD, PLATFORMS } from './fleet.ts';
import { type Releaser, type Shown, type ShownCell, shown } from './releaser.ts';

const THRESHOLD = 10;
/** No gate of these lists is higher, and noise hardly ever takes a number so far beyond it. */
const SURELY = 100;

/** The public list: every name that these fleets may have, and some that nobody has. */
export const LISTED = listedCells({
  platforms: PLATFORMS,
  models: ALL_MODELS.map((phone) => ({ category: 'phone' as const, ...phone })),
});

/** The product's own way from frozen slots to published numbers, under a fresh noise key each month. */
export function realReleaser(profile: Profile, random: Seeded): Releaser {
  const withNoise = profile === 'noised';
  return {
    threshold: THRESHOLD,
    mostHidden: withNoise ? SURELY : THRESHOLD - 1,
    surelyShown: withNoise ? { sites: SURELY, phones: 0 } : { sites: THRESHOLD, phones: 0 },
    counts: ({ boundedSites, boundedDevices }) => ({ sites: boundedSites, phones: boundedDevices }),
    release: (months) => publishMonths(months, profile, random).map(whatIsSeen),
  };
}

/** More than is ever published: every noised number, of cells that nobody has too, before gates, agreement and rounding. */
export function everythingNoised(random: Seeded): Releaser {
  return {
    ...realReleaser('noised', random),
    threshold: Number.POSITIVE_INFINITY,
    surelyShown: { sites: Number.NEGATIVE_INFINITY, phones: Number.NEGATIVE_INFINITY },
    release: (months) => months.map((cube) => shown(noisedMonth(cube, 0, 'noised', random).cells)),
  };
}

function noisedMonth(cube: Cube, month: number, profile: Profile, random: Seeded): NoisedPeriod {
  const key = { key: hex32(random), digest: hex32(random) };
  const period = addMonths(PERIOD, month);
  const cells = noiseListed({ period, profile, key, cap: FIRST_CAP, listed: LISTED, sums: slotSumsOf(cube) });
  return { profile, cap: FIRST_CAP, threshold: THRESHOLD, cells: cells.map((cell) => ({ ...cell, held: null })) };
}

/** Following months as they are published; whoever reviews lets every held cell pass, which is the attacker's best case. */
export function publishMonths(months: readonly Cube[], profile: Profile, random: Seeded): Published[] {
  const published: Published[] = [];
  let earlier: NoisedPeriod | undefined;
  for (const [month, cube] of months.entries()) {
    const noised = noisedMonth(cube, month, profile, random);
    const cells = holdUnusual({ now: noised, cells: noised.cells, before: earlier, known: () => false });
    const period = { ...noised, cells };
    const last = published.at(-1);
    const before = earlier && last && { period: earlier, published: last };
    published.push(publish({ period, approved: () => true, before }));
    earlier = period;
  }
  return published;
}

export function whatIsSeen({ cells }: Pick<Published, 'cells'>): Shown {
  return shown(cells.map((cell): ShownCell => cell));
}

function hex32(random: Seeded): string {
  return Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
}
