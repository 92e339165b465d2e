import type { KnownCell } from './known-cell.ts';

/**
 * Lines of one table that are not written yet: each is a cell and some whole numbers. In two arrays, because an object a
 * line with its numbers was a third of what a report cost.
 */
export class LooseLines {
  /** How many numbers a line has. */
  readonly width: number;
  readonly cells: KnownCell[] = [];
  #numbers: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.#numbers = new Float64Array(64 * width);
  }

  get length(): number {
    return this.cells.length;
  }

  /** Line `i` has its numbers from `i * width` on. Another array may take its place when a line is added. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  /** Adds a line, whose numbers are the caller's to set; gives the place of the first. */
  add(cell: KnownCell): number {
    const at = this.cells.push(cell) * this.width - this.width;
    if (at + this.width > this.#numbers.length) this.#grow();
    return at;
  }

  /** Forgets every line from `length` on. */
  cutTo(length: number): void {
    this.#numbers.fill(0, length * this.width, this.cells.length * this.width);
    this.cells.length = length;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#numbers.length);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

/** Facts have key, count and version; slots key, key of the cell, amount, cap and version. */
export const FACT_NUMBERS = 3;
export const SLOT_NUMBERS = 5;
