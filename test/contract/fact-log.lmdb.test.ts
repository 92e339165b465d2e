import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterAll, expect, test } from 'vitest';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { encodeRecord } from '../../services/adapters/lmdb/record.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { textsInFiles } from '../support/scan-files.ts';
import { blockOf, Consumption, describeFactLog } from './fact-log.suite.ts';

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-lmdb-'));
  directories.push(directory);
  return directory;
}

describeFactLog({
  name: 'lmdb',
  async open() {
    const directory = newDirectory();
    let log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
    return {
      log,
      dataDirs: [directory],
      async reopen() {
        await log.close();
        log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
        return log;
      },
    };
  },
});

const NOVEMBER = parsePeriod('2026-11');

test('lmdb: a log over its size cap turns blocks away, and takes them again when it is consumed', async () => {
  const log = await openLmdbFactLog({ directory: newDirectory(), maxBytes: 1_000 });
  await log.append(blockOf(NOVEMBER, 'x'.repeat(900)));
  await expect(log.append(blockOf(NOVEMBER, 'y'.repeat(200)))).rejects.toMatchObject({
    code: 'log-full',
    retryable: true,
  });
  const consumption = new Consumption(log);
  await expect.poll(() => log.pending('aggregator', NOVEMBER)).toBe(0);
  await log.append(blockOf(NOVEMBER, 'y'.repeat(200)));
  await expect.poll(() => consumption.texts).toEqual(['x'.repeat(900), 'y'.repeat(200)]);
  await consumption.stop();
  await log.close();
});

test('lmdb: what waits is known again after a restart, its reports and bytes included', async () => {
  const directory = newDirectory();
  const first = await openLmdbFactLog({ directory, maxBytes: 1_000 });
  await first.append(blockOf(NOVEMBER, 'x'.repeat(900), { facts: 3, reports: 2 }));
  await first.close();
  const second = await openLmdbFactLog({ directory, maxBytes: 1_000 });
  expect(await second.pending('aggregator', NOVEMBER)).toBe(1);
  await expect(second.append(blockOf(NOVEMBER, 'y'.repeat(200)))).rejects.toMatchObject({ code: 'log-full' });
  await second.close();
});

test('lmdb: a block in a form that this version does not know is refused, not taken for facts', async () => {
  const directory = newDirectory();
  const environment = open({ path: join(directory, NOVEMBER), maxDbs: 2, encoding: 'binary' });
  await environment
    .openDB<Buffer, number>({ name: 'records', encoding: 'binary' })
    .put(1, Buffer.from([2, ...Array(20).fill(0)]));
  await environment.close();
  await expect(openLmdbFactLog({ directory, maxBytes: 1_000 })).rejects.toMatchObject({
    code: 'log-damaged',
    retryable: false,
  });
});

/** Names that no other block has. */
const canaryOf = (n: number) => `Kanarienvogel-${n}-${'x'.repeat(40)}`;

test('lmdb: what was consumed is in no page of any file, also while blocks go on coming', async () => {
  const directory = newDirectory();
  const log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
  await log.append(blockOf(NOVEMBER, canaryOf(0)));
  expect(textsInFiles(directory, [canaryOf(0)])).toHaveLength(1);
  const consumption = new Consumption(log);
  for (let n = 1; n <= 30; n++) {
    await log.append(blockOf(NOVEMBER, canaryOf(n)));
    // Steady: the next blocks are there before the ones before them are handed over.
    if (n % 10 === 0) await expect.poll(() => consumption.texts.length).toBeGreaterThan(n - 5);
  }
  await expect.poll(() => log.pending('aggregator', NOVEMBER)).toBe(0);
  await expect.poll(() => readdirSync(join(directory, NOVEMBER))).toEqual([]);
  expect(
    textsInFiles(
      directory,
      Array.from({ length: 31 }, (_, n) => canaryOf(n)),
    ),
  ).toEqual([]);
  await consumption.stop();
  await log.close();
});

test('lmdb: an append that comes while a batch is at work goes into another file, and outlives the first', async () => {
  const directory = newDirectory();
  const log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
  await log.append(blockOf(NOVEMBER, canaryOf(1)));
  const stop = new AbortController();
  const seen: string[][] = [];
  await log.consume(
    'aggregator',
    async (batch) => {
      seen.push(batch.map(({ bytes }) => Buffer.from(bytes).toString()));
      if (seen.length > 1) return stop.abort();
      await log.append(blockOf(NOVEMBER, canaryOf(2)));
      expect(readdirSync(join(directory, NOVEMBER))).toEqual(['blocks-1', 'blocks-2']);
    },
    { maxWaitMs: 10, minReports: 1, maxBytes: 2 ** 20, signal: stop.signal },
  );
  expect(seen).toEqual([[canaryOf(1)], [canaryOf(2)]]);
  expect(textsInFiles(directory, [canaryOf(1), canaryOf(2)])).toEqual([]);
  await log.close();
});

test('lmdb: an environment of version 0.1.0 is taken over, its dead letters too, and its file is gone', async () => {
  const directory = newDirectory();
  const former = open({ path: join(directory, NOVEMBER), maxDbs: 2, encoding: 'binary' });
  const record = encodeRecord(blockOf(NOVEMBER, canaryOf(1)));
  await former.openDB<Buffer, number>({ name: 'records', encoding: 'binary' }).put(7, record);
  const dead = former.openDB<Buffer, [string, number]>({ name: 'dead', encoding: 'binary' });
  await dead.put(['malformed', 1], encodeRecord(blockOf(NOVEMBER, canaryOf(2))));
  await former.close();
  const log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
  expect(await log.pending('aggregator', NOVEMBER)).toBe(1);
  expect(await log.deadLetters()).toMatchObject([{ period: NOVEMBER, reason: 'malformed', blocks: 1 }]);
  expect(readdirSync(join(directory, NOVEMBER)).sort()).toEqual(['blocks-1', 'dead-2']);
  await log.close();
});
