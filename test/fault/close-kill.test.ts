import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { CLOSE_STEPS } from '../../schemas/release.ts';
import { openStore, type Store } from '../../services/adapters/clickhouse/store.ts';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { addMonths, periodAt } from '../../services/core/period.ts';
import type { LedgerEntry } from '../../services/ports/ledger.ts';
import type { NoiseKey } from '../../services/ports/noise-keys.ts';
import { loadSigningKey } from '../../services/releases/files/signing-key.ts';
import { fleet } from '../support/close-installation.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import { MAIN, temporaryDirectory } from '../support/rollcall-process.ts';
import { piecesOf, textsInFiles } from '../support/scan-files.ts';

/** Long over by the system's clock, which the commands go by. */
const PERIOD: Period = addMonths(periodAt(Date.now()), -2);
/** On too few sites to be counted: it is in the facts, the log and the dead letters, and nowhere afterwards. */
const CANARY = 'Kanarienvogel Q7';
const POINTS = CLOSE_STEPS.flatMap((step) => [
  `${step}:begin`,
  ...(step === 'RELEASED' ? ['RELEASED:added'] : []),
  ...(step === 'DESTROYED' ? ['DESTROYED:log', 'DESTROYED:facts', 'DESTROYED:snapshots'] : []),
  `${step}:done`,
  `${step}:recorded`,
]);

/** Runs `rollcall close` to its end; 'SIGKILL' or the exit code. */
function close(directory: string, failAt = ''): Promise<{ end: number | string | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, 'close', '--period', PERIOD], {
    // No server of ours has port 1: the command does it by itself.
    env: { PATH: process.env.PATH, PORT: '1', ROLLCALL_DATA_DIR: directory, ROLLCALL_FAIL_AT: failAt },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ end: signal ?? code, output })));
}

async function withStore<T>(directory: string, use: (stores: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ kind: 'chdb', directory: join(directory, 'store') });
  try {
    return await use(store);
  } finally {
    await store.server.close();
  }
}

/** A data directory with a fleet in the store, one more block in the log and a dead letter. */
async function fill(directory: string): Promise<void> {
  loadSigningKey(join(directory, 'signing-key.pem'));
  const blockOfSites = (from: number, sites: number) => {
    const models = [{ category: 'phone' as const, vendor: 'Yealink', model: CANARY, count: 3 }];
    const words = fleet(from, from === 0 ? [] : models).slice(0, sites);
    return blockOf(
      PERIOD,
      words.flatMap((word) => linesOf(PERIOD, word)),
      sites,
    );
  };
  await withStore(directory, async ({ server, counts, releases }) => {
    await server.migrate();
    await counts.insertFacts([blockOfSites(0, 1_400)]);
    await counts.insertFacts([blockOfSites(2_000, 4)]);
    for (const party of ['Yealink', 'Snom'])
      await releases.putAgreement({
        ...{ party, vendors: [party], lineage: true, platforms: [], contact: 'somebody' },
        ...{ delivery: { kind: 'download' }, at: 1, by: 'test' },
      });
  });
  const log = await openLmdbFactLog({ directory: join(directory, 'log'), maxBytes: 2 ** 30 });
  await log.append(blockOfSites(3_000, 2));
  await log.deadLetter(blockOfSites(4_000, 1), 'malformed');
  await log.close();
}

interface Left {
  readonly files: Record<string, string>;
  readonly ledger: LedgerEntry[];
  readonly steps: string[];
  /** Parties, once for each time that a release of theirs became due. */
  readonly due: string[];
  readonly facts: boolean;
  readonly key: NoiseKey | undefined;
  readonly sites: number | null | undefined;
}

const left = (directory: string): Promise<Left> =>
  withStore(directory, async ({ counts, releases }) => {
    const files: Record<string, string> = {};
    for (const { party, revision, files: names } of await releases.releases())
      for (const { name } of names)
        files[`${party}/${revision}/${name}`] = (await releases.releaseFile(PERIOD, party, revision, name)) ?? '';
    return {
      files,
      ledger: await releases.ledger(),
      steps: (await releases.transitions()).map(({ step }) => step),
      due: (await releases.deliveries()).filter(({ event }) => event === 'due').map(({ party }) => party),
      facts: (await counts.factPeriods()).length > 0,
      key: await releases.noiseKey(PERIOD),
      sites: (await counts.snapshots())[0]?.sites,
    };
  });

test('a close that is killed at every one of its points ends as one that was not: same bytes, one release, no fact', async () => {
  const directory = temporaryDirectory();
  const quiet = temporaryDirectory();
  await fill(directory);
  expect(textsInFiles(directory, [CANARY]).length).toBeGreaterThan(1);
  for (const point of POINTS) {
    expect((await close(directory, point)).end, point).toBe('SIGKILL');
    // From here on the noise is drawn: one that goes on undisturbed must come to the same.
    if (point === 'NOISED:done') cpSync(directory, quiet, { recursive: true });
    if (point === 'VERIFIED:done') {
      const { facts, key, steps } = await left(directory);
      expect([facts, steps.at(-1)]).toEqual([true, 'NOISED']);
      const placesOf = (texts: readonly string[]) =>
        new Set(textsInFiles(directory, texts).map(({ path }) => path.slice(directory.length).split('/')[1]));
      expect(placesOf([CANARY])).toEqual(new Set(['log', 'store']));
      expect(placesOf(piecesOf(key?.key as string))).toEqual(new Set(['store']));
    }
  }
  const key = (await left(quiet)).key?.key as string;
  expect((await close(directory)).end).toBe(0);
  expect(await close(quiet)).toMatchObject({ end: 0, output: expect.stringContaining('closed and released') });

  const [crashed, undisturbed] = [await left(directory), await left(quiet)];
  expect(Object.keys(crashed.files)).toHaveLength(12);
  expect(crashed.files).toEqual(undisturbed.files);
  expect(crashed.ledger).toHaveLength(1);
  expect(crashed.due.toSorted()).toEqual(['Snom', 'Yealink']);
  expect(crashed).toMatchObject({ steps: [...CLOSE_STEPS], facts: false, key: undefined, sites: 1_406 });
  expect(textsInFiles(directory, [CANARY, ...piecesOf(key)])).toEqual([]);
});

test('an early close and one of a month that nobody reported in are refused in words', async () => {
  const directory = temporaryDirectory();
  const now = periodAt(Date.now());
  const run = (period: string) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn(process.execPath, [MAIN, 'close', '--period', period], {
        env: { PATH: process.env.PATH, PORT: '1', ROLLCALL_DATA_DIR: directory },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let output = '';
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.once('close', (code) => resolve({ code, output }));
    });
  expect(await run(now)).toMatchObject({ code: 1, output: expect.stringContaining('can be closed from') });
  expect(await run('2020-01')).toMatchObject({ code: 1, output: expect.stringContaining('nothing is known') });
  expect(await run('2020-13')).toMatchObject({ code: 2 });
});
