import { createHash } from 'node:crypto';
import { periodNumber } from '../../../core/period.ts';
import type { Snapshot, SnapshotOrder } from '../../../ports/snapshot.ts';
import type { SnapshotTaker } from '../../../ports/snapshot-taker.ts';
import { drawUint32s } from '../../../shared/random.ts';
import { SerialQueue } from '../../../shared/serial-queue.ts';
import { factMonths, monthTable } from '../client/month-tables.ts';
import type { Connections, Parameters, SqlClient } from '../client/sql-client.ts';
import { withCounted } from './counted-table.ts';
import { requireAllFacts, requireNothingSetAside } from './fact-totals.ts';
import { openNames } from './opened-names.ts';
import { newSnapshotId, snapshotBegan } from './snapshot-id.ts';
import * as sql from './snapshot-sql.ts';
import { dropSnapshot, newestSnapshots, type SnapshotRow, storedSnapshots } from './stored-snapshots.ts';

/** A snapshot that was replaced stays readable this long, as long as it is among the last few. */
const KEEP_MS = 10 * 60 * 1000;
const KEEP_SNAPSHOTS = 8;

/** One after another: of two that are asked for in one millisecond the later one counts what came in between, and must be the newer. */
export function snapshotTaker({ write, read }: Connections): SnapshotTaker {
  const turns = new SerialQueue();
  return {
    factPeriods: () => factMonths(read),
    takeSnapshot: (order) => turns.run(() => takeSnapshot(write, order)),
  };
}

async function takeSnapshot(client: SqlClient, order: SnapshotOrder): Promise<Snapshot | null> {
  const period = periodNumber(order.period);
  const basis = await basisOf(client, order);
  const before = await newest(client, period);
  if (before?.state === 'final') return null;
  await requireNothingSetAside(client, order.period);
  if (basis !== null && before?.basis === basis) return null;
  await requireAllFacts(client, order.period);
  if (basis === null) return null;
  await openNames(client, order);
  const stored = await storedSnapshots(client, period);
  const id = Math.max(newSnapshotId(order.takenAt), ...stored.map((one) => one + 1));
  const parameters = {
    facts: monthTable('facts', order.period),
    opened: monthTable('opened', order.period),
    counted: monthTable('counted', order.period),
    period,
    snapshot: id,
    previous: before?.id ?? 0,
    threshold: order.threshold,
    guarded: order.guard === 'guarded' ? 1 : 0,
    ...noiseOf(order),
  };
  const sites = await withCounted(client, order.period, parameters, async () => {
    await client.run(sql.INSERT_CUBE, parameters);
    return writeSuppressed(client, parameters, order);
  });
  const { catalogue, takenAt } = order;
  const snapshot = { period: order.period, id, takenAt, provisional: true, catalogue, sites: sites || null };
  await order.beforeShown?.(snapshot).catch(() => {});
  await client.run(sql.INSERT_SNAPSHOT, {
    period,
    snapshot: id,
    taken_at: order.takenAt,
    state: 'provisional',
    catalogue: order.catalogue,
    threshold: order.threshold,
    basis,
  });
  await dropOldSnapshots(client, period, [...stored, id], order.takenAt);
  return snapshot;
}

/** Of a snapshot that is guarded; its key is made now and is nowhere afterwards. */
function noiseOf({ guard, devices }: SnapshotOrder): Parameters {
  const [a = 0, b = 0, c = 0, d = 0] = drawUint32s(4);
  const told = guard === 'guarded' ? devices : undefined;
  return {
    noise: told?.noise ?? 0,
    least_devices: told?.leastSites ?? 0,
    // 53 bits each: more would not be whole numbers.
    noise_a: (a & 0x1fffff) * 2 ** 32 + b,
    noise_b: (c & 0x1fffff) * 2 ** 32 + d,
  };
}

/** A digest of the facts' state and of the order's parameters; null when the period has no facts. */
async function basisOf(client: SqlClient, order: SnapshotOrder): Promise<string | null> {
  const facts = monthTable('facts', order.period);
  const [row] = await client.rows<{ basis: string }>(sql.FACTS_BASIS, { facts });
  if (!row || row.basis.startsWith('0:')) return null;
  const text = [row.basis, order.threshold, order.guard, order.catalogue].join('|');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function newest(client: SqlClient, period: number): Promise<SnapshotRow | undefined> {
  return (await newestSnapshots(client)).find((row) => row.period === period);
}

/** The held-back cells of the new snapshot; resolves to its number of sites. */
async function writeSuppressed(client: SqlClient, parameters: Parameters, order: SnapshotOrder): Promise<number> {
  const [sites] = await client.rows<{ now: number; was: number }>(sql.SITES_OF_TWO, parameters);
  const refreshed = order.guard === 'exact' || sites?.now !== sites?.was;
  await client.run(refreshed ? sql.INSERT_SUPPRESSED : sql.CARRY_SUPPRESSED, parameters);
  return sites?.now ?? 0;
}

/** Of the ids that are stored, oldest first. Also what a crash left of a snapshot that never became visible. */
async function dropOldSnapshots(
  client: SqlClient,
  period: number,
  stored: readonly number[],
  now: number,
): Promise<void> {
  const older = stored.slice(0, -1);
  for (const [index, snapshot] of older.entries())
    if (older.length - index > KEEP_SNAPSHOTS || now - snapshotBegan(stored[index + 1] as number) > KEEP_MS)
      await dropSnapshot(client, period, snapshot);
}
