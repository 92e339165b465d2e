import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Slot } from '../../schemas/slot.ts';
import type { Part } from '../../services/ingest/block-lines.ts';
import { knownCell } from '../../services/ingest/known-cell.ts';
import { FACT_NUMBERS, LooseLines, SLOT_NUMBERS } from '../../services/ingest/loose-lines.ts';
import { mostBytes, writeLines } from '../../services/ingest/write-lines.ts';

/** One fact as a line of text. */
export function factLine(period: Period, fact: Fact): string {
  const lines = new LooseLines(FACT_NUMBERS);
  addFact(lines, fact);
  return written(period, lines);
}

/** Slots as text, a line each, in their order. */
export function slotLines(period: Period, slots: readonly Slot[]): string {
  const lines = new LooseLines(SLOT_NUMBERS);
  for (const slot of slots) addSlot(lines, slot);
  return written(period, lines);
}

/** Facts and slots as ingest hands a report's to the mixer. */
export function partOf(facts: readonly Fact[], slots: readonly Slot[] = []): Part {
  return {
    addTo(block) {
      for (const fact of facts) addFact(block.facts, fact);
      for (const slot of slots) addSlot(block.slots, slot);
    },
  };
}

function addFact(lines: LooseLines, fact: Fact): void {
  const at = lines.add(knownCell(fact));
  lines.numbers.set([fact.key, fact.count, fact.version], at);
}

function addSlot(lines: LooseLines, slot: Slot): void {
  const at = lines.add(knownCell({ ...slot, view: slot.lane }));
  lines.numbers.set([slot.key, slot.cellKey, slot.amount, slot.cap, slot.version], at);
}

function written(period: Period, lines: LooseLines): string {
  const bytes = Buffer.alloc(mostBytes(lines));
  return bytes.toString('latin1', 0, writeLines(bytes, 0, lines, period, lines.cells.keys()));
}
