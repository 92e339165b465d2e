import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Period } from '../../schemas/period.ts';
import type { Agreement } from '../../schemas/release.ts';
import type { FactLog } from '../../services/adapters/fact-log.ts';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { type ClosesDeps, closeDeps, issueDeps } from '../../services/compose/closes.ts';
import { sharedIn } from '../../services/compose/environment.ts';
import { closableFrom, parsePeriod, periodEnd } from '../../services/core/period.ts';
import type { Block } from '../../services/ports/block.ts';
import type { CloseDeps } from '../../services/releases/close/close-deps.ts';
import { type IssueDeps, issueReleases } from '../../services/releases/issue/issue-releases.ts';
import { listedCells } from '../../services/releases/numbers/listed-cells.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { silentLog } from '../../services/shared/log.ts';
import { blockOf, type EmbeddedStore, linesOf, openEmbeddedStore } from './embedded-store.ts';
import type { SaidBySite } from './site-oracle.ts';

export const [SEPTEMBER, OCTOBER] = ['2026-09', '2026-10'].map(parsePeriod) as [Period, Period];
export const THRESHOLD = 10;

/** A store, a log and everything else that a close takes, with a clock that a test moves. */
export interface CloseInstallation {
  readonly embedded: EmbeddedStore;
  readonly log: FactLog;
  readonly clock: SetClock;
  readonly deps: CloseDeps;
  /** Where the log and the signing key are; the store is in `embedded.directory`. */
  readonly directory: string;
  /** Names of the fail points that were passed, in order. */
  readonly passed: string[];
  /** Every `sendDue` that was asked for. */
  readonly sent: number[];
  say(period: Period, words: readonly SaidBySite[]): Promise<void>;
  agree(party: string, vendors: readonly string[], more?: Partial<Agreement>): Promise<void>;
  /** Moves the clock to when the period may be closed. */
  afterGrace(period: Period): void;
  /** Issues as a worker with another view of the store, or one that ends at a point. */
  issueBy(releases: IssueDeps['releases'], period: Period, failPoint?: (name: string) => void): Promise<number>;
  /** The same installation, with some of it replaced. */
  with(more: Partial<CloseDeps>): CloseDeps;
  close(): Promise<void>;
}

export async function openCloseInstallation(): Promise<CloseInstallation> {
  const embedded = await openEmbeddedStore();
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-close-'));
  const log = await openLmdbFactLog({ directory: join(directory, 'log'), maxBytes: 2 ** 30 });
  const clock = new SetClock(periodEnd(SEPTEMBER) - 1);
  const { releases } = embedded;
  const passed: string[] = [];
  const sent: number[] = [];
  const closes: ClosesDeps = {
    ...sharedIn({ config: loadConfig({ ROLLCALL_DATA_DIR: directory }), clock, journal: silentLog }),
    ...embedded.whole,
    log,
    jobs: { enqueue: async () => {} },
    failPoint: (name) => void passed.push(name),
  };
  const deps: CloseDeps = {
    ...closeDeps(closes),
    releases: withNoiseOfTests(releases),
    catalogue: async () => 'test.1',
    listed: async () => LISTED,
    threshold: THRESHOLD,
    sendDue: async () => void sent.push(clock.now()),
  };
  return {
    ...{ embedded, log, clock, deps, directory, passed, sent },
    async say(period, words) {
      await embedded.store.insertFacts([blockOfFleet(period, words)]);
    },
    async agree(party, vendors, more = {}) {
      const agreement = { party, vendors: [...vendors], lineage: true, platforms: [], contact: 'somebody' };
      const delivery = { kind: 'download' as const };
      await releases.putAgreement({ ...agreement, delivery, ...more, at: clock.now(), by: 'test' });
    },
    afterGrace: (period) => clock.moveTo(Math.max(clock.now(), closableFrom(period))),
    issueBy: (others, period, failPoint = closes.failPoint) =>
      issueReleases(period, { ...issueDeps(closes), releases: others, failPoint }),
    with: (more) => ({ ...deps, ...more }),
    async close() {
      await log.close();
      await embedded.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/**
 * The month decides the noise. By METHOD.md one release in twenty shows a name that nobody has, and a margin holds in 95 of a hundred:
 * what the tests say of a release would not be so in each. That noise is drawn as it must be is shown where nothing hangs on one draw.
 */
function withNoiseOfTests(releases: CloseDeps['releases']): CloseDeps['releases'] {
  const keyOf = (period: Period) => createHash('sha256').update(`noise of ${period}`).digest('hex');
  return {
    ...releases,
    ensureNoiseKey: (period, { digest }) => releases.ensureNoiseKey(period, { key: keyOf(period), digest }),
  };
}

/** The public list of these tests: what their sites have, and a name that nobody has. */
const LISTED = listedCells({
  platforms: ['3CX 20', 'FreePBX 17'],
  models: [
    ...['SIP-T46S', 'SIP-T54W', 'SIP-T53', 'SIP-T57W', 'SIP-T99X'].map((model) => ({
      category: 'phone' as const,
      vendor: 'Yealink',
      model,
    })),
    { category: 'phone', vendor: 'Snom', model: 'D785' },
    { category: 'phone', vendor: 'Polycom', model: 'VVX 450' },
    { category: 'cpu', vendor: 'Intel', model: 'Xeon E3-1220' },
  ],
});

type Model = SaidBySite['models'][number];
const phone = (vendor: string, model: string, count: number): Model => ({ category: 'phone', vendor, model, count });

/** 1,400 sites: enough for models to be released. T46S is on all, T54W on half, a Snom on 20 (too few), a CPU on all. */
export function fleet(from = 0, more: readonly Model[] = []): readonly SaidBySite[] {
  const asked = JSON.stringify([from, more]);
  const made = fleets.get(asked) ?? fleetOf(from, more);
  fleets.set(asked, made);
  return made;
}

/** Most tests begin with the same one. */
const fleets = new Map<string, readonly SaidBySite[]>();

function fleetOf(from: number, more: readonly Model[]): readonly SaidBySite[] {
  return Array.from({ length: 1_400 }, (_, i) => ({
    site: from + i,
    sequence: 1,
    platform: i % 3 === 0 ? '3CX 20' : 'FreePBX 17',
    withdraw: false,
    models: [
      phone('Yealink', 'SIP-T46S', 5),
      { category: 'cpu', vendor: 'Intel', model: 'Xeon E3-1220', count: 1 },
      ...(i % 2 === 0 ? [phone('Yealink', 'SIP-T54W', 3)] : []),
      ...(i < 20 ? [phone('Snom', 'D785', 2)] : []),
      ...(i % 4 === 0 ? [phone('Polycom', 'VVX 450', 2)] : []),
      ...more,
    ],
  }));
}

const blocks = new WeakMap<readonly SaidBySite[], Map<Period, Block>>();

/** The same words in the same month are the same block: it is made once. */
function blockOfFleet(period: Period, words: readonly SaidBySite[]): Block {
  const ofWords = blocks.get(words) ?? new Map<Period, Block>();
  blocks.set(words, ofWords);
  const made =
    ofWords.get(period) ??
    blockOf(
      period,
      words.flatMap((word) => linesOf(period, word)),
      words.length,
    );
  ofWords.set(period, made);
  return made;
}

/** Every file of every release, by its place. */
export async function allFiles({ embedded }: CloseInstallation): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { period, party, revision, files: names } of await embedded.releases.releases())
    for (const { name } of names)
      files.set(
        `${period}/${party}/${revision}/${name}`,
        (await embedded.releases.releaseFile(period, party, revision, name)) ?? '',
      );
  return files;
}
