import { existsSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { CLOSE_STEPS } from '../../schemas/release.ts';
import { createMonthTable } from '../../services/adapters/clickhouse/client/month-tables.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { closingCounts } from '../../services/adapters/clickhouse/counts/closing-counts.ts';
import { openMemoryJobQueue } from '../../services/adapters/memory/memory-job-queue.ts';
import { periods } from '../../services/api/counts/periods.ts';
import { DRAIN_MS, GRACE_MS, periodEnd, periodNumber } from '../../services/core/period.ts';
import type { NoiseKey } from '../../services/ports/noise-keys.ts';
import { closeDue } from '../../services/releases/close/close-due.ts';
import { handleCloses, scheduleCloses } from '../../services/releases/close/close-jobs.ts';
import { closePeriod } from '../../services/releases/close/close-period.ts';
import { lookingAgain } from '../../services/releases/close/look-again.ts';
import { loadSigningKey } from '../../services/releases/files/signing-key.ts';
import { verifyRelease } from '../../services/releases/files/verify.ts';
import {
  allFiles,
  type CloseInstallation,
  fleet,
  OCTOBER,
  openCloseInstallation,
  SEPTEMBER,
} from '../support/close-installation.ts';
import { blockOf, linesOf, shownCells } from '../support/embedded-store.ts';
import { monthTablesIn, factRows as rowsOfFacts } from '../support/month-tables.ts';

let home: CloseInstallation;
beforeEach(async () => {
  home = await openCloseInstallation();
});
afterEach(() => home.close());

const STEPS = [...CLOSE_STEPS];

const stepsOf = async (period = SEPTEMBER) =>
  (await home.deps.releases.transitions()).filter((one) => one.period === period).map(({ step }) => step);

const factRows = () => rowsOfFacts(home.embedded.sql);

describe('a close', () => {
  test('waits for the end of the grace, and ten minutes more', async () => {
    await home.say(SEPTEMBER, fleet());
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'waiting', before: 'CLOSING' });
    home.clock.moveTo(periodEnd(SEPTEMBER) + GRACE_MS - 1);
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'waiting', before: 'CLOSING' });
    home.clock.moveTo(periodEnd(SEPTEMBER) + GRACE_MS + DRAIN_MS - 1);
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'waiting', before: 'DRAINED' });
    expect(await factRows()).toBeGreaterThan(0);
    home.clock.moveTo(periodEnd(SEPTEMBER) + GRACE_MS + DRAIN_MS);
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'closed' });
  });

  test('waits while blocks of the period are not counted yet', async () => {
    await home.say(SEPTEMBER, fleet());
    const [late] = fleet(5_000);
    await home.log.append(blockOf(SEPTEMBER, linesOf(SEPTEMBER, late!)));
    home.afterGrace(SEPTEMBER);
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'waiting', before: 'DRAINED' });
  });

  test('that found such blocks is looked at again soon, not at the next run that is due, and has not failed', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    const [jobs, log] = [openMemoryJobQueue(), { unread: 1 }];
    const pending = async () => log.unread;
    handleCloses(jobs, home.with({ pending, lookAgain: lookingAgain(jobs, 10) }));
    try {
      await scheduleCloses(jobs);
      await jobs.start();
      await expect.poll(() => stepsOf()).toEqual(['CLOSING']);
      log.unread = 0;
      await expect.poll(() => stepsOf()).toEqual(STEPS);
      expect([await jobs.failed(), await home.deps.releases.closeFailures()]).toEqual([[], []]);
    } finally {
      await jobs.close();
    }
  });

  test('goes through its steps in order and leaves counts, the noised cube and the files', async () => {
    await home.say(SEPTEMBER, fleet());
    await home.embedded.store.takeSnapshot({
      ...{ period: SEPTEMBER, threshold: 10, guard: 'guarded', catalogue: 'test.0', takenAt: home.clock.now() },
    });
    await home.agree('Yealink', ['Yealink']);
    await home.agree('FreePBX', [], { platforms: ['FreePBX'] });
    home.afterGrace(SEPTEMBER);
    await closePeriod(SEPTEMBER, home.deps);
    expect(await stepsOf()).toEqual(STEPS);

    const [snapshot, ...others] = await home.embedded.store.snapshots();
    expect(others).toEqual([]);
    expect(snapshot).toMatchObject({ period: SEPTEMBER, provisional: false, sites: 1_400, catalogue: 'test.1' });
    const cells = await shownCells(home.embedded.store, snapshot!);
    expect(cells.find(({ model }) => model === 'D785')).toMatchObject({ sites: 20, devices: 40 });

    const files = await allFiles(home);
    expect([...files.keys()].filter((name) => name.endsWith('.json'))).toEqual([
      '2026-09/FreePBX/0/manifest.json',
      '2026-09/FreePBX/0/release.json',
      '2026-09/Yealink/0/manifest.json',
      '2026-09/Yealink/0/release.json',
    ]);
    const { publicKey } = loadSigningKey(`${home.directory}/signing-key.pem`);
    const own = [...files].filter(([place]) => place.startsWith('2026-09/Yealink/'));
    const verdict = verifyRelease(
      new Map(own.map(([place, text]) => [place.split('/').at(-1)!, Buffer.from(text)])),
      publicKey,
    );
    expect(verdict).toMatchObject({ ok: true });
    const release = JSON.parse(files.get('2026-09/Yealink/0/release.json')!);
    expect(release.cells.map((cell: { model: string }) => cell.model)).toEqual(
      expect.arrayContaining(['SIP-T46S', 'SIP-T54W']),
    );
    expect(JSON.stringify(release)).not.toMatch(/Snom|Polycom|Intel/);
    const [all] = release.cells.filter((cell: { query: string }) => cell.query === 'all');
    expect(Math.abs(all.sites - 1_400)).toBeLessThan(100);
  });

  test('leaves no fact, no noise key, no other snapshot and no log of the period', async () => {
    await home.say(SEPTEMBER, fleet());
    const [one] = fleet(9_000);
    await home.log.deadLetter(blockOf(SEPTEMBER, linesOf(SEPTEMBER, one!)), 'malformed');
    home.afterGrace(SEPTEMBER);
    await closePeriod(SEPTEMBER, home.deps);
    expect(await factRows()).toBe(0);
    expect(await home.deps.releases.noiseKey(SEPTEMBER)).toBeUndefined();
    expect(existsSync(`${home.directory}/log/2026-09`)).toBe(false);
    expect(await home.log.deadLetters()).toEqual([]);
    const left = await home.embedded.sql.rows<{ n: number }>('SELECT uniqExact(snapshot) AS n FROM cube');
    expect(left).toEqual([{ n: 1 }]);
    expect((await home.deps.releases.transitions())[1]?.detail).toMatchObject({
      deadBlocks: 1,
      deadFacts: expect.any(Number),
    });
  });

  test('of a month in which every site withdrew shows nobody', async () => {
    const all = fleet();
    await home.say(SEPTEMBER, all);
    await home.say(
      SEPTEMBER,
      all.map((word) => ({ ...word, sequence: 2, withdraw: true })),
    );
    await home.agree('Yealink', ['Yealink']);
    home.afterGrace(SEPTEMBER);
    await closePeriod(SEPTEMBER, home.deps);
    const release = JSON.parse((await allFiles(home)).get('2026-09/Yealink/0/release.json')!);
    // Noise hides that nobody is there: no number is further from nothing than its margin.
    const shown = release.cells.filter((cell: { sites: number; sitesMargin: number }) => cell.sites > cell.sitesMargin);
    expect(shown).toEqual([]);
  });

  test('is done once, however often it is called and by however many at once', async () => {
    await home.say(SEPTEMBER, fleet());
    await home.agree('Yealink', ['Yealink']);
    home.afterGrace(SEPTEMBER);
    await Promise.all([1, 2, 3].map(() => closePeriod(SEPTEMBER, home.deps)));
    await closePeriod(SEPTEMBER, home.deps);
    expect(await stepsOf()).toEqual(STEPS);
    expect(await home.deps.releases.ledger()).toHaveLength(1);
    expect(await home.embedded.releases.releases()).toHaveLength(1);
    const [snapshot] = await home.embedded.store.snapshots();
    expect(snapshot).toMatchObject({ provisional: false, sites: 1_400 });
    expect((await shownCells(home.embedded.store, snapshot!)).length).toBeGreaterThan(8);
  });

  test('asked for late, after other months, closes what is left, oldest first', async () => {
    await home.say(SEPTEMBER, fleet());
    await home.say(OCTOBER, fleet());
    home.afterGrace(OCTOBER);
    await closeDue(home.deps);
    expect((await home.deps.releases.transitions()).map(({ period }) => period)).toEqual([
      ...CLOSE_STEPS.map(() => SEPTEMBER),
      ...CLOSE_STEPS.map(() => OCTOBER),
    ]);
    expect(home.sent.length).toBeGreaterThan(0);
  });
});

describe('nothing is destroyed', () => {
  const untouched = async () => {
    expect(await factRows()).toBeGreaterThan(0);
    expect(await stepsOf()).not.toContain('DESTROYED');
  };

  test('when the noised cube that is read back is another', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    const { releases: real } = home.deps;
    const noised = async (period: Period, attempt: number) => (await real.noised(period, attempt)).slice(1);
    const releases = { ...real, noised };
    await expect(closePeriod(SEPTEMBER, home.with({ releases }))).rejects.toMatchObject({
      code: 'noised-cube-changed',
    });
    await untouched();
  });

  test('when the final counts that are read back are others', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    const failPoint = (name: string) => {
      if (name === 'NOISED:recorded') throw new Error('stopped here');
    };
    await expect(closePeriod(SEPTEMBER, home.with({ failPoint }))).rejects.toThrow('stopped here');
    await home.embedded.sql.run(
      `ALTER TABLE cube DELETE WHERE period = ${periodNumber(SEPTEMBER)} AND model = 'SIP-T54W' SETTINGS mutations_sync = 1`,
    );
    await expect(closePeriod(SEPTEMBER, home.deps)).rejects.toMatchObject({ code: 'snapshot-changed' });
    await untouched();
  });

  test('when releases could not be signed afterwards', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    writeFileSync(`${home.directory}/signing-key.pem`, 'no key');
    await expect(closeDue(home.deps)).rejects.toMatchObject({ code: 'signing-key-unreadable' });
    expect(await stepsOf()).toEqual(['CLOSING', 'DRAINED']);
    await untouched();
    const failure = { period: SEPTEMBER, code: 'signing-key-unreadable', at: home.clock.now() };
    expect(await home.deps.releases.closeFailures()).toEqual([failure]);
    const reading = await periods({ ...home.deps, store: home.embedded.store }, true);
    expect((await reading.answer()).periods.find(({ period }) => period === SEPTEMBER)).toMatchObject({
      ...{ state: 'closing', step: 'DRAINED', failure: 'signing-key-unreadable' },
    });
  });

  test('by a worker whose clock is ahead of the store', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    const otherClocks = [{ name: 'store', now: async () => home.clock.now() - 5 * 60_000 - 1 }];
    await expect(closePeriod(SEPTEMBER, home.with({ otherClocks }))).rejects.toMatchObject({ code: 'clock-skew' });
    await untouched();
    const nearly = [{ name: 'store', now: async () => home.clock.now() - 5 * 60_000 }];
    expect(await closePeriod(SEPTEMBER, home.with({ otherClocks: nearly }))).toEqual({ state: 'closed' });
  });

  test('and nothing counted anew, in a store that was restored without its facts', async () => {
    await home.say(SEPTEMBER, fleet());
    const order = { period: SEPTEMBER, threshold: 10, guard: 'exact', catalogue: 'test.0' } as const;
    await home.embedded.store.takeSnapshot({ ...order, takenAt: home.clock.now() });
    await home.embedded.store.destroyFacts(SEPTEMBER);
    home.afterGrace(SEPTEMBER);
    await closeDue(home.deps);
    expect(await stepsOf()).toEqual([]);
    await expect(closePeriod(SEPTEMBER, home.deps)).rejects.toMatchObject({ code: 'no-facts' });
    expect(await home.embedded.store.snapshots()).toMatchObject([{ sites: 1_400 }]);
    expect(await home.deps.releases.ledger()).toEqual([]);
  });

  test('when facts arrive while they are counted a last time', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    const [late] = fleet(7_000);
    const { sql } = home.embedded;
    const interrupted: SqlClient = {
      rows: (text, parameters) => sql.rows(text, parameters),
      insertLines: (table, lines) => sql.insertLines(table, lines),
      close: () => sql.close(),
      async run(text, parameters) {
        await sql.run(text, parameters);
        if (text.includes('INSERT INTO cube')) await home.say(SEPTEMBER, [late!]);
      },
    };
    const order = { period: SEPTEMBER, threshold: 10, catalogue: 'test.1', takenAt: home.clock.now() };
    const counts = closingCounts({ write: interrupted, read: interrupted });
    await expect(counts.freeze(order)).rejects.toMatchObject({ code: 'facts-changed', retryable: true });
    await untouched();
    expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'closed' });
    expect((await home.embedded.store.snapshots())[0]).toMatchObject({ sites: 1_401 });
  });
});

describe('the noise of a period', () => {
  test('is drawn for one cube: another one is refused', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    await home.deps.releases.ensureNoiseKey(SEPTEMBER, { key: 'ab'.repeat(32), digest: 'cd'.repeat(32) });
    await expect(closePeriod(SEPTEMBER, home.deps)).rejects.toMatchObject({ code: 'snapshot-changed' });
    expect(await factRows()).toBeGreaterThan(0);
  });

  test('is drawn once: a period that is in the ledger and has no key was released before', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    const entry = { period: SEPTEMBER, at: 1, profile: 'noised', rho: 0.2, epsilon: 3, delta: 1e-6 } as const;
    await home.deps.releases.addLedgerEntry(entry);
    await expect(closePeriod(SEPTEMBER, home.deps)).rejects.toMatchObject({ code: 'released-before' });
    expect(await home.deps.releases.noiseKey(SEPTEMBER)).toBeUndefined();
  });

  test('is not drawn again by a worker that slept through the rest of the close', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    let closed: Promise<unknown> | undefined;
    const { releases: real } = home.deps;
    const sleepy = {
      ...real,
      // Before its key is there, another worker does everything.
      async ensureNoiseKey(period: Period, fresh: NoiseKey) {
        closed ??= closePeriod(SEPTEMBER, home.deps);
        await closed;
        return real.ensureNoiseKey(period, fresh);
      },
    };
    expect(await closePeriod(SEPTEMBER, home.with({ releases: sleepy }))).toEqual({ state: 'closed' });
    expect(await stepsOf()).toEqual(STEPS);
    expect(await home.deps.releases.noiseKey(SEPTEMBER)).toBeUndefined();
    expect(await home.embedded.sql.rows('SELECT uniqExact(attempt) AS n FROM noised')).toEqual([{ n: 1 }]);
  });

  test('costs what the ledger says, under the limit', async () => {
    await home.say(SEPTEMBER, fleet());
    home.afterGrace(SEPTEMBER);
    await closePeriod(SEPTEMBER, home.deps);
    const [entry] = await home.deps.releases.ledger();
    expect(entry).toMatchObject({ period: SEPTEMBER, profile: 'noised', rho: 0.249736 });
  });
});

test('a late block of a closed period brings no table back, and what comes again besides is destroyed again', async () => {
  await home.say(SEPTEMBER, fleet());
  home.afterGrace(SEPTEMBER);
  await closeDue(home.deps);
  const { sql } = home.embedded;
  const [late] = fleet(7_000);
  await expect(home.say(SEPTEMBER, [late!])).rejects.toMatchObject({ code: 'period-closed', retryable: false });
  expect(await monthTablesIn(sql)).toEqual([]);
  // A process that is killed between the table and the look.
  await createMonthTable(sql, 'facts', SEPTEMBER);
  await home.log.append(blockOf(SEPTEMBER, linesOf(SEPTEMBER, late!)));
  // Also when the releases cannot be looked after.
  const issue = () => Promise.reject(new Error('no issue'));
  await expect(closeDue(home.with({ issue }))).rejects.toThrow('no issue');
  expect(await monthTablesIn(sql)).toEqual([]);
  expect(await home.log.periods()).toEqual([]);
  expect((await home.embedded.store.snapshots())[0]).toMatchObject({ sites: 1_400, provisional: false });
});
