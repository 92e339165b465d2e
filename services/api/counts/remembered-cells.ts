import type { Period } from '../../../schemas/period.ts';
import type { CellsQuery, CountPage, CountQuery, CountReader } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { HeldScopes } from './held-scopes.ts';
import { Memory } from './memory.ts';
import { isWanted, type MonthCells, monthsOf } from './month-cells.ts';
import { pageOfCells } from './page-of-cells.ts';

/** A year of three thousand models three times over, in some fifty megabytes with their names. */
const MOST_CELLS = 150_000;
/** Rows of pages that text was searched for; files of whole lists are not kept. */
const MOST_ROWS = 20_000;
const MOST_ROWS_OF_A_PAGE = 1_000;
/** Numbers of what is held back, of all scopes of the months that were looked at. */
const MOST_SCOPES = 50_000;
/** Questions that are asked of a new snapshot before it is shown: as many as some people and their pages ask. */
const MOST_PREPARED = 64;

export type MonthsQuery = Omit<CellsQuery, 'filter'>;
/** A scope of which it is asked how many cells are held back. */
export type HeldBackQuery = Pick<CountQuery, 'snapshot' | 'view' | 'filter'>;

/** Counts, and the months that they are made from. */
export interface RememberedCounts extends CountReader {
  /** All shown cells of the view in each of the snapshots, oldest month first. */
  months(query: MonthsQuery): Promise<readonly MonthCells[]>;
  /** How many cells are held back in the scope, as the store's own pages say it. */
  heldBack(query: HeldBackQuery): Promise<number>;
}

export interface PreparedCounts extends RememberedCounts {
  /**
   * Reads of a snapshot that is about to be shown what was last asked of its month, one after the other: nobody who then
   * asks it again waits for the store.
   */
  prepare(snapshot: Snapshot): Promise<void>;
}

/**
 * A snapshot never changes, so each view of it is read once, and pages are made of what was read: who looks at a year asks
 * for the same months again and again. What was asked for longest ago is forgotten. Only what may be shown is kept, never
 * more.
 */
export function rememberingCells(reader: CountReader, most = MOST_CELLS): PreparedCounts {
  const memory = new Memory<MonthCells>(most, ({ cells }) => cells.length + 1);
  const pages = new Memory<CountPage>(MOST_ROWS, ({ rows }) => rows.length + 1);
  const held = new Memory<HeldScopes>(MOST_SCOPES, ({ size }) => size + 1);
  const asked = new LastAsked(MOST_PREPARED);
  const months: RememberedCounts['months'] = ({ snapshots, view, threshold }) => {
    for (const { period } of snapshots)
      asked.note(period, `${view} ${threshold}`, (snapshot) => months({ snapshots: [snapshot], view, threshold }));
    const keyOf = (snapshot: Snapshot) => `${view} ${threshold} ${idOf(snapshot)}`;
    const missing = snapshots.filter((snapshot) => !memory.has(keyOf(snapshot)));
    if (missing.length > 0) {
      const read = readMonths(reader, { snapshots: missing, view, threshold });
      for (const snapshot of missing)
        memory.add(
          keyOf(snapshot),
          read.then((of) => of.find(({ period }) => period === snapshot.period) as MonthCells),
        );
    }
    const inOrder = snapshots.toSorted((a, b) => (a.period < b.period ? -1 : 1));
    return Promise.all(inOrder.map((snapshot) => memory.get(keyOf(snapshot))));
  };
  const heldIn = (snapshot: Snapshot): Promise<HeldScopes> => {
    asked.note(snapshot.period, 'held', heldIn);
    return held.of(idOf(snapshot), async () => new HeldScopes(await reader.heldScopes(snapshot)));
  };
  const heldBack = async ({ snapshot, view, filter }: HeldBackQuery) => (await heldIn(snapshot)).heldBack(view, filter);
  return {
    snapshots: () => reader.snapshots(),
    months,
    heldScopes: (snapshot) => reader.heldScopes(snapshot),
    heldBack,
    async prepare(snapshot) {
      for (const again of asked.of(snapshot.period)) await again(snapshot);
    },
    async counts(query) {
      if (isForTheStore(query)) {
        if (query.limit > MOST_ROWS_OF_A_PAGE) return reader.counts(query);
        return pages.of(pageKey(query), () => reader.counts(query));
      }
      const { snapshot, threshold } = query;
      const cellsOf = async (view: CountQuery['view']) =>
        (await months({ snapshots: [snapshot], view, threshold }))[0]?.cells ?? [];
      return pageOfCells(query, cellsOf, heldBack(query));
    },
    async cells(query) {
      if (isForTheStore(query)) return reader.cells(query);
      return (await months(query)).flatMap(({ cells }) => cells.filter((cell) => isWanted(cell, query.filter)));
    },
  };
}

/** Text is searched by the store's own rules, and one model over some months is a small question. */
export function isForTheStore({ filter }: Pick<CellsQuery, 'filter'>): boolean {
  return filter.q !== undefined || filter.model !== undefined;
}

/** The same, read anew. */
export async function readMonths(reader: CountReader, query: MonthsQuery): Promise<MonthCells[]> {
  const periods = query.snapshots.map(({ period }) => period);
  return monthsOf(query.view, periods, await reader.cells({ ...query, filter: {} }));
}

/** The same, read anew. */
export async function readHeldBack(reader: CountReader, { snapshot, view, filter }: HeldBackQuery): Promise<number> {
  return new HeldScopes(await reader.heldScopes(snapshot)).heldBack(view, filter);
}

/** Numbers begin anew in a store that was emptied or put back; the moment does not come twice. */
const idOf = ({ period, id, takenAt }: Snapshot) => `${period} ${id} ${takenAt}`;

function pageKey({ snapshot, view, filter, threshold, sort, limit, offset }: CountQuery): string {
  const { category, vendor, platform, model, q } = filter;
  const scope = [category, vendor, platform, model, q].map((part) => part ?? null);
  return JSON.stringify([idOf(snapshot), view, scope, threshold, sort.by, sort.descending, limit, offset]);
}

type Again = (snapshot: Snapshot) => Promise<unknown>;

/** The last questions about each month, and how each is asked of another snapshot. */
class LastAsked {
  readonly #most: number;
  readonly #all = new Map<string, { readonly period: Period; readonly again: Again }>();

  constructor(most: number) {
    this.#most = most;
  }

  note(period: Period, question: string, again: Again): void {
    const key = `${period} ${question}`;
    this.#all.delete(key);
    this.#all.set(key, { period, again });
    const [oldest] = this.#all.keys();
    if (this.#all.size > this.#most && oldest !== undefined) this.#all.delete(oldest);
  }

  of(period: Period): Again[] {
    return [...this.#all.values()].filter((one) => one.period === period).map(({ again }) => again);
  }
}
