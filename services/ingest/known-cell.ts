import { hash } from 'node:crypto';
import { type Cell, NAME_PATTERN, type View } from '../../schemas/fact.ts';
import type { Lane } from '../../schemas/slot.ts';
import { Failure } from '../shared/failure.ts';

/** A cell of the facts, or of the slots: no lane has the name of a view. */
export type NamedCell = Omit<Cell, 'view'> & { readonly view: View | Lane };

/** What every fact or slot of a cell needs again: worked out once. */
export interface KnownCell extends NamedCell {
  /** 128 bits of SHA-256 of the cell's names: what keys are made from. */
  readonly id: Uint8Array;
  /** The cell's columns as they stand in a line: `"model","","phone","Yealink","SIP-T46S",`. */
  readonly columns: Uint8Array;
  /** The cells that its facts fall into in the coarser views: see derived-views.ts. Null where there is none. */
  readonly coarser: (KnownCell | null | undefined)[];
  /** What a slot of its model is named by: see slots.ts. Null for what is in no release. */
  slot: KnownCell | null | undefined;
}

export const CELL_ID_BYTES = 16;

/** Cells that are remembered; past this many the memory is emptied. The catalogue has a few thousand. */
const MOST_CELLS = 50_000;

type Level<T> = Map<string, T>;
const known: Level<Level<Level<Level<Level<KnownCell>>>>> = new Map();
let size = 0;

/**
 * Throws `unsafe-name` for a name that would need escaping in a line: identification lets none through. The memory may be
 * emptied between two calls: then a cell is there twice, and whoever asks whether two are the same asks {@link sameCell}.
 */
export function knownCell(cell: NamedCell): KnownCell {
  // Map by map, because joining the names into one key costs more than the five look-ups.
  const last = below(below(below(below(known, cell.view), cell.platform), cell.category), cell.vendor);
  const found = last.get(cell.model);
  if (found) return found;
  const made = make(cell);
  if (++size > MOST_CELLS) {
    known.clear();
    size = 0;
  }
  last.set(cell.model, made);
  return made;
}

export function sameCell(a: KnownCell, b: KnownCell): boolean {
  if (a === b) return true;
  return (
    a.model === b.model &&
    a.vendor === b.vendor &&
    a.category === b.category &&
    a.platform === b.platform &&
    a.view === b.view
  );
}

function below<T>(level: Level<Level<T>>, name: string): Level<T> {
  let next = level.get(name);
  if (!next) level.set(name, (next = new Map()));
  return next;
}

function make({ view, platform, category, vendor, model }: NamedCell): KnownCell {
  const names = [view, platform, category, vendor, model];
  if (!names.every((name) => NAME_PATTERN.test(name))) throw new Failure('unsafe-name');
  return {
    ...{ view, platform, category, vendor, model },
    // NUL is in no name, so no two cells read the same.
    id: hash('sha256', names.join('\0'), 'buffer').subarray(0, CELL_ID_BYTES),
    columns: Buffer.from(names.map((name) => `"${name}",`).join(''), 'latin1'),
    coarser: [],
    slot: undefined,
  };
}
