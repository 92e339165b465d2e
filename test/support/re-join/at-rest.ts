import { type Fact, VIEWS } from '../../../schemas/fact.ts';
import type { Slot } from '../../../schemas/slot.ts';
import { createMonthTable, monthTable } from '../../../services/adapters/clickhouse/client/month-tables.ts';
import type { FactLog } from '../../../services/adapters/fact-log.ts';
import { FIRST_CAP } from '../../../services/core/caps.ts';
import { breakApart, type SiteReport } from '../../../services/ingest/break-apart.ts';
import { Mixer } from '../../../services/ingest/mixer.ts';
import { slotsOf } from '../../../services/ingest/slots.ts';
import type { Block } from '../../../services/ports/block.ts';
import type { EmbeddedStore } from '../embedded-store.ts';
import { partOf } from '../fact-line.ts';
import { PERIOD } from './fleet.ts';

const FACTS = monthTable('facts', PERIOD);

/** A fact as whoever reads the table sees it, with where it lies. */
export interface StoredFact {
  readonly view: string;
  readonly platform: string;
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
  readonly key: number;
  readonly count: number;
  readonly version: number;
  readonly part: string;
  readonly partOffset: number;
  /** Names of the cell in one string. */
  readonly cell: string;
}

/** What the attacker has, and what only the test knows: `site[i]` is the site of `facts[i]`. */
export interface Table {
  readonly facts: readonly StoredFact[];
  readonly site: Int32Array;
}

/** How a sabotaged ingest would alter the facts of one report. */
export type Sabotage = (facts: readonly Fact[], report: number) => readonly Fact[];
export const honest: Sabotage = (facts) => facts;

export interface Delivery {
  readonly sabotage?: Sabotage;
  /** Reports in one block of the log, and in one insert of the store. */
  readonly reportsPerBlock?: number;
  /** How a sabotaged ingest would alter a site's slots. */
  readonly sabotageSlots?: (slots: readonly Slot[], report: SiteReport) => readonly Slot[];
}

/** The blocks that the real mixer would append to the log for these reports. */
export async function mixedBlocks(reports: readonly SiteReport[], delivery: Delivery = {}): Promise<Block[]> {
  const { sabotage = honest, reportsPerBlock = 32, sabotageSlots = (slots) => slots } = delivery;
  const blocks: Block[] = [];
  const log: Pick<FactLog, 'append'> = {
    append: async (block) => {
      blocks.push(block);
    },
  };
  const options = { flushMs: 60_000, maxReports: reportsPerBlock, maxPending: reports.length + 1 };
  const mixer = new Mixer(log as FactLog, options);
  const added = reports.map((report, i) =>
    mixer.add(PERIOD, partOf(sabotage(breakApart(report), i), sabotageSlots(slotsOf(report, FIRST_CAP), report))),
  );
  await mixer.close();
  await Promise.all(added);
  return blocks;
}

/** Inserts each block by itself, as at rest before any merge. */
export async function insertBlocks(store: EmbeddedStore, blocks: readonly Block[]): Promise<void> {
  for (const block of blocks) await store.store.insertFacts([block]);
}

/** Empties the tables of facts and slots, then keeps every insert in a part of its own until {@link merge}. */
export async function emptyUnmerged(store: EmbeddedStore): Promise<void> {
  await store.store.destroyFacts(PERIOD);
  for (const kind of ['facts', 'slots'] as const) await createMonthTable(store.sql, kind, PERIOD);
  for (const table of [FACTS, SLOTS]) await store.sql.run(`SYSTEM STOP MERGES ${table}`);
}

export async function merge(store: EmbeddedStore): Promise<void> {
  for (const table of [FACTS, SLOTS]) await store.sql.run(`SYSTEM START MERGES ${table}`);
  await store.store.mergeFacts(PERIOD);
}

/** The whole table in its physical order. */
export async function readTable(store: EmbeddedStore, truth: Truth): Promise<Table> {
  const rows = await store.sql.rows<Omit<StoredFact, 'part' | 'partOffset' | 'cell'> & { _part: string; _at: number }>(
    `SELECT view, platform, category, vendor, model, key, count, version, _part, _part_offset AS _at
     FROM ${FACTS} ORDER BY _part, _part_offset`,
  );
  return tableOf(
    rows.map(({ _part, _at, ...row }) => ({ ...row, part: _part, partOffset: _at, cell: cellOf(row) })),
    truth,
  );
}

/**
 * The slots of the month beside its facts, once with their own keys and once with their cells': one copy of both tables,
 * as whoever copies the store has it. In two looks, because a slot's two keys are of one site by what a row is.
 */
export async function readFactsAndSlots(store: EmbeddedStore, facts: Truth, slots: Truth): Promise<[Table, Table]> {
  const ofFacts = await readTable(store, facts);
  const rows = await store.sql.rows<SlotRow>(
    `SELECT lane, platform, category, vendor, model, key, cell_key, amount, version, _part, _part_offset AS _at
     FROM ${SLOTS} ORDER BY _part, _part_offset`,
  );
  const look = (keyOf: (row: SlotRow) => number): Table => {
    const ofSlots = rows.flatMap((row): StoredFact[] => {
      const { lane, platform, vendor, model, version, amount: count, _part, _at: partOffset } = row;
      // Under a fact's own names, for that a slot and a fact of one cell are of one site is what both say: it joins nothing.
      const category = lane === 'makers' ? 'phone' : row.category;
      const names = { view: VIEW_OF[lane] ?? 'model', platform, category, vendor, model };
      const key = keyOf(row);
      const fact = { ...names, key, count, version, part: `${OF_SLOTS}${_part}`, partOffset, cell: cellOf(names) };
      return key === 0 ? [] : [fact];
    });
    return tableOf([...ofFacts.facts, ...ofSlots], new Map([...facts, ...slots]));
  };
  return [look(({ key }) => key), look(({ cell_key }) => cell_key)];
}

const SLOTS = monthTable('slots', PERIOD);
/** Begins the parts of slots. */
export const OF_SLOTS = 'slots ';
const VIEW_OF: Readonly<Record<string, string>> = { platforms: 'platform', makers: 'platform_vendor' };

interface SlotRow extends Pick<StoredFact, 'platform' | 'category' | 'vendor' | 'model' | 'key' | 'version'> {
  readonly lane: string;
  readonly cell_key: number;
  readonly amount: number;
  readonly _part: string;
  readonly _at: number;
}

/** The facts of log blocks in their order, each block a part. */
export function readBlocks(blocks: readonly Block[], truth: Truth): Table {
  const facts = blocks.flatMap((block, b) =>
    Buffer.from(block.bytes)
      .toString('latin1')
      .trimEnd()
      .split('\n')
      .filter((line) => isView(JSON.parse(line)[1]))
      .map((line, partOffset): StoredFact => {
        const [, view, platform, category, vendor, model, key, count, version] = JSON.parse(line) as [
          number,
          ...string[],
        ] &
          [number, string, string, string, string, string, number, number, number];
        const row = { view, platform, category, vendor, model, key, count, version };
        return { ...row, part: String(b), partOffset, cell: cellOf(row) };
      }),
  );
  return tableOf(facts, truth);
}

/** The site of each key. */
export type Truth = ReadonlyMap<number, number>;

export function truthOf(fleet: readonly SiteReport[]): Truth {
  return new Map(fleet.flatMap((report, site) => breakApart(report).map((fact) => [fact.key, site] as const)));
}

/** The site of each key of a slot, and of each of its cells. */
export function truthOfSlots(fleet: readonly SiteReport[], cap = FIRST_CAP): Truth {
  return new Map(
    fleet.flatMap((report, site) =>
      slotsOf(report, cap).flatMap(({ key, cellKey }) => [[key, site] as const, [cellKey, site] as const]),
    ),
  );
}

export function tableOf(facts: readonly StoredFact[], truth: Truth): Table {
  const site = Int32Array.from(facts, (fact) => {
    const known = truth.get(fact.key);
    if (known === undefined) throw new Error('a stored key is of no known site');
    return known;
  });
  return { facts, site };
}

function isView(word: string): boolean {
  return (VIEWS as readonly string[]).includes(word);
}

function cellOf(fact: Pick<StoredFact, 'view' | 'platform' | 'category' | 'vendor' | 'model'>): string {
  return `${fact.view}|${fact.platform}|${fact.category}|${fact.vendor}|${fact.model}`;
}
