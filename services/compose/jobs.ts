import { DEVICES_FROM_SITES } from '../../schemas/cube.ts';
import type { Period } from '../../schemas/period.ts';
import { DailyArrivals } from '../aggregator/daily-arrivals.ts';
import { mergeAll } from '../aggregator/merger.ts';
import { COMPACT_JOB, SNAPSHOT_JOB, takeSnapshots } from '../aggregator/snapshot-job.ts';
import { ARRIVAL_NOISE } from '../core/arrivals.ts';
import { catalogueVersion } from '../core/mapping.ts';
import type { ArrivalStore } from '../ports/arrivals.ts';
import type { CloseProgress } from '../ports/close-progress.ts';
import type { CountReader } from '../ports/count-reader.ts';
import type { FactMerger } from '../ports/fact-merger.ts';
import type { JobWorker } from '../ports/job-worker.ts';
import type { Mappings } from '../ports/mappings.ts';
import type { Resource } from '../ports/resource.ts';
import type { Snapshot } from '../ports/snapshot.ts';
import type { SnapshotTaker } from '../ports/snapshot-taker.ts';
import { CLOSE_DUE_JOB, scheduleCloses } from '../releases/close/close-jobs.ts';
import { hasReached } from '../releases/close/progress.ts';
import { discreteGaussian } from '../releases/numbers/discrete-gaussian.ts';
import { noiseStream } from '../releases/numbers/noise-stream.ts';
import { drawBytes } from '../shared/random.ts';
import { type ClosesDeps, handleReleases, openerBy } from './closes.ts';
import type { Environment, Shared } from './environment.ts';
import { ObservedJobs } from './observed-jobs.ts';
import type { Served } from './role.ts';

/** Besides the aggregators, who merge what they insert at once: for what one that ended has left. */
const COMPACT_EVERY_MS = 10 * 60 * 1_000;
const RETRIES = { attempts: 3, backoffMs: 1_000 } as const;

export interface SnapshotsDeps extends Environment, Pick<Shared, 'catalog' | 'monthKeys' | 'beforeShown'> {
  readonly counts: SnapshotTaker & ArrivalStore & Pick<CountReader, 'snapshots'>;
  readonly mappings: Mappings;
  readonly releases: CloseProgress;
}

/** Counts every period that takes reports, or whose close has not begun. */
export function snapshots({ config, clock, journal, catalog, ...stores }: SnapshotsDeps): () => Promise<void> {
  const { counts, mappings, releases } = stores;
  const { threshold, provisional: guard } = config;
  const isClosing = (period: Period) => hasReached('CLOSING', period, { releases });
  const catalogue = async () => catalogueVersion(catalog.version, await mappings.mappings());
  const devices = { leastSites: DEVICES_FROM_SITES, noise: config.mostDevices };
  const openerOf = openerBy(stores.monthKeys);
  const arrivals = new DailyArrivals({ store: counts, clock, noise: arrivalNoise });
  const counting = {
    store: counts,
    clock,
    threshold,
    guard,
    devices,
    openerOf,
    catalogue,
    isClosing,
    arrivals,
    journal,
    beforeShown: (snapshot: Snapshot) => stores.beforeShown.all(snapshot),
  };
  return () => takeSnapshots(counting);
}

/** Drawn anew each time, from a key that nobody keeps. */
function arrivalNoise(): number {
  const source = noiseStream(drawBytes(32).toString('hex'), 'arrivals');
  return Number(discreteGaussian(BigInt(ARRIVAL_NOISE ** 2), source));
}

export type JobsRoleDeps = SnapshotsDeps &
  ClosesDeps & {
    readonly counts: FactMerger;
    readonly jobs: JobWorker & Pick<Resource, 'check'>;
    readonly takesReports: boolean;
  };

/**
 * Jobs without which numbers are wrong. A close that waits for somebody keeps nobody from reporting: where this process
 * takes reports too, it is told by the journal, the metrics and the month's own row.
 */
const COUNTING = [SNAPSHOT_JOB, COMPACT_JOB] as const;

/** Has every job done by this process, on schedule and on demand. */
export function runJobs(deps: JobsRoleDeps): Served {
  const { jobs, counts, config, releases } = deps;
  const isClosing = (period: Period) => hasReached('CLOSING', period, { releases });
  const observed = new ObservedJobs(deps.registry, deps.journal);
  const { handle } = observed.over(jobs);
  handle(SNAPSHOT_JOB, snapshots(deps), RETRIES);
  handle(COMPACT_JOB, () => mergeAll({ store: counts, isClosing }), RETRIES);
  handleReleases(deps, { handle });
  return {
    async run() {
      await jobs.schedule(SNAPSHOT_JOB, config.snapshotSeconds * 1_000);
      await jobs.schedule(COMPACT_JOB, COMPACT_EVERY_MS);
      await scheduleCloses(jobs);
      await jobs.start();
    },
    checks: [
      {
        name: 'jobs',
        async check() {
          await jobs.check();
          observed.check(deps.takesReports ? COUNTING : [...COUNTING, CLOSE_DUE_JOB]);
        },
      },
    ],
  };
}
