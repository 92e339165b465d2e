import type { CellFilter, CountReader, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';

/** A year of three thousand models three times over, in some twenty megabytes. */
const MOST_CELLS = 150_000;

type Cells = readonly PeriodCell[];

/**
 * The cells of a snapshot never change, so each view of it is read once: pages that show a year ask for the same months
 * again and again. What was asked for longest ago is forgotten. Only what may be shown is kept, never more.
 */
export function rememberingCells(reader: CountReader, most = MOST_CELLS): CountReader {
  const memory = new Memory(most);
  return {
    snapshots: () => reader.snapshots(),
    counts: (query) => reader.counts(query),
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

/** By how many cells it holds; of the newest there is always one. */
class Memory {
  readonly #most: number;
  readonly #known = new Map<string, Promise<Cells>>();
  readonly #sizes = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** What could not be read is asked for again. */
  add(key: string, cells: Promise<Cells>): void {
    this.#known.set(key, cells);
    cells.then(
      ({ length }) => this.#keep(key, length),
      () => this.#known.delete(key),
    );
  }

  get(key: string): Promise<Cells> {
    const cells = this.#known.get(key) ?? Promise.resolve([]);
    this.#known.delete(key);
    this.#known.set(key, cells);
    return cells;
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
