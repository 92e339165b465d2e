import type { CubeRow } from '../../schemas/cube.ts';
import { VIEW_COLUMNS, type View } from '../../schemas/fact.ts';
import { type Period, periodAt } from '../../schemas/period.ts';
import type { CountPage, CountStore, Snapshot } from '../ports/count-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { CountsQuery } from './counts-query.ts';

export interface CountsRow {
  readonly category?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly platform?: string;
  readonly sites: number;
  /** Null in platform views. */
  readonly devices: number | null;
  /** 0 to 1, of `total`; null when the total is not shown. */
  readonly sitesShare: number | null;
  readonly devicesShare: number | null;
}

export interface CountsAnswer {
  readonly period: Period;
  readonly view: View;
  readonly snapshotAt: string | null;
  readonly provisional: boolean;
  readonly threshold: number;
  readonly total: { readonly sites: number | null; readonly devices: number | null };
  readonly suppressed: { readonly cells: number };
  readonly rows: readonly CountsRow[];
  readonly next: number | null;
}

export interface CountsDeps {
  readonly store: CountStore;
  readonly clock: Clock;
  readonly threshold: number;
}

/** One page of counts, of the newest period that was counted unless one is named. Without a snapshot it is empty. */
export async function counts(query: CountsQuery, deps: CountsDeps): Promise<CountsAnswer> {
  const snapshots = await deps.store.snapshots();
  const period = query.period ?? snapshots.at(-1)?.period ?? periodAt(deps.clock.now());
  const snapshot = snapshots.find((candidate) => candidate.period === period);
  if (!snapshot) return emptyAnswer(query, period, deps.threshold);
  const page = await deps.store.counts({
    snapshot,
    view: query.view,
    filter: filterOf(query),
    threshold: deps.threshold,
    sort: { by: query.sort.replace('-', '') as 'sites' | 'devices' | 'name', descending: query.sort.startsWith('-') },
    limit: query.limit,
    offset: query.offset,
  });
  return answerOf(query, snapshot, page, deps.threshold);
}

function filterOf({ category, vendor, platform, q }: CountsQuery): Record<string, string> {
  const given = { category, vendor, platform, q };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function answerOf(query: CountsQuery, snapshot: Snapshot, page: CountPage, threshold: number): CountsAnswer {
  // No device is counted by platform: a platform's devices are nobody's business but the site's.
  const devices = query.platform === undefined ? page.totalDevices : null;
  return {
    period: snapshot.period,
    view: query.view,
    snapshotAt: new Date(snapshot.takenAt).toISOString(),
    provisional: snapshot.provisional,
    threshold,
    total: { sites: page.totalSites, devices },
    suppressed: { cells: page.suppressedCells },
    rows: page.rows.map((row) => rowOf(row, query.view, page.totalSites, devices)),
    next: page.more ? query.offset + query.limit : null,
  };
}

/** The columns of the view only. */
function rowOf(row: CubeRow, view: View, totalSites: number | null, totalDevices: number | null): CountsRow {
  const names = Object.fromEntries(VIEW_COLUMNS[view].map((column) => [column, row[column]]));
  const byPlatform = view === 'platform' || view === 'platform_vendor';
  return {
    ...names,
    sites: row.sites,
    devices: byPlatform ? null : row.devices,
    sitesShare: shareOf(row.sites, totalSites),
    devicesShare: byPlatform ? null : shareOf(row.devices, totalDevices),
  };
}

/** Six decimals. A guarded total may lag behind its part: no share is over 1. */
function shareOf(part: number, total: number | null): number | null {
  return total ? Math.min(1, Math.round((part / total) * 1e6) / 1e6) : null;
}

function emptyAnswer(query: CountsQuery, period: Period, threshold: number): CountsAnswer {
  return {
    period,
    view: query.view,
    snapshotAt: null,
    provisional: true,
    threshold,
    total: { sites: null, devices: null },
    suppressed: { cells: 0 },
    rows: [],
    next: null,
  };
}
