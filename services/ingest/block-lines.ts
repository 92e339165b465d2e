import type { Period } from '../../schemas/period.ts';
import { FACT_NUMBERS, LooseLines, SLOT_NUMBERS } from './loose-lines.ts';
import { shuffle } from './shuffle.ts';
import { mostBytes, writeLines } from './write-lines.ts';

/** What one report adds to its block. */
export interface Part {
  /** Adds its lines, which nothing says belong together; may throw in the middle. Called once at most. */
  addTo(block: BlockLines): void;
}

/** The lines of one block, while it is made. */
export class BlockLines {
  readonly facts = new LooseLines(FACT_NUMBERS);
  readonly slots = new LooseLines(SLOT_NUMBERS);

  /** All of the part's lines; none of them when it throws: another report's fault is no fault of its block. */
  add(part: Part): void {
    const [facts, slots] = [this.facts.length, this.slots.length];
    try {
      part.addTo(this);
    } catch (thrown) {
      this.facts.cutTo(facts);
      this.slots.cutTo(slots);
      throw thrown;
    }
  }

  get length(): number {
    return this.facts.length + this.slots.length;
  }

  /**
   * All lines, in an order that says nothing about which report a line is of. Facts first, then slots: where one ends and
   * the other begins is seen without looking at every line.
   */
  write(period: Period): Buffer {
    const bytes = Buffer.allocUnsafe(mostBytes(this.facts) + mostBytes(this.slots));
    const slots = writeLines(bytes, 0, this.facts, period, mixed(this.facts.length));
    return bytes.subarray(0, writeLines(bytes, slots, this.slots, period, mixed(this.slots.length)));
  }

  /** For the next block to be made in the same room. */
  clear(): void {
    this.facts.cutTo(0);
    this.slots.cutTo(0);
  }
}

function mixed(length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  shuffle(order);
  return order;
}
