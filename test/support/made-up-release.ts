import { type NoisedCell, type Profile, QUERY_NAMES, type QueryName, type ReleaseCell } from '../../schemas/release.ts';
import { capsOf } from '../../services/core/caps.ts';
import { addMonths, parsePeriod } from '../../services/core/period.ts';
import { Vendors } from '../../services/identify/vendors.ts';
import type { ReleaseOrder } from '../../services/releases/files/release-order.ts';
import { type SigningKey, signingKeyOf } from '../../services/releases/files/signing-key.ts';
import { sliceFor } from '../../services/releases/files/slice.ts';
import { publish } from '../../services/releases/numbers/publish.ts';
import type { Published, PublishedCell } from '../../services/releases/numbers/published.ts';
import type { NoisedPeriod } from '../../services/releases/numbers/shown.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

export const vendors = new Vendors(loadCatalog().vendors);

/** Two keys that were made for these tests; they sign nothing else. */
export const KEY = keyOf('MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f');
export const OTHER_KEY = keyOf('MC4CAQAwBQYDK2VwBCIEICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/');

function keyOf(base64: string): SigningKey {
  return signingKeyOf(`-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`);
}

export const cell = (names: Partial<ReleaseCell> & Pick<ReleaseCell, 'query'>): ReleaseCell => ({
  platform: '',
  category: '',
  vendor: '',
  model: '',
  ...names,
});

const MODELS: readonly (readonly [vendor: string, model: string, sites: number, phones: number])[] = [
  ['Yealink', 'SIP-T46S', 1_873, 14_211],
  ['Yealink', 'SIP-T46U', 1_406, 12_930],
  ['Yealink', 'SIP-T42S', 981, 8_277],
  ['Yealink', 'SIP-T54W', 760, 5_118],
  ['Yealink', 'SIP-T48G', 412, 2_609],
  ['Yealink', 'SIP-T21P E2', 40, 90],
  ['Yealink', 'SIP-T19P', 3, -60],
  ['Polycom', 'VVX 411', 903, 9_870],
  ['Polycom', 'VVX 250', 512, 4_004],
  ['Poly', 'CCX 500', 233, 1_700],
  ['Cisco', 'CP-8841', 640, 7_350],
];
const VENDORS: readonly (readonly [string, number, number])[] = [
  ['Yealink', 3_620, 43_300],
  ['Polycom', 1_210, 13_700],
  ['Poly', 298, 1_750],
  ['Cisco', 702, 7_400],
];
const PLATFORMS: readonly (readonly [string, number])[] = [
  ['FreePBX 16', 2_911],
  ['FreePBX 17', 3_804],
  ['3CX 20', 1_407],
];

/** The cube of a made-up month; `factor` makes another month of it. */
export function noisedCells(factor = 1): NoisedCell[] {
  const noised = (names: ReleaseCell, sites: number, phones: number | null = null): NoisedCell => ({
    ...names,
    sites: Math.round(sites * factor),
    phones: phones && Math.round(phones * factor),
    held: null,
  });
  return [
    noised(cell({ query: 'all' }), 8_123, 66_150),
    noised(cell({ query: 'at_cap' }), 611),
    ...PLATFORMS.map(([platform, sites]) => noised(cell({ query: 'platform', platform }), sites)),
    ...PLATFORMS.flatMap(([platform, sites]) =>
      VENDORS.map(([vendor, share]) =>
        noised(cell({ query: 'platform_vendor', platform, vendor }), Math.round((sites * share) / 8_122) + 40),
      ),
    ),
    ...VENDORS.map(([vendor, sites, phones]) =>
      noised(cell({ query: 'phone_vendor', category: 'phone', vendor }), sites, phones),
    ),
    ...MODELS.map(([vendor, model, sites, phones]) =>
      noised(cell({ query: 'phone_model', category: 'phone', vendor, model }), sites, phones),
    ),
    noised(cell({ query: 'endpoint_model', category: 'dect', vendor: 'Yealink', model: 'W70B' }), 318),
    noised(cell({ query: 'endpoint_model', category: 'conference', vendor: 'Yealink', model: 'CP965' }), 204),
    noised(cell({ query: 'pci_model', category: 'pci', vendor: 'Digium', model: 'TE435' }), 121),
    noised(cell({ query: 'nic_model', category: 'nic', vendor: 'Intel', model: 'I350' }), 2_020),
    noised(cell({ query: 'cpu', category: 'cpu', vendor: 'Intel', model: 'Xeon E-2224' }), 260),
    noised(cell({ query: 'memory', category: 'memory', model: '8 GiB' }), 3_117),
    noised(cell({ query: 'board', category: 'board', vendor: 'Supermicro', model: 'X11SSL-F' }), 143),
  ];
}

export const CAP = 48;

export function madeUpPeriod(profile: Profile = 'noised', cells = noisedCells()): NoisedPeriod {
  return { profile, cap: CAP, threshold: 10, cells };
}

/** What all parties together may see of the made-up month, which had a month before it. */
export function madeUpMonth(profile: Profile = 'noised'): Published {
  const approved = () => false;
  const earlier = madeUpPeriod(
    profile,
    noisedCells(0.97).map((one) => (one.model === 'CCX 500' ? { ...one, sites: 1 } : one)),
  );
  const before = { period: earlier, published: publish({ period: earlier, approved }) };
  return publish({ period: madeUpPeriod(profile), approved, before });
}

/** A release for Yealink, who may also see FreePBX; what the test is about is given. */
export function madeUpOrder(more: Partial<ReleaseOrder> = {}): ReleaseOrder {
  const agreement = {
    party: 'Yealink',
    vendors: ['Yealink'],
    lineage: true,
    platforms: ['FreePBX'],
    contact: 'x',
    delivery: { kind: 'download' as const },
  };
  return {
    period: parsePeriod('2026-11'),
    party: 'Yealink',
    revision: 0,
    frozenAt: Date.parse('2026-12-04T06:00:00Z'),
    cost: { rho: 0.24943, epsilon: 3.54, delta: 1e-6 },
    slice: sliceFor(agreement, madeUpMonth(), vendors),
    earlier: [],
    parameters: { caps: [...capsOf(CAP)], threshold: 10, sitesRounding: 5, phonesRounding: 10, leastFleet: 300 },
    policyVersion: 1,
    catalogue: '2026-11.1',
    key: KEY,
    keyPublishedAt: 'https://rollcall.example.org/v1/signing-key',
    ...more,
  };
}

/** What a release costs that carries no noise. */
export const UNBOUNDED = { rho: null, epsilon: null, delta: null };

/** The made-up month as the threshold profile releases it. */
export function withoutNoise(): ReleaseOrder {
  const order = madeUpOrder();
  const agreement = { vendors: ['Yealink'], lineage: true, platforms: ['FreePBX'], contact: 'x' };
  const slice = sliceFor(
    { ...agreement, party: 'Yealink', delivery: { kind: 'download' } },
    madeUpMonth('threshold'),
    vendors,
  );
  return { ...order, slice, cost: UNBOUNDED, parameters: { ...order.parameters, phonesRounding: 50, leastFleet: 0 } };
}

/** Files as verification takes them. */
export function bytesOf(
  files: readonly { readonly name: string; readonly content: string }[],
): Map<string, Uint8Array> {
  return new Map(files.map(({ name, content }) => [name, Buffer.from(content)]));
}

/** A release of one number, small enough to try every byte of. */
export function smallOrder(more: Partial<ReleaseOrder> = {}): ReleaseOrder {
  const names = cell({ query: 'phone_model', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' });
  const change = { beforeSites: 1_200, sites: 'not-significant', beforePhones: 8_000, phones: null } as const;
  const numbers = { sites: 1_210, sitesMargin: 17, share: 0.5, phones: 9_500, phonesMargin: 440, change };
  const slice = {
    profile: 'noised',
    cap: CAP,
    largeEnough: true,
    coverage: [],
    cells: [{ ...names, ...numbers }],
  } as const;
  return madeUpOrder({ slice, ...more });
}

/** As long as a release gets on its page: every table with more rows than are shown, long names, twelve months, an amendment. */
export function longOrder(): ReleaseOrder {
  const order = madeUpOrder();
  const phoneQueries: readonly QueryName[] = ['phone_vendor', 'phone_model'];
  const queries = QUERY_NAMES.filter((query) => query !== 'all' && query !== 'at_cap');
  const cells = queries.flatMap((query) =>
    Array.from({ length: 30 }, (_, i): PublishedCell => {
      const withPhones = phoneQueries.includes(query);
      const vendor = query === 'platform' || query === 'memory' ? '' : `Grandstream Networks ${i}`;
      const ofPlatform = query === 'platform' || query === 'platform_vendor';
      return {
        ...cell({ query, vendor, platform: ofPlatform ? `FreePBX Distro ${i}` : '' }),
        model: ofPlatform || query === 'phone_vendor' ? '' : `Expansion Module GXP-${2_100 + i}`,
        ...{ sites: 12_345 - 100 * i, sitesMargin: 29, share: 0.123 },
        ...{ phones: withPhones ? 1_234_560 - i : null, phonesMargin: withPhones ? 12_340 : null },
        change: {
          ...{ beforeSites: 12_300 - 100 * i, sites: i % 2 ? 'up' : 'not-significant' },
          ...{ beforePhones: withPhones ? 1_234_000 : null, phones: withPhones ? 'not-significant' : null },
        },
      };
    }),
  );
  const coverage = queries.map((query) => ({ query, listed: 1_771, published: 30, from: 53 }));
  const [all, atCap] = order.slice.cells.filter(({ query }) => query === 'all' || query === 'at_cap');
  const slice = { ...order.slice, cells: [all as PublishedCell, atCap as PublishedCell, ...cells], coverage };
  const earlier = Array.from({ length: 11 }, (_, i) => ({
    period: addMonths(order.period, -1 - i),
    caps: [...capsOf(CAP)],
    cells: slice.cells.map(({ share: _, change: __, ...rest }) => rest),
  }));
  return { ...order, revision: 1, slice, earlier };
}
