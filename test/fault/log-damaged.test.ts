import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { salvageLog } from '../../services/adapters/lmdb/salvage.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { Consumption } from '../contract/fact-log.suite.ts';
import { temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';

const NOVEMBER = parsePeriod('2026-11');
const BLOCKS = 30;
const SIZE = 6_000;
const textOf = (n: number) => `[202611,"site",${n}]\n`.padEnd(SIZE, 'x');

/** A log of {@link BLOCKS} blocks that wait, and its one file. */
async function waitingLog(): Promise<{ directory: string; environment: string; file: string }> {
  const directory = temporaryDirectory();
  const log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
  for (let n = 0; n < BLOCKS; n++)
    await log.append({ period: NOVEMBER, facts: 1, reports: 1, bytes: Buffer.from(textOf(n)) });
  await log.close();
  const environment = join(directory, NOVEMBER, 'blocks-1');
  return { directory, environment, file: join(environment, 'data.mdb') };
}

function altered(file: string, alter: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  alter(bytes);
  writeFileSync(file, bytes);
}

const LAST_TRANSACTION = 0x98;

/** What happens to a file; the fault that is named; how many blocks can be read all the same. */
const DAMAGES: readonly [string, string, number | 'some', (file: string) => void][] = [
  ['emptied', 'emptied', 0, (file) => truncateSync(file, 0)],
  ['taken away', 'emptied', 0, (file) => rmSync(file)],
  [
    'cut to a half',
    'unreadable',
    'some',
    (file) => truncateSync(file, Math.floor(statSync(file).size / 8_192) * 4_096),
  ],
  ['overwritten whole', 'no-environment', 0, (file) => altered(file, (bytes) => bytes.fill(0x5a))],
  ['overwritten behind its heads', 'unreadable', 0, (file) => altered(file, (bytes) => bytes.fill(0x5a, 8_192))],
  [
    'altered in one digit of one block',
    'record-altered',
    BLOCKS - 1,
    (file) => altered(file, (bytes) => void (bytes[bytes.indexOf('"site",7]') + 7] = 0x39)),
  ],
  [
    'put back by a transaction in its newer head',
    'head-altered',
    BLOCKS,
    (file) =>
      altered(file, (bytes) => {
        const [a, b] = [bytes.readUInt32LE(LAST_TRANSACTION), bytes.readUInt32LE(4_096 + LAST_TRANSACTION)];
        bytes.writeUInt32LE(1, (a > b ? 0 : 4_096) + LAST_TRANSACTION);
      }),
  ],
];

for (const [what, fault, readable, damage] of DAMAGES)
  test(`a log whose file was ${what} is refused by name, and what can be read of it is kept`, async () => {
    const { directory, environment, file } = await waitingLog();
    damage(file);
    const refused = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'log-damaged', detail: { environment, fault, others: 0 } });
    const kept = (refused as { detail: { readable: number } }).detail.readable;
    if (readable === 'some') expect(kept).toBeGreaterThan(5);
    else expect(kept).toBe(readable);

    expect(await salvageLog(directory)).toEqual([{ directory: environment, what: fault, readable: kept }]);
    const log = await openLmdbFactLog({ directory, maxBytes: 2 ** 30 });
    expect(await log.pending('aggregator', NOVEMBER)).toBe(kept);
    const consumption = new Consumption(log);
    await expect.poll(() => log.pending('aggregator', NOVEMBER)).toBe(0);
    await consumption.stop();
    await log.close();
    const written = new Set(Array.from({ length: BLOCKS }, (_, n) => textOf(n)));
    expect(consumption.texts.filter((text) => !written.has(text))).toEqual([]);
    expect(await salvageLog(directory)).toEqual([]);
  });

test('a server over a damaged log says which file and what to do, and does not end by a signal', async () => {
  const { directory, environment, file } = await waitingLog();
  truncateSync(file, Math.floor(statSync(file).size / 8_192) * 4_096);
  const env = { PORT: '0', ROLLCALL_DATA_DIR: temporaryDirectory(), ROLLCALL_LOG_URL: `lmdb:${directory}` };
  const refused = await runCommand(['start'], env);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`log-damaged`);
  expect(refused.stderr).toContain(environment);
  expect(refused.stderr).toContain('rollcall salvage');
  expect(await runCommand(['salvage'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining('blocks kept') });
  expect((await runCommand(['salvage'], env)).stdout).toContain('nothing in the log is damaged');
});
