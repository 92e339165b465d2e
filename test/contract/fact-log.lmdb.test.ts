import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterAll, expect, test } from 'vitest';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { parsePeriod } from '../../services/core/period.ts';
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

test('lmdb: a block in the form of a newer version is refused, not taken for facts', async () => {
  const directory = newDirectory();
  const environment = open({ path: join(directory, NOVEMBER), maxDbs: 2, encoding: 'binary' });
  await environment
    .openDB<Buffer, number>({ name: 'records', encoding: 'binary' })
    .put(1, Buffer.from([2, ...Array(20).fill(0)]));
  await environment.close();
  const log = await openLmdbFactLog({ directory, maxBytes: 1_000 });
  await expect(new Consumption(log).done).rejects.toMatchObject({ code: 'unknown-row', retryable: false });
  await log.close();
});
