import type { Period } from '../../../schemas/period.ts';
import type { Category } from '../../../schemas/report.ts';
import { parsePeriod } from '../../../services/core/period.ts';
import type { SiteReport } from '../../../services/ingest/break-apart.ts';
import { Seeded } from './seeded.ts';

export const PERIOD: Period = parsePeriod('2026-11');

const PHONE_VENDORS = [
  'Yealink',
  'Poly',
  'Grandstream',
  'Cisco',
  'Snom',
  'Fanvil',
  'Mitel',
  'Panasonic',
  'Htek',
  'Gigaset',
];
const PLATFORMS = [
  'FreePBX 17',
  'FreePBX 16',
  '3CX 20',
  'Asterisk 20',
  'FusionPBX 5',
  'other',
  'Issabel 5',
  'VitalPBX 4',
];

interface OtherKind {
  readonly category: Category;
  readonly vendors: readonly string[];
  /** Models of each vendor. */
  readonly models: number;
  /** Share of sites that have any. */
  readonly share: number;
  /** Kinds a site has at most. */
  readonly kinds: number;
  /** Devices for each phone of the site; 0 = one of each. */
  readonly perPhone: number;
}

const OTHERS: readonly OtherKind[] = [
  { category: 'dect', vendors: ['Yealink', 'Gigaset', 'Snom'], models: 3, share: 0.3, kinds: 2, perPhone: 0.15 },
  { category: 'headset', vendors: ['Jabra', 'Poly', 'EPOS'], models: 5, share: 0.25, kinds: 3, perPhone: 0.4 },
  {
    category: 'softphone',
    vendors: ['Zoiper', 'Linphone', 'MicroSIP'],
    models: 2,
    share: 0.4,
    kinds: 2,
    perPhone: 0.3,
  },
  { category: 'ata', vendors: ['Grandstream', 'Cisco'], models: 4, share: 0.3, kinds: 1, perPhone: 0 },
  { category: 'gateway', vendors: ['Patton', 'AudioCodes'], models: 3, share: 0.15, kinds: 1, perPhone: 0 },
  { category: 'doorphone', vendors: ['2N', 'Fanvil', 'Akuvox'], models: 4, share: 0.25, kinds: 2, perPhone: 0.02 },
  { category: 'conference', vendors: ['Yealink', 'Poly'], models: 4, share: 0.3, kinds: 2, perPhone: 0.03 },
  { category: 'pci', vendors: ['Digium', 'Sangoma'], models: 5, share: 0.25, kinds: 2, perPhone: 0 },
  { category: 'nic', vendors: ['Intel', 'Realtek', 'Broadcom'], models: 5, share: 1, kinds: 3, perPhone: 0 },
  { category: 'cpu', vendors: ['Intel', 'AMD'], models: 18, share: 1, kinds: 1, perPhone: 0 },
  { category: 'memory', vendors: [''], models: 6, share: 1, kinds: 1, perPhone: 0 },
  { category: 'board', vendors: ['Supermicro', 'Dell', 'ASUS', 'HP'], models: 6, share: 0.7, kinds: 1, perPhone: 0 },
  { category: 'virtual', vendors: [''], models: 4, share: 0.5, kinds: 1, perPhone: 0 },
];

/** Sites of one month: 1 to 12 phone models of mostly one maker, sizes and popularity with a long tail. */
export function knownFleet(sites: number, seed: number): SiteReport[] {
  const random = new Seeded(seed, sites);
  return Array.from({ length: sites }, () => knownSite(random));
}

function knownSite(random: Seeded): SiteReport {
  const phones = Math.min(3_000, Math.max(1, Math.round(random.logNormal(12, 1.4))));
  const models = new Map<string, SiteReport['models'][number]>();
  const add = (category: Category, vendor: string, model: string, count: number): void => {
    models.set(`${category}|${vendor}|${model}`, { view: 'model', category, vendor, model, count: Math.max(1, count) });
  };
  const kinds = Math.min(12, phones, 1 + Math.floor(random.logNormal(1.7, 1)));
  const main = random.zipf(PHONE_VENDORS.length, 1.1);
  for (const count of split(phones, kinds, random)) {
    const vendor = random.unit() < 0.75 ? main : random.zipf(PHONE_VENDORS.length, 1.1);
    add('phone', PHONE_VENDORS[vendor]!, `P-${vendor}${random.zipf(24, 0.7)}0`, count);
  }
  for (const kind of OTHERS) {
    if (random.unit() >= kind.share) continue;
    for (let n = 1 + random.below(kind.kinds); n > 0; n--) {
      const vendor = kind.vendors[random.zipf(kind.vendors.length, 1)]!;
      const count = kind.perPhone === 0 ? 1 : Math.round(phones * kind.perPhone * 2 * random.unit());
      add(kind.category, vendor, `M-${random.zipf(kind.models, 0.8)}`, count);
    }
  }
  return {
    token: Buffer.from(random.token()),
    period: PERIOD,
    sequence: 1 + random.zipf(8, 2),
    platform: PLATFORMS[random.zipf(PLATFORMS.length, 1)]!,
    models: [...models.values()],
    withdraw: false,
  };
}

/** `total` in `parts` heaps of at least one, in random proportions. */
function split(total: number, parts: number, random: Seeded): number[] {
  const heaps: number[] = [];
  for (let left = total; left > 0; ) {
    const rest = parts - heaps.length - 1;
    const heap = rest <= 0 ? left : Math.max(1, Math.min(left - rest, Math.round(left * (0.3 + 0.5 * random.unit()))));
    heaps.push(heap);
    left -= heap;
  }
  return heaps;
}
