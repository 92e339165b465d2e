import { createHash } from 'node:crypto';
import { releaseFiles } from '../../../services/releases/files/release-files.ts';
import { KEY, madeUpOrder, withoutNoise } from '../../support/made-up-release.ts';
import { AT, type Query } from './made-up-answers.ts';
import { FINAL, MONTHS, OPEN, SITES } from './made-up-fleet.ts';

/** What is beside the counts: releases, keys, names and the audit. Releases are real ones, signed by the tests' key. */
export const SIGNED = releaseFiles(madeUpOrder());
export const WITHOUT_NOISE = releaseFiles(withoutNoise());
/** One month was released by threshold alone. */
const UNBOUNDED_MONTH = 4;
const PARTIES = ['Poly', 'Yealink'];

export const signingKey = () => ({ keyId: KEY.keyId, pem: KEY.publicPem });

export function fileOf(period: string | undefined, name: string | undefined): string | undefined {
  const files = period === MONTHS[UNBOUNDED_MONTH] ? WITHOUT_NOISE : SIGNED;
  return files.find((file) => file.name === name)?.content;
}

export function releases({ party }: Query, manufacturer: string | null) {
  const only = manufacturer ?? party;
  return {
    releases: MONTHS.slice(0, OPEN)
      .reverse()
      .flatMap((period) =>
        PARTIES.filter((one) => only === undefined || one === only).map((one) => ({
          period,
          party: one,
          revision: 0,
          profile: period === MONTHS[UNBOUNDED_MONTH] ? 'threshold' : 'noised',
          at: AT,
          cells: 12,
          sample: { sites: 1_385, sitesMargin: 65 },
          fetchedAt: one === 'Yealink' && period === MONTHS[FINAL] ? AT : null,
          files: SIGNED.map(({ name, content }) => ({ name, bytes: Buffer.byteLength(content) })),
        })),
      ),
    next: null,
  };
}

export function periods(stopped: boolean) {
  return {
    periods: MONTHS.map((period, i) => {
      const failed = stopped && i === FINAL;
      return {
        period,
        state: i === OPEN ? 'open' : failed ? 'closing' : 'released',
        sites: SITES[i],
        snapshotAt: AT,
        step: i === OPEN ? null : failed ? 'FROZEN' : 'RELEASED',
        failure: failed ? 'no-facts' : null,
      };
    }).reverse(),
  };
}

export function ledger() {
  const bound = { rho: 0.25, epsilon: 3.51, delta: 1.1e-6 };
  const none = { rho: null, epsilon: null, delta: null };
  return {
    entries: MONTHS.slice(0, OPEN).map((period, i) => ({
      period,
      at: AT,
      profile: i === UNBOUNDED_MONTH ? 'threshold' : 'noised',
      ...(i === UNBOUNDED_MONTH ? none : bound),
      releases: [],
    })),
    lastYear: none,
  };
}

export const held = () => ({
  period: MONTHS[FINAL],
  deadline: '2026-12-10T23:00:00.000Z',
  first: false,
  cells: [
    {
      period: MONTHS[FINAL],
      deadline: '2026-12-10T23:00:00.000Z',
      cell: { query: 'phone_model', platform: '', category: 'phone', vendor: 'Fanvil', model: 'X5U' },
      now: { sites: 255, phones: null },
      earlier: { sites: 85, phones: null },
      margin: { sites: 19, phones: null },
      limit: { sites: 45, phones: null },
      why: 'growth',
      decision: null,
    },
  ],
});

export const agreements = () => ({
  agreements: PARTIES.map((party) => ({
    party,
    vendors: [party],
    lineage: true,
    platforms: [],
    contact: 'Grace Hopper',
    delivery: { kind: 'download' },
    at: AT,
    by: 'k3v7q2ma',
  })),
});

export const profiles = () => ({
  choices: [{ since: MONTHS[UNBOUNDED_MONTH], profile: 'threshold', at: AT, by: 'admin' }],
});

export const keys = () => ({
  keys: (['reader', 'curator', 'releaser'] as const).map((scope, i) => ({
    id: `k3v7q2m${'abc'[i]}`,
    owner: `somebody ${i}`,
    scopes: [scope],
    state: i === 2 ? 'revoked' : 'live',
    createdAt: AT,
    createdBy: 'admin',
    expiresAt: null,
    revokedAt: i === 2 ? AT : null,
    lastUsedDay: i === 0 ? '2026-11-25' : null,
  })),
});

export const unlisted = () => ({
  period: MONTHS[OPEN],
  snapshotAt: AT,
  threshold: 20,
  rows: [
    { category: 'phone', vendor: 'Yealink', model: 'Desk Set T99', sites: 42, mappedTo: null },
    { category: 'phone', vendor: '', model: 'Acme Phone 3', sites: 27, mappedTo: null },
  ],
  next: null,
});

export const mappings = () => ({
  catalogue: '2026-11.1',
  mappings: [
    {
      id: 1,
      from: { category: 'ata', vendor: 'Grandstrm', model: 'HT812x' },
      to: { category: 'ata', vendor: 'Grandstream', model: 'HT812' },
      since: MONTHS[OPEN],
      addedAt: Date.parse(AT),
      addedBy: 'k3v7q2ma',
    },
  ],
  next: null,
});

/** A chain as it is worked out where it is written. */
export function audit() {
  let previous = '0'.repeat(64);
  const entries = Array.from({ length: 5 }, (_, i) => {
    const entry = {
      action: 'session.opened',
      actor: 'k3v7q2ma',
      at: Date.parse(AT) + i,
      nonce: `n${i}`,
      object: '',
      seq: i + 1,
    };
    const hash = createHash('sha256')
      .update(`${previous}\n${JSON.stringify(entry)}`)
      .digest('hex');
    const written = { ...entry, at: new Date(entry.at).toISOString(), previous, hash };
    previous = hash;
    return written;
  });
  return { entries: entries.reverse(), next: null };
}

export const PINS = [
  { id: 'a'.repeat(16), address: '/explore?by=devices&view=vendor', pinnedAt: AT },
  { id: 'b'.repeat(16), address: '/models/phone/Yealink/SIP-T46U?period=2026-10', pinnedAt: AT },
];
