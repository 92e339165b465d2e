import { createPublicKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeriodsAnswer } from '../../../schemas/answers/periods.ts';
import type { ReleasesAnswer } from '../../../schemas/answers/releases.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Agreement } from '../../../schemas/release.ts';
import { closableFrom } from '../../core/period.ts';
import type { Verdict } from '../../releases/files/verdict.ts';
import { verifyRelease } from '../../releases/files/verify.ts';
import { pause, type SetClock } from '../../shared/clock.ts';
import type { ApiClient } from '../client.ts';
import { saveRelease } from '../release/save-release.ts';

/** Whom the demo has agreements with: makers, one with older brands of its own, and the maker of a platform. */
const PARTIES: readonly Pick<Agreement, 'party' | 'vendors' | 'platforms'>[] = [
  { party: 'Yealink', vendors: ['Yealink'], platforms: [] },
  { party: 'Poly', vendors: ['Poly'], platforms: [] },
  { party: 'Grandstream', vendors: ['Grandstream'], platforms: [] },
  { party: 'Sangoma', vendors: ['Sangoma'], platforms: ['FreePBX'] },
];

const POLL_MS = 100;
const PATIENCE_MS = 120_000;

export interface DemoRelease {
  readonly period: string;
  readonly party: string;
  readonly directory: string;
  readonly verdict: Verdict;
}

export interface Released {
  /** Where the files are: a directory for each month, and one in it for each party. */
  readonly directory: string;
  readonly releases: readonly DemoRelease[];
}

/** A releaser's work, over HTTP as everybody does it. */
export class Releaser {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Agrees with every party what it is given. */
  async agree(): Promise<void> {
    for (const party of PARTIES) {
      const agreement = { ...party, lineage: true, contact: 'demo', delivery: { kind: 'download' } };
      await this.#client.demand('POST', '/v1/agreements', { body: agreement, twice: true });
    }
  }

  /** In a run of half a year or more one month is released by threshold alone: chosen before it begins. */
  async chooseProfiles(periods: readonly Period[]): Promise<void> {
    const [month, after] = [periods[Math.floor(periods.length / 2) - 1], periods[Math.floor(periods.length / 2)]];
    if (periods.length < 6 || month === undefined || after === undefined) return;
    for (const [profile, since] of [
      ['threshold', month],
      ['noised', after],
    ])
      await this.#client.demand('POST', '/v1/release-profile', { body: { profile, since } });
  }

  /** Closes the period; resolves when its releases are made. */
  async close(period: Period, clock: SetClock): Promise<void> {
    clock.moveTo(Math.max(clock.now(), closableFrom(period)));
    await this.#client.demand('POST', `/v1/periods/${period}/close`, { twice: true });
    for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
      const { periods } = (await (await this.#client.demand('GET', '/v1/periods')).json()) as PeriodsAnswer;
      if (periods.some((one) => one.period === period && one.state === 'released')) return;
      await pause(POLL_MS);
    }
    throw new Error(`${period} was not released in time`);
  }

  /** Writes every release to a directory that stays, and checks each as its party would. */
  async fetchAll(): Promise<Released> {
    const top = mkdtempSync(join(tmpdir(), 'rollcall-releases-'));
    const { releases } = (await (await this.#client.demand('GET', '/v1/releases?limit=1000')).json()) as ReleasesAnswer;
    const fetched: DemoRelease[] = [];
    for (const release of releases.toReversed()) {
      const { period, party } = release;
      const directory = join(top, period, party);
      if ((await saveRelease(release, directory, this.#client)) !== 0)
        throw new Error(`the release of ${period} for ${party} cannot be read`);
      // Beside the releases, where people and verify.mjs look for it.
      for (const place of [top, join(top, period)]) copyFileSync(join(directory, KEY_FILE), join(place, KEY_FILE));
      fetched.push({ period, party, directory, verdict: verified(directory) });
    }
    return { directory: top, releases: fetched };
  }
}

/** Of the files as they lie there, with the key beside them. */
function verified(directory: string): Verdict {
  const files = readdirSync(directory).filter((name) => name !== KEY_FILE);
  const contents = new Map(files.map((name) => [name, readFileSync(join(directory, name))]));
  return verifyRelease(contents, createPublicKey(readFileSync(join(directory, KEY_FILE))));
}

const KEY_FILE = 'public-key.pem';

/** The releases as a table for people. */
export function releasesTable({ directory, releases }: Released): string {
  const newest = releases.at(-1)?.period;
  const shown = releases.filter(({ period }) => period === newest);
  const months = new Set(releases.map(({ period }) => period)).size;
  const rows = shown.map(({ period, party, verdict }) =>
    [
      period.padEnd(9),
      party.padEnd(14),
      ...(verdict.ok
        ? [
            String(verdict.release.sampleSites ?? 'none').padStart(8),
            String(verdict.release.cells).padStart(9),
            String(verdict.release.epsilon).padStart(9),
            '  verified',
          ]
        : ['  NOT VERIFIED']),
    ].join(''),
  );
  return [
    `Releases of the newest of ${months} closed months (noised and signed; the facts behind them are destroyed):`,
    '',
    `${'month'.padEnd(9)}${'for'.padEnd(14)}${'sites'.padStart(8)}${'numbers'.padStart(9)}${'epsilon'.padStart(9)}`,
    ...rows,
    '',
    `The files stay in ${directory}; open a summary.html there, or check one yourself:`,
    `  (cd ${releases.at(-1)?.directory ?? directory} && node verify.mjs)`,
    '',
  ].join('\n');
}
