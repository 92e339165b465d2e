import { expect, test } from 'vitest';
import { Changes, rememberingRows } from '../../services/adapters/clickhouse/client/remembered-rows.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';

/** An engine that is asked nothing it cannot count: gives how often it was, and ends a call when it is told to. */
function countingEngine(changes = new Changes()) {
  const state = { asked: 0, rows: 1, held: undefined as Promise<void> | undefined };
  const engine: SqlClient = {
    async rows<T>() {
      const asked = ++state.asked;
      const rows = Array.from({ length: state.rows }, () => ({ asked })) as T[];
      await state.held;
      return rows;
    },
    async run() {
      await state.held;
    },
    insertLines: async () => {},
    close: async () => {},
  };
  return { state, ...rememberingRows({ write: engine, read: engine }, changes) };
}

const LIST = 'SELECT period FROM snapshots ORDER BY period';
const CELLS = 'SELECT * FROM (SELECT * FROM cube WHERE period = {period:UInt32}) AS c LEFT JOIN suppressed AS s ON 1';

test('what nobody has written meanwhile is asked of the engine once, by its parameters', async () => {
  const { state, read } = countingEngine();
  await Promise.all([read.rows(LIST), read.rows(LIST)]);
  await read.rows(LIST);
  expect(state.asked).toBe(1);
  for (const period of [202610, 202611, 202610]) await read.rows(CELLS, { period });
  expect(state.asked).toBe(3);
});

test('facts that come every second change nothing of it; a snapshot, a key, a close and whatever cannot be told do', async () => {
  const { state, read, write } = countingEngine();
  await read.rows(LIST);
  await write.insertLines('facts_202611', [], { max_threads: 1 });
  await write.insertLines('slots_202611', []);
  await write.run('OPTIMIZE TABLE facts_202611 FINAL');
  await write.run('\nINSERT INTO {counted:Identifier} (snapshot) SELECT 1', { counted: 'counted_202611' });
  await read.rows(LIST);
  expect(state.asked).toBe(1);
  const changes: Readonly<Record<string, () => Promise<void>>> = {
    snapshots: () => write.run('\nINSERT INTO snapshots VALUES (1)'),
    cube: () => write.run('ALTER TABLE cube DROP PARTITION (1, 2)'),
    suppressed: () => write.run('TRUNCATE TABLE IF EXISTS suppressed'),
    close_transitions: () =>
      write.insertLines("close_transitions (period, seq) SETTINGS insert_deduplication_token = 'a'", []),
    access_keys: () => read.run('INSERT INTO access_keys (id) VALUES (1)'),
    catalog_mappings: () => write.run('INSERT INTO {any:Identifier} SELECT 1', { any: 'catalog_mappings' }),
    close_failures: () => write.run('RENAME TABLE a TO b'),
  };
  // Of another database's name it cannot be told either.
  for (const change of [
    () => write.run('INSERT INTO default.snapshots VALUES (1)'),
    () => write.insertLines('default.snapshots (period)', []),
  ]) {
    await read.rows(LIST);
    const before = state.asked;
    await change();
    await read.rows(LIST);
    expect(state.asked).toBe(before + 1);
  }
  for (const [table, change] of Object.entries(changes)) {
    const question = () => read.rows(`SELECT 1 FROM (SELECT * FROM snapshots) AS s JOIN ${table} AS t ON 1`);
    await question();
    const before = state.asked;
    await change();
    await Promise.all([question(), question()]);
    expect([table, state.asked]).toEqual([table, before + 1]);
  }
});

test('what another connection to the same engine writes is written for all', async () => {
  const changes = new Changes();
  const [one, other] = [countingEngine(changes), countingEngine(changes)];
  await one.read.rows(LIST);
  await other.write.run('INSERT INTO snapshots VALUES (1)');
  await one.read.rows(LIST);
  expect(one.state.asked).toBe(2);
});

test('what was asked before a write ended, well or not, is given to nobody who asks after it', async () => {
  const { state, read, write } = countingEngine();
  let end!: (failure?: Error) => void;
  state.held = new Promise((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve());
  });
  const writing = write.run('INSERT INTO snapshots VALUES (1)');
  const failed = expect(writing).rejects.toThrow('died');
  const before = read.rows(LIST);
  const alike = expect(before).rejects.toThrow('died');
  end(new Error('died'));
  await Promise.all([failed, alike]);
  state.held = undefined;
  expect(await read.rows(LIST)).toEqual([{ asked: 2 }]);
  expect(await read.rows(LIST)).toEqual([{ asked: 2 }]);
});

test('facts, sessions, the engine itself and the time are asked anew each time, and so are long lists', async () => {
  const { state, read } = countingEngine();
  state.rows = 257;
  for (let time = 0; time < 2; time++) expect(await read.rows(LIST)).toHaveLength(257);
  expect(state.asked).toBe(2);
  const questions = [
    'SELECT count() FROM {facts:Identifier} FINAL',
    'SELECT id FROM sessions',
    "SELECT count() AS n FROM system.parts WHERE table = 'cube'",
    'SELECT now64(3) AS now FROM snapshots',
    'SELECT * FROM snapshots WHERE period IN (SELECT period FROM facts_202611)',
    'SELECT 1',
  ];
  for (const sql of questions) for (let time = 0; time < 2; time++) await read.rows(sql);
  expect(state.asked).toBe(2 + 2 * questions.length);
});

test('what was remembered cannot be changed by who reads it', async () => {
  const { read } = countingEngine();
  const rows = await read.rows<{ asked: number }>(LIST);
  rows.pop();
  expect(await read.rows(LIST)).toEqual([{ asked: 1 }]);
  const [row] = await read.rows<{ asked: number }>(LIST);
  expect(() => {
    if (row) row.asked = 7;
  }).toThrow(TypeError);
});
