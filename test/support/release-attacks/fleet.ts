import type { Period } from '../../../schemas/period.ts';
import { parsePeriod } from '../../../services/core/period.ts';
import type { SiteReport } from '../../../services/ingest/break-apart.ts';
import type { Seeded } from '../re-join/seeded.ts';

export const PERIOD: Period = parsePeriod('2026-11');

export const PLATFORMS = [
  'FreePBX 17',
  '3CX 20',
  'FreePBX 16',
  'Asterisk 20',
  'FusionPBX 5',
  'Issabel 4',
  'VitalPBX 4',
  'trixbox 2',
];
export const VENDORS = ['Yealink', 'Poly', 'Grandstream', 'Snom', 'Fanvil'];
const MODELS_OF_A_VENDOR = 8;
/** Listed too, and on no site. */
const UNUSED = 4;

/** What a site has, without a token. */
export interface Wares {
  readonly platform: string;
  readonly phones: readonly { readonly vendor: string; readonly model: string; readonly count: number }[];
}

/**
 * Sites of one vendor's phones each. So platforms and vendors, and vendors and models, add up exactly: what is left
 * out of one view can be worked out from another. Real fleets are less kind to an attacker.
 */
export function phoneFleet(sites: number, random: Seeded): SiteReport[] {
  return Array.from({ length: sites }, () => siteWith(oneVendorsPhones(random), random));
}

export function siteWith({ platform, phones }: Wares, random: Seeded): SiteReport {
  const models = phones.map((phone) => ({ view: 'model', category: 'phone', ...phone }) as const);
  return { token: Buffer.from(random.token()), period: PERIOD, sequence: 1, platform, models, withdraw: false };
}

/** A site such as the others are. */
export function oneVendorsPhones(random: Seeded): Wares {
  const vendor = VENDORS[random.zipf(VENDORS.length, 1.1)]!;
  const models = new Set(Array.from({ length: 1 + random.below(3) }, () => someModel(vendor, random)));
  return {
    platform: somePlatform(random),
    phones: [...models].map((model) => ({ vendor, model, count: phonesOfOneModel(random) })),
  };
}

/** A site that fills every slot to its cap, whose taking part shows as much as any may. */
export function largestSite(random: Seeded): Wares {
  // The caps of six slots, all of one maker: its phones, and the fleet's, move by their sum.
  const [vendor] = VENDORS as [string, ...string[]];
  const others = VENDORS.slice(1, 3).map((maker) => ({ vendor: maker, model: modelName(maker, 0), count: 1 }));
  const phones = [24, 12, 6, 3].map((count, rank) => ({ vendor, model: modelName(vendor, rank), count }));
  return { platform: somePlatform(random), phones: [...phones, ...others] };
}

/** A site that puts in its report's place another, with other phones and another platform. */
export function anotherLargeSite(turn: number, random: Seeded): Wares {
  const vendor = VENDORS[turn % VENDORS.length]!;
  const phones = [24, 12, 6, 3, 1, 1].map((count, rank) => ({ vendor, model: modelName(vendor, rank), count }));
  return { platform: somePlatform(random), phones };
}

export function phonesOfOneModel(random: Seeded): number {
  return Math.min(400, Math.max(1, Math.round(random.logNormal(8, 1.2))));
}

function someModel(vendor: string, random: Seeded): string {
  return modelName(vendor, random.zipf(MODELS_OF_A_VENDOR, 2.2));
}

/** Of every vendor, those that nobody has too. */
export const ALL_MODELS = VENDORS.flatMap((vendor) =>
  Array.from({ length: MODELS_OF_A_VENDOR + UNUSED }, (_, rank) => ({ vendor, model: modelName(vendor, rank) })),
);

function modelName(vendor: string, rank: number): string {
  return `${vendor.slice(0, 1)}${rank + 1}00`;
}

/** From half of the sites down to one in forty. */
function somePlatform(random: Seeded): string {
  return PLATFORMS[random.zipf(PLATFORMS.length, 1.4)]!;
}
