import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { packageRoot } from '../../services/shared/package-root.ts';
import { countStoreOver } from '../support/count-store.ts';
import { emptyCounts } from '../support/month-tables.ts';
import { blockOfWords, describeCountStore, fleet, NOVEMBER } from './count-store.suite.ts';

// The engine allows one directory a process: every test here is about the same one.
const directory = mkdtempSync(join(tmpdir(), 'rollcall-contract-'));
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describeCountStore({ name: 'chdb', open: () => openEmbeddedClients(directory), directory: () => directory });

/** A process of its own that opens a store, does `what` with `server`, `counts` and `clients`, says `result …` and waits. */
function otherProcess(path: string, what: string): { child: ChildProcess; said: Promise<string> } {
  const adapters = join(packageRoot(), 'dist', 'services', 'adapters', 'clickhouse');
  const program = `
    import { openEmbeddedClients } from ${JSON.stringify(join(adapters, 'client', 'open-embedded.js'))};
    import { storeOver } from ${JSON.stringify(join(adapters, 'store.js'))};
    let result;
    try {
      const clients = await openEmbeddedClients(${JSON.stringify(path)});
      const { server, counts } = storeOver(clients);
      ${what}
    } catch ({ code, retryable, message, detail }) { result = { code, retryable, message, detail }; }
    console.log('result ' + JSON.stringify(result) + '.');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const said = new Promise<string>((resolve, reject) => {
    let output = '';
    child.once('exit', (code) => {
      children.delete(child);
      reject(new Error(`ended with ${code}: ${output}`));
    });
    const hear = (text: Buffer) => {
      output += text.toString();
      const result = /^result (.*)\.$/m.exec(output)?.[1];
      if (result !== undefined) resolve(result);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  return { child, said };
}

async function resultOf(path: string, what: string): Promise<unknown> {
  const { child, said } = otherProcess(path, what);
  const result = await said;
  child.kill('SIGKILL');
  return JSON.parse(result);
}

async function gone(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** Both kinds of lines. */
const rowsIn = (final: string) =>
  `result = await clients.read.rows('SELECT (SELECT count() FROM facts_202611 ${final}) + (SELECT count() FROM slots_202611 ${final}) AS facts');`;
const COUNT = rowsIn('');

test('counts that nobody has taken anew meanwhile are no question to the engine (chdb)', async () => {
  const clients = await openEmbeddedClients(directory);
  const { read } = clients;
  const store = countStoreOver(clients);
  const questions = async () => {
    const [row] = await read.rows<{ n: number }>("SELECT value AS n FROM system.events WHERE event = 'SelectQuery'");
    return row?.n ?? 0;
  };
  const order = { period: NOVEMBER, threshold: 5, guard: 'exact', catalogue: '1' } as const;
  await emptyCounts(clients.write);
  await store.insertFacts([blockOfWords(NOVEMBER, fleet())]);
  await store.takeSnapshot({ ...order, takenAt: 1 });
  const [snapshot] = await store.snapshots();
  await store.insertFacts([blockOfWords(NOVEMBER, fleet())]);
  const before = await questions();
  for (let time = 0; time < 5; time++) expect(await store.snapshots()).toEqual([snapshot]);
  // The question itself.
  expect((await questions()) - before).toBe(1);
  const next = await store.takeSnapshot({ ...order, takenAt: 2 });
  expect(await store.snapshots()).toEqual([next]);
  await store.close();
});

test('another process that opens the directory is told that it is locked, until this one closes it (chdb)', async () => {
  const clients = await openEmbeddedClients(directory);
  const store = countStoreOver(clients);
  await store.migrate();
  const refused = await resultOf(directory, 'result = 1;');
  expect(refused).toEqual({ code: 'store-locked', retryable: false, message: 'store-locked', detail: {} });
  await store.check();
  await store.close();
  await expect(store.check()).rejects.toMatchObject({ code: 'closed' });
  expect(await resultOf(directory, 'await server.check(); result = 1;')).toBe(1);
});

test('kill -9 right after an insert resolved loses nothing, and the directory opens again (chdb)', async () => {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-contract-kill-'));
  try {
    const { bytes, facts } = blockOfWords(NOVEMBER, fleet());
    const block = `{ period: '${NOVEMBER}', facts: ${facts}, reports: 60, bytes: Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64') }`;
    for (const round of [1, 2, 3]) {
      const { child, said } = otherProcess(path, `await server.migrate(); await counts.insertFacts([${block}]);`);
      await said;
      await gone(child);
      const [counted] = (await resultOf(path, COUNT)) as { facts: number }[];
      // Parts of the same facts may or may not have been merged: at least once each, never more than inserted.
      expect(counted!.facts).toBeGreaterThanOrEqual(facts);
      expect(counted!.facts).toBeLessThanOrEqual(round * facts);
    }
    const distinct = await resultOf(path, rowsIn('FINAL'));
    expect(distinct).toEqual([{ facts }]);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
