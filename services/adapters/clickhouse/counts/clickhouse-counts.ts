import type { ArrivalStore } from '../../../ports/arrivals.ts';
import type { ClosingCounts } from '../../../ports/closing-counts.ts';
import type { CountReader } from '../../../ports/count-reader.ts';
import type { FactKeys } from '../../../ports/fact-keys.ts';
import type { FactLoss } from '../../../ports/fact-loss.ts';
import type { FactMerger } from '../../../ports/fact-merger.ts';
import type { FactTable } from '../../../ports/fact-table.ts';
import type { SnapshotTaker } from '../../../ports/snapshot-taker.ts';
import type { Connections } from '../client/sql-client.ts';
import { arrivalStore } from './arrivals.ts';
import { closingCounts } from './closing-counts.ts';
import { countReader } from './count-reader.ts';
import { factMerger } from './fact-merger.ts';
import { factTable } from './fact-table.ts';
import { factLoss } from './fact-totals.ts';
import { snapshotTaker } from './snapshots.ts';

/** Facts and cubes, whole: for whoever hands out one port of it at a time. */
export type ClickHouseCounts = FactTable &
  FactKeys &
  FactLoss &
  FactMerger &
  SnapshotTaker &
  CountReader &
  ArrivalStore &
  ClosingCounts;

/** The same SQL for the engine in the process and for a server. */
export function clickhouseCounts(connections: Connections): ClickHouseCounts {
  return {
    ...factTable(connections),
    ...factLoss(connections),
    ...factMerger(connections),
    ...snapshotTaker(connections),
    ...countReader(connections),
    ...arrivalStore(connections),
    ...closingCounts(connections),
  };
}
