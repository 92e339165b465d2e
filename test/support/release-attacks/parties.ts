import type { Agreement } from '../../../schemas/release.ts';
import type { Vendors } from '../../../services/identify/vendors.ts';
import type { Slice } from '../../../services/releases/files/release-order.ts';
import { sliceFor } from '../../../services/releases/files/slice.ts';
import type { Seeded } from '../re-join/seeded.ts';
import type { Cube } from './cube.ts';
import { PLATFORMS, VENDORS } from './fleet.ts';
import { publishMonths, realReleaser, whatIsSeen } from './real-releaser.ts';
import type { Releaser } from './releaser.ts';

/** Gives every party noise of its own: whoever lays enough releases side by side averages it away. */
export function freshNoiseForEachParty(parties: number, random: Seeded): Releaser {
  const one = realReleaser('noised', random);
  return {
    ...one,
    release: ([cube]) => Array.from({ length: parties }, () => one.release([cube!])[0]!),
  };
}

/** The product: every party is given its slice of the one published cube. */
export function oneCubeForAllParties(parties: number, vendors: Vendors, random: Seeded): Releaser {
  return {
    ...realReleaser('noised', random),
    release: ([cube]) => slicesOf(cube!, parties, vendors, random).map(whatIsSeen),
  };
}

/** Slices of parties whose agreements overlap as chance has it. */
export function slicesOf(cube: Cube, parties: number, vendors: Vendors, random: Seeded): Slice[] {
  const [published] = publishMonths([cube], 'noised', random);
  return Array.from({ length: parties }, (_, i) => sliceFor(someAgreement(`Party ${i}`, random), published!, vendors));
}

function someAgreement(party: string, random: Seeded): Agreement {
  const some = (names: readonly string[]) => names.filter(() => random.below(3) === 0);
  return {
    party,
    vendors: some(VENDORS),
    lineage: true,
    platforms: some(PLATFORMS),
    contact: 'nobody',
    delivery: { kind: 'download' },
  };
}
