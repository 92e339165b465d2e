import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CubeRow } from '../../schemas/cube.ts';
import { VIEWS } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import type { ClickHouseReleases } from '../../services/adapters/clickhouse/releases/clickhouse-releases.ts';
import { type Store, storeOver } from '../../services/adapters/clickhouse/store.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { isLane } from '../../services/core/lanes.ts';
import { periodNumber } from '../../services/core/period.ts';
import { breakApart } from '../../services/ingest/break-apart.ts';
import { slotsOf } from '../../services/ingest/slots.ts';
import type { Block } from '../../services/ports/block.ts';
import type { CountReader } from '../../services/ports/count-reader.ts';
import type { Snapshot } from '../../services/ports/snapshot.ts';
import type { CountStore } from './count-store.ts';
import { factLine, slotLines } from './fact-line.ts';
import { NOT_COMPILED } from './not-compiled.ts';
import type { SaidBySite } from './site-oracle.ts';

export interface EmbeddedStore {
  readonly whole: Store;
  readonly store: CountStore;
  readonly releases: ClickHouseReleases;
  /** Beside the port: for tests that look at what is stored. */
  readonly sql: SqlClient;
  readonly directory: string;
  close(): Promise<void>;
}

/** A real embedded store in a directory of its own. One in a process at a time. */
export async function openEmbeddedStore(): Promise<EmbeddedStore> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-store-'));
  const clients = await openEmbeddedClients(directory);
  for (const client of [clients.write, clients.read])
    for (const setting of NOT_COMPILED) await client.run(`SET ${setting} = 0`);
  const whole = storeOver(clients);
  await whole.server.migrate();
  return {
    whole,
    store: { ...whole.server, ...whole.counts },
    releases: whole.releases,
    sql: clients.read,
    directory,
    async close() {
      await whole.server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The lines of a report's facts and slots, as ingest writes them. */
export function linesOf(period: Period, word: SaidBySite): string[] {
  const site = {
    token: Buffer.from(`token-of-site-${String(word.site).padStart(12, '0')}`),
    period,
    sequence: word.sequence,
    platform: word.platform,
    models: word.models.map((model) => ({ view: 'model' as const, ...model })),
    withdraw: word.withdraw,
  };
  return [
    ...breakApart(site).map((fact) => factLine(period, fact)),
    ...slotsOf(site, FIRST_CAP).map((slot) => slotLines(period, [slot])),
  ];
}

/** Facts first, then slots, as the mixer lays them. */
export function blockOf(period: Period, lines: readonly string[], reports = 1): Block {
  // By its second column alone: tests of what is refused make blocks of lines that are no JSON.
  const slots = (line: string) => isLane(/^\[[0-9]+,"([a-z_0-9]*)"/.exec(line)?.[1] ?? '');
  const ordered = [...lines.filter((line) => !slots(line)), ...lines.filter(slots)];
  return { period, facts: lines.length, reports, bytes: Buffer.from(ordered.join(''), 'latin1') };
}

/**
 * The same read beside the port, in one query instead of some thirty: for properties of what a snapshot holds, which look
 * at hundreds of them. That the port gives out what is stored is its contract suite's matter.
 */
export async function storedCells({ sql }: EmbeddedStore, { period, id }: Snapshot): Promise<CubeRow[]> {
  return sql.rows<CubeRow>(
    `SELECT view, platform, category, vendor, model, sites, if(view = 'model', devices, 0) AS devices FROM cube
     WHERE period = {period:UInt32} AND snapshot = {id:UInt64} ORDER BY ALL`,
    { period: periodNumber(period), id },
  );
}

/** Every cell of a snapshot that is shown, in all views. Devices are given for the view model only. */
export async function shownCells(store: CountReader, snapshot: Snapshot, threshold = 1): Promise<CubeRow[]> {
  const rows: CubeRow[] = [];
  for (const view of VIEWS) {
    const page = await store.counts({
      snapshot,
      view,
      filter: {},
      threshold,
      sort: { by: 'name', descending: false },
      limit: 10_000,
      offset: 0,
    });
    rows.push(...page.rows.map((row) => (view === 'model' ? row : { ...row, devices: 0 })));
  }
  return rows;
}
