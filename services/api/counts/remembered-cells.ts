import type { CellFilter, CountPage, CountQuery, CountReader, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';

/** A year of three thousand models three times over, in some twenty megabytes. */
const MOST_CELLS = 150_000;

type Cells = readonly PeriodCell[];

/** Rows of pages that were shown; files of whole lists are not kept. */
const MOST_ROWS = 20_000;
const MOST_ROWS_OF_A_PAGE = 1_000;

/**
 * A snapshot never changes, so each view of it is read once, and each page: who looks at a year asks for the same months
 * again and again. What was asked for longest ago is forgotten. Only what may be shown is kept, never more.
 */
export function rememberingCells(reader: CountReader, most = MOST_CELLS): CountReader {
  const memory = new Memory<Cells>(most, ({ length }) => length);
  const pages = new Memory<CountPage>(MOST_ROWS, ({ rows }) => rows.length + 1);
  return {
    snapshots: () => reader.snapshots(),
    counts(query) {
      if (query.limit > MOST_ROWS_OF_A_PAGE) return reader.counts(query);
      const key = pageKey(query);
      if (!pages.has(key)) pages.add(key, reader.counts(query));
      return pages.get(key);
    },
    async cells(query) {
      // Text is searched by the store's own rules, and one model over some months is a small question.
      if (query.filter.q !== undefined || query.filter.model !== undefined) return reader.cells(query);
      const keyOf = ({ period, id }: Snapshot) => `${query.view} ${query.threshold} ${period} ${id}`;
      const missing = query.snapshots.filter((snapshot) => !memory.has(keyOf(snapshot)));
      if (missing.length > 0) {
        const read = reader.cells({ ...query, snapshots: missing, filter: {} }).then(byPeriod);
        for (const snapshot of missing)
          memory.add(
            keyOf(snapshot),
            read.then((of) => of.get(snapshot.period) ?? []),
          );
      }
      const months = query.snapshots.toSorted((a, b) => (a.period < b.period ? -1 : 1));
      const found = await Promise.all(months.map((snapshot) => memory.get(keyOf(snapshot))));
      return found.flatMap((cells) => cells.filter((cell) => isWanted(cell, query.filter)));
    },
  };
}

function pageKey({ snapshot, view, filter, threshold, sort, limit, offset }: CountQuery): string {
  const { category, vendor, platform, model, q } = filter;
  const cells = [category, vendor, platform, model, q].map((part) => part ?? null);
  return JSON.stringify([
    snapshot.period,
    snapshot.id,
    view,
    cells,
    threshold,
    sort.by,
    sort.descending,
    limit,
    offset,
  ]);
}

/** By how much it holds; the newest is always there. */
class Memory<V> {
  readonly #most: number;
  readonly #sizeOf: (value: V) => number;
  readonly #known = new Map<string, Promise<V>>();
  readonly #sizes = new Map<string, number>();

  constructor(most: number, sizeOf: (value: V) => number) {
    this.#most = most;
    this.#sizeOf = sizeOf;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** What could not be read is asked for again. */
  add(key: string, value: Promise<V>): void {
    this.#known.set(key, value);
    value.then(
      (read) => this.#keep(key, this.#sizeOf(read)),
      () => this.#known.delete(key),
    );
  }

  /** Of what was added and is not forgotten: ask {@link has} in the same breath. */
  get(key: string): Promise<V> {
    const value = this.#known.get(key) as Promise<V>;
    this.#known.delete(key);
    this.#known.set(key, value);
    return value;
  }

  #keep(key: string, size: number): void {
    this.#sizes.set(key, size);
    let kept = [...this.#sizes.values()].reduce((sum, one) => sum + one, 0);
    for (const oldest of this.#known.keys()) {
      if (kept <= this.#most) return;
      if (oldest === key || !this.#sizes.has(oldest)) continue;
      kept -= this.#sizes.get(oldest) ?? 0;
      this.#known.delete(oldest);
      this.#sizes.delete(oldest);
    }
  }
}

function byPeriod(cells: Cells): ReadonlyMap<string, PeriodCell[]> {
  const months = new Map<string, PeriodCell[]>();
  for (const cell of cells) {
    const month = months.get(cell.period);
    if (month) month.push(cell);
    else months.set(cell.period, [cell]);
  }
  return months;
}

function isWanted(cell: PeriodCell, { category, vendor, platform }: CellFilter): boolean {
  return (
    (category === undefined || cell.category === category) &&
    (vendor === undefined || cell.vendor === vendor) &&
    (platform === undefined || cell.platform === platform)
  );
}
