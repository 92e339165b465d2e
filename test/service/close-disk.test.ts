import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMonthTable, monthTable } from '../../services/adapters/clickhouse/client/month-tables.ts';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { closingCounts } from '../../services/adapters/clickhouse/counts/closing-counts.ts';
import { storeOver } from '../../services/adapters/clickhouse/store.ts';
import { mergeAll } from '../../services/aggregator/merger.ts';
import { factsOnDisk } from '../../services/cli/demo/facts-on-disk.ts';
import { periodNumber } from '../../services/core/period.ts';
import { closeDue } from '../../services/releases/close/close-due.ts';
import { closePeriod } from '../../services/releases/close/close-period.ts';
import { startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { type CloseInstallation, fleet, openCloseInstallation, SEPTEMBER } from '../support/close-installation.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import { factKeys, monthTablesIn } from '../support/month-tables.ts';
import { textsInFiles } from '../support/scan-files.ts';

/** On one site: no cube may have it. */
const CANARY = 'Kanarienvogel Q7';
const FACTS = monthTable('facts', SEPTEMBER);
const INSERTS = 4;

const words = () => {
  const [first, ...rest] = fleet();
  const canary = { category: 'phone' as const, vendor: 'Snom', model: CANARY, count: 1 };
  return [{ ...first!, models: [...first!.models, canary] }, ...rest];
};

/** Facts in several parts, as several inserts leave them. */
async function sayInParts(home: CloseInstallation): Promise<void> {
  const all = words();
  const size = Math.ceil(all.length / INSERTS);
  for (let i = 0; i < INSERTS; i++) await home.say(SEPTEMBER, all.slice(i * size, (i + 1) * size));
}

/** Every part of the month's tables in any state, by the engine's own list. */
const partsIn = async (sql: SqlClient): Promise<number> => {
  const where = `database = currentDatabase() AND endsWith(table, '_${periodNumber(SEPTEMBER)}')`;
  const counts = await Promise.all(
    ['parts', 'detached_parts', 'dropped_tables_parts'].map((list) =>
      sql.rows<{ n: number }>(`SELECT count() AS n FROM system.${list} WHERE ${where}`),
    ),
  );
  return counts.reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
};

const directoryOf = async (sql: SqlClient): Promise<string> => {
  const [row] = await sql.rows<{ path: string }>(
    'SELECT arrayElement(data_paths, 1) AS path FROM system.tables WHERE name = {name:String}',
    { name: FACTS },
  );
  return row?.path as string;
};

describe('a closed month on the disk, embedded', () => {
  let home: CloseInstallation;
  beforeEach(async () => {
    home = await openCloseInstallation();
    await sayInParts(home);
    home.afterGrace(SEPTEMBER);
  });
  afterEach(() => home.close());

  /** The moment of each recorded step, with what lies on the disk. */
  const closeLooking = async (at: (name: string) => void) => {
    const { sql, directory } = home.embedded;
    const keys = await factKeys(sql, periodNumber(SEPTEMBER));
    const place = await directoryOf(sql);
    expect(factsOnDisk(directory, keys).facts).toBeGreaterThan(keys.length * 0.9);
    expect(readdirSync(place).filter((name) => /^2026/.test(name)).length).toBeGreaterThanOrEqual(1);
    let found: unknown;
    const failPoint = (name: string) => {
      at(name);
      // Before anything else happens after it: what "destroyed" means is true when it is written down.
      if (name === 'DESTROYED:recorded')
        found = [factsOnDisk(directory, keys), existsSync(place), textsInFiles(directory, [CANARY])];
    };
    await closePeriod(SEPTEMBER, home.with({ failPoint }));
    expect(found).toEqual([{ facts: 0, bytes: 0 }, false, []]);
    expect(await partsIn(sql)).toBe(0);
    expect(await monthTablesIn(sql)).toEqual([]);
    return keys;
  };

  test.each(['CLOSING:begin', 'FROZEN:done', 'DESTROYED:begin', 'DESTROYED:log'])(
    'has no byte of a fact when it is destroyed, though its facts are merged at %s',
    async (moment) => {
      const merges: Promise<unknown>[] = [];
      // On the other connection: the engine merges while the close goes on.
      await closeLooking((name) => {
        if (name === moment)
          merges.push(home.embedded.sql.run(`OPTIMIZE TABLE ${FACTS} FINAL`).catch((thrown: unknown) => thrown));
      });
      expect(merges).toHaveLength(1);
      await Promise.all(merges);
      expect(await partsIn(home.embedded.sql)).toBe(0);
    },
  );

  test('is not merged by the job of the same tick', async () => {
    const merged: string[] = [];
    const store = {
      factPeriods: () => home.embedded.store.factPeriods(),
      async mergeFacts(period: string) {
        merged.push(period);
        return 'merged' as const;
      },
    };
    const closing = async (period: string) =>
      (await home.deps.releases.transitions()).some((one) => one.period === period);
    await mergeAll({ store, isClosing: closing });
    expect(merged).toEqual([SEPTEMBER]);
    const failPoint = (name: string) => {
      if (name === 'DRAINED:begin') throw new Error('stopped here');
    };
    await expect(closeDue(home.with({ failPoint }))).rejects.toThrow('stopped here');
    await mergeAll({ store, isClosing: closing });
    expect(merged).toEqual([SEPTEMBER]);
    await closeDue(home.deps);
    expect(await monthTablesIn(home.embedded.sql)).toEqual([]);
  });

  test('has no slot of any site once the noise is drawn, nor what slots summed to: no table, and no part', async () => {
    const slots = () =>
      home.embedded.sql.rows<{ table: string }>(
        `SELECT DISTINCT table FROM system.parts
         WHERE database = currentDatabase() AND startsWith(table, 'slot') ORDER BY table`,
      );
    let during: { table: string }[] = [];
    const { counts } = home.deps;
    await closePeriod(
      SEPTEMBER,
      home.with({
        counts: {
          ...counts,
          async showFinal(order, id) {
            during = await slots();
            return counts.showFinal(order, id);
          },
        },
      }),
    );
    const number = periodNumber(SEPTEMBER);
    expect(during).toEqual([{ table: `slot_sums_${number}` }, { table: `slots_${number}` }]);
    expect(await slots()).toEqual([]);
    const named = await home.embedded.sql.rows(
      `SELECT table FROM system.columns WHERE database = currentDatabase() AND startsWith(table, 'slot')`,
    );
    expect(named).toEqual([]);
  });

  test('is not written down as destroyed while the store lists a part of it', async () => {
    const { counts } = home.deps;
    const stubborn = { ...counts, destroyFacts: async () => {} };
    await expect(closePeriod(SEPTEMBER, home.with({ counts: stubborn }))).rejects.toMatchObject({
      code: 'facts-remain',
      retryable: true,
    });
    const steps = (await home.deps.releases.transitions()).map(({ step }) => step);
    expect(steps.at(-1)).toBe('VERIFIED');
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'closed' });
    expect(await partsIn(home.embedded.sql)).toBe(0);
  });
});

describe('a month on a server', () => {
  test('is dropped whole while it is merged: the server lists no part of it and has no file', async () => {
    const server = await startClickHouseHttp();
    const [clients, other] = [openServerClients(`${server.url}/months`), openServerClients(`${server.url}/months`)];
    try {
      const store = storeOver(clients);
      await store.server.migrate();
      const all = words();
      for (let i = 0; i < INSERTS; i++) {
        const some = all.filter((_, place) => place % INSERTS === i);
        const lines = some.flatMap((word) => linesOf(SEPTEMBER, word));
        await store.counts.insertFacts([blockOf(SEPTEMBER, lines, some.length)]);
      }
      const keys = await store.counts.factKeys(SEPTEMBER);
      expect(factsOnDisk(server.directory, keys).facts).toBeGreaterThan(keys.length * 0.9);
      const merge = other.write.run(`OPTIMIZE TABLE ${FACTS} FINAL`).catch(() => {});
      const reading = other.read.rows(`SELECT count() FROM ${FACTS} FINAL`).catch(() => {});
      await closingCounts(clients).destroyFacts(SEPTEMBER);
      expect(await partsIn(clients.read)).toBe(0);
      expect(factsOnDisk(server.directory, keys)).toEqual({ facts: 0, bytes: 0 });
      expect(textsInFiles(join(server.directory), [CANARY])).toEqual([]);
      await Promise.all([merge, reading]);
      expect(factsOnDisk(server.directory, keys)).toEqual({ facts: 0, bytes: 0 });
      // A table that a killed process has made, empty as it is, is dropped as well.
      await createMonthTable(clients.write, 'facts', SEPTEMBER);
      expect(await store.counts.anythingLeft(SEPTEMBER)).toBe(true);
      await store.counts.destroyFacts(SEPTEMBER);
      expect(await store.counts.anythingLeft(SEPTEMBER)).toBe(false);
    } finally {
      await Promise.all([clients.close(), other.close()]);
      await server.stop();
    }
  });
});
