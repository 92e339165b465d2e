import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import type { FactLog } from '../../services/adapters/fact-log.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { Block } from '../../services/ports/block.ts';
import type { ConsumeOptions } from '../../services/ports/log-consumer.ts';
import { pause } from '../../services/shared/clock.ts';
import { Thrown } from '../support/failures.ts';
import { SOON } from '../support/patience.ts';
import { inflated } from '../support/scan-running.ts';

interface OpenedLog {
  readonly log: FactLog;
  /** Closes the log and opens it again, on the same data. */
  reopen(): Promise<FactLog>;
  /** Where the log keeps its bytes: the tests look through every file below. */
  readonly dataDirs: readonly string[];
}

export interface FactLogAdapter {
  /** Stands in each test's name. */
  readonly name: string;
  /** An empty log. The suite closes it. */
  open(): Promise<OpenedLog>;
}

const GROUP = 'aggregator';
const [SEPTEMBER, OCTOBER, NOVEMBER] = ['2026-09', '2026-10', '2026-11'].map(parsePeriod) as [Period, Period, Period];
/** Long enough for what must not happen to have happened. */
const quiet = () => pause(800);

export function blockOf(period: Period, text: string, { facts = 1, reports = 1 } = {}): Block {
  return { period, facts, reports, bytes: new TextEncoder().encode(text) };
}

function textOf({ bytes }: Block): string {
  return new TextDecoder().decode(bytes);
}

/** A consumption that goes on beside the test until it is stopped. */
export class Consumption {
  readonly batches: Block[][] = [];
  readonly #abort = new AbortController();
  readonly done: Promise<void>;

  constructor(
    log: FactLog,
    { before, ...options }: Partial<ConsumeOptions> & { before?: (batch: readonly Block[]) => Promise<void> } = {},
  ) {
    const { signal } = this.#abort;
    const handle = async (batch: readonly Block[]) => {
      await before?.(batch);
      this.batches.push([...batch]);
    };
    this.done = log.consume(GROUP, handle, { maxWaitMs: 50, minReports: 1, maxBytes: 1_000_000, ...options, signal });
    this.done.catch(() => {});
  }

  /** What was handed over, in that order. */
  get texts(): string[] {
    return this.batches.flat().map(textOf);
  }

  abort(): void {
    this.#abort.abort();
  }

  async stop(): Promise<void> {
    this.abort();
    await this.done;
  }
}

/** One test, or more, for each sentence of the port's comments. */
export function describeFactLog({ name: adapter, open }: FactLogAdapter): void {
  describe(`FactLog on ${adapter}`, () => {
    const thrown = new Thrown();
    const logs: FactLog[] = [];
    const consumptions: Consumption[] = [];

    const opens = async (): Promise<OpenedLog> => {
      const opened = await open();
      const log = thrown.watch(opened.log);
      logs.push(log);
      const reopen = async () => {
        const again = thrown.watch(await opened.reopen());
        logs.push(again);
        return again;
      };
      return { ...opened, log, reopen };
    };
    const consuming = (...given: ConstructorParameters<typeof Consumption>) => {
      const consumption = new Consumption(...given);
      consumptions.push(consumption);
      return consumption;
    };

    afterEach(async () => {
      await Promise.all(consumptions.splice(0).map((consumption) => consumption.stop().catch(() => {})));
      await Promise.all(logs.splice(0).map((log) => log.close()));
    });
    /** Of every test here, and at least of the calls of a closed log. */
    afterAll(() => thrown.expectOfTheSet('closed'));

    test(`a block comes out as it went in (${adapter})`, async () => {
      const { log } = await opens();
      const block = { period: NOVEMBER, facts: 27, reports: 3, bytes: new Uint8Array(randomBytes(70_000)) };
      await log.append(block);
      const consumption = consuming(log);
      await vi.waitFor(() => expect(consumption.batches).toHaveLength(1), SOON);
      const [received] = consumption.batches[0]!;
      expect({ ...received, bytes: [...received!.bytes] }).toEqual({ ...block, bytes: [...block.bytes] });
    });

    test(`an appended block is there after the log was closed and opened (${adapter})`, async () => {
      const { log, reopen } = await opens();
      await log.append(blockOf(NOVEMBER, 'kept'));
      const consumption = consuming(await reopen());
      await vi.waitFor(() => expect(consumption.texts).toEqual(['kept']), SOON);
    });

    test(`many appends at once are all taken (${adapter})`, async () => {
      const { log } = await opens();
      const texts = Array.from({ length: 200 }, (_, n) => `block ${n}`);
      await Promise.all(texts.map((text) => log.append(blockOf(NOVEMBER, text))));
      const consumption = consuming(log);
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(200), SOON);
      expect([...consumption.texts].sort()).toEqual([...texts].sort());
    });

    test(`a batch holds blocks of one period (${adapter})`, async () => {
      const { log } = await opens();
      for (const n of [1, 2, 3]) {
        await log.append(blockOf(OCTOBER, `october ${n}`));
        await log.append(blockOf(NOVEMBER, `november ${n}`));
      }
      const consumption = consuming(log, { minReports: 3, maxWaitMs: 500 });
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(6), SOON);
      for (const batch of consumption.batches) expect(new Set(batch.map(({ period }) => period)).size).toBe(1);
    });

    test(`blocks of a period are handed over oldest first (${adapter})`, async () => {
      const { log } = await opens();
      const texts = Array.from({ length: 50 }, (_, n) => `block ${n}`);
      for (const text of texts.slice(0, 30)) await log.append(blockOf(NOVEMBER, text));
      const consumption = consuming(log, { maxBytes: 60 });
      await vi.waitFor(() => expect(consumption.texts.length).toBeGreaterThan(0), SOON);
      for (const text of texts.slice(30)) await log.append(blockOf(NOVEMBER, text));
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(50), SOON);
      expect(consumption.texts).toEqual(texts);
    });

    test(`an older period is handed over before a newer one (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(NOVEMBER, 'november'));
      await log.append(blockOf(OCTOBER, 'october'));
      const consumption = consuming(log, { minReports: 100, maxWaitMs: 1_000 });
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(2), SOON);
      expect(consumption.texts).toEqual(['october', 'november']);
    });

    test(`a batch whose handler rejects comes again, after a pause, and nothing is skipped (${adapter})`, async () => {
      const { log } = await opens();
      for (const n of [1, 2, 3]) await log.append(blockOf(NOVEMBER, `block ${n}`));
      const attempts: { texts: string[]; at: number }[] = [];
      const consumption = consuming(log, {
        minReports: 3,
        maxWaitMs: 500,
        before: async (batch) => {
          attempts.push({ texts: batch.map(textOf), at: performance.now() });
          if (attempts.length < 3) throw new Error('the store is down');
        },
      });
      await vi.waitFor(() => expect(consumption.texts).toEqual(['block 1', 'block 2', 'block 3']), SOON);
      await log.append(blockOf(NOVEMBER, 'block 4'));
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(4), SOON);
      expect(attempts[1]!.texts).toEqual(attempts[0]!.texts);
      expect(attempts[2]!.texts).toEqual(attempts[0]!.texts);
      expect(attempts[1]!.at - attempts[0]!.at).toBeGreaterThan(20);
    });

    test(`what is appended while a handler rejects comes after it, in order (${adapter})`, async () => {
      const { log } = await opens();
      let down = true;
      let attempts = 0;
      await log.append(blockOf(NOVEMBER, 'block 0'));
      const consumption = consuming(log, {
        before: async () => {
          attempts++;
          if (down) throw new Error('the store is down');
        },
      });
      await vi.waitFor(() => expect(attempts).toBeGreaterThan(1), SOON);
      for (const n of [1, 2, 3]) await log.append(blockOf(NOVEMBER, `block ${n}`));
      expect(await log.pending(GROUP, NOVEMBER)).toBe(4);
      down = false;
      await vi.waitFor(() => expect(consumption.texts).toEqual(['block 0', 'block 1', 'block 2', 'block 3']), SOON);
    });

    test(`a batch whose handler has not resolved is not committed (${adapter})`, async () => {
      const { log, reopen } = await opens();
      await log.append(blockOf(NOVEMBER, 'block'));
      let attempts = 0;
      const failing = consuming(log, {
        before: async () => {
          attempts++;
          throw new Error('the store is down');
        },
      });
      await vi.waitFor(() => expect(attempts).toBeGreaterThan(0), SOON);
      await failing.stop();
      const again = await reopen();
      expect(await again.pending(GROUP, NOVEMBER)).toBe(1);
      const consumption = consuming(again);
      await vi.waitFor(() => expect(consumption.texts).toEqual(['block']), SOON);
    });

    test(`a batch whose handler resolved is committed and does not come again (${adapter})`, async () => {
      const { log, reopen } = await opens();
      for (const n of [1, 2, 3]) await log.append(blockOf(NOVEMBER, `block ${n}`));
      const first = consuming(log);
      await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
      await first.stop();
      const again = await reopen();
      await again.append(blockOf(NOVEMBER, 'block 4'));
      const second = consuming(again);
      await vi.waitFor(() => expect(second.texts).toContain('block 4'), SOON);
      await quiet();
      expect(second.texts).toEqual(['block 4']);
    });

    test(`blocks that come while consuming are handed over (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(NOVEMBER, 'before'));
      const consumption = consuming(log);
      await vi.waitFor(() => expect(consumption.texts).toEqual(['before']), SOON);
      await log.append(blockOf(NOVEMBER, 'meanwhile'));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['before', 'meanwhile']), SOON);
    });

    test(`a period that first appears while consuming is handed over too (${adapter})`, async () => {
      const { log } = await opens();
      const consumption = consuming(log);
      await quiet();
      await log.append(blockOf(OCTOBER, 'october'));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['october']), SOON);
      await log.append(blockOf(NOVEMBER, 'november'));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['october', 'november']), SOON);
      await log.append(blockOf(OCTOBER, 'october again'));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['october', 'november', 'october again']), SOON);
    });

    test(`fewer reports than asked for are handed over when the wait is over (${adapter})`, async () => {
      const { log } = await opens();
      const consumption = consuming(log, { minReports: 1_000, maxWaitMs: 700 });
      await log.append(blockOf(NOVEMBER, 'lonely', { reports: 3 }));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['lonely']), SOON);
    });

    test(`as many reports as asked for are handed over at once (${adapter})`, async () => {
      const { log } = await opens();
      const consumption = consuming(log, { minReports: 10, maxWaitMs: 3_600_000 });
      await log.append(blockOf(NOVEMBER, 'four', { reports: 4 }));
      await log.append(blockOf(NOVEMBER, 'five', { reports: 5 }));
      await quiet();
      expect(consumption.texts).toEqual([]);
      await log.append(blockOf(NOVEMBER, 'one', { reports: 1 }));
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(3), SOON);
      expect(consumption.batches).toHaveLength(1);
    });

    test(`no batch holds more bytes than it may, unless its only block does (${adapter})`, async () => {
      const { log } = await opens();
      const sizes = [40, 40, 40, 500, 90, 20, 100, 1];
      for (const size of sizes) await log.append(blockOf(NOVEMBER, 'x'.repeat(size)));
      const consumption = consuming(log, { maxBytes: 100 });
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(sizes.length), SOON);
      expect(consumption.texts.map((text) => text.length)).toEqual(sizes);
      for (const batch of consumption.batches) {
        const bytes = batch.reduce((sum, block) => sum + block.bytes.byteLength, 0);
        expect(bytes <= 100 || batch.length === 1).toBe(true);
      }
    });

    test(`an abort lets the batch in hand be finished and committed, then consume returns (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(NOVEMBER, 'in hand'));
      let begun = false;
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const consumption = consuming(log, {
        before: async () => {
          begun = true;
          await held;
        },
      });
      await vi.waitFor(() => expect(begun).toBe(true), SOON);
      let returned = false;
      void consumption.done.then(() => {
        returned = true;
      });
      consumption.abort();
      await quiet();
      expect(returned).toBe(false);
      letGo();
      await consumption.done;
      expect(consumption.texts).toEqual(['in hand']);
      expect(await log.pending(GROUP, NOVEMBER)).toBe(0);
    });

    test(`after an abort nothing more is handed over (${adapter})`, async () => {
      const { log } = await opens();
      for (const n of [1, 2, 3]) await log.append(blockOf(NOVEMBER, `block ${n}`));
      const consumption: Consumption = consuming(log, {
        maxBytes: 1,
        before: async () => consumption.abort(),
      });
      await consumption.done;
      expect(consumption.texts).toEqual(['block 1']);
      await log.append(blockOf(NOVEMBER, 'block 4'));
      await quiet();
      expect(consumption.texts).toEqual(['block 1']);
      expect(await log.pending(GROUP, NOVEMBER)).toBe(3);
    });

    test(`an abort ends a consumption that waits, and one whose handler rejects (${adapter})`, async () => {
      const { log } = await opens();
      const waits = consuming(log);
      await quiet();
      await waits.stop();
      await log.append(blockOf(NOVEMBER, 'block'));
      let attempts = 0;
      const fails = consuming(log, {
        before: async () => {
          attempts++;
          throw new Error('the store is down');
        },
      });
      await vi.waitFor(() => expect(attempts).toBeGreaterThan(0), SOON);
      await fails.stop();
    });

    test(`with a signal that is aborted already, consume hands over nothing (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(NOVEMBER, 'block'));
      const consumption = consuming(log);
      await consumption.stop();
      const handed: unknown[] = [];
      const options = { maxWaitMs: 0, minReports: 1, maxBytes: 100, signal: AbortSignal.abort() };
      await log.consume(GROUP, async (batch) => void handed.push(batch), options);
      expect(handed).toEqual([]);
    });

    test(`pending counts the blocks of a period that are not committed (${adapter})`, async () => {
      const { log } = await opens();
      expect(await log.pending(GROUP, NOVEMBER)).toBe(0);
      for (const n of [1, 2, 3]) await log.append(blockOf(NOVEMBER, `block ${n}`, { facts: 50, reports: 9 }));
      await log.append(blockOf(OCTOBER, 'other'));
      expect(await log.pending(GROUP, NOVEMBER)).toBe(3);
      expect(await log.pending(GROUP, OCTOBER)).toBe(1);
      expect(await log.pending(GROUP, SEPTEMBER)).toBe(0);
      const consumption: Consumption = consuming(log, { maxBytes: 1, before: async () => consumption.abort() });
      await consumption.done;
      expect((await log.pending(GROUP, NOVEMBER)) + (await log.pending(GROUP, OCTOBER))).toBe(3);
    });

    test(`periods names what the log holds, dead letters too, oldest first (${adapter})`, async () => {
      const { log } = await opens();
      expect(await log.periods()).toEqual([]);
      await log.append(blockOf(NOVEMBER, 'block'));
      await log.deadLetter(blockOf(SEPTEMBER, 'letter'), 'malformed');
      await log.append(blockOf(OCTOBER, 'block'));
      expect(await log.periods()).toEqual([SEPTEMBER, OCTOBER, NOVEMBER]);
    });

    test(`a dead letter is kept when the log is closed and opened, and handed to nobody (${adapter})`, async () => {
      const { log, reopen } = await opens();
      await log.deadLetter(blockOf(NOVEMBER, 'letter', { facts: 7 }), 'rejected-by-store');
      const again = await reopen();
      const consumption = consuming(again);
      await again.append(blockOf(NOVEMBER, 'block'));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['block']), SOON);
      const letters = await again.deadLetters();
      expect(letters).toEqual([{ period: NOVEMBER, reason: 'rejected-by-store', blocks: 1, facts: 7 }]);
    });

    test(`dead letters are counted by period and reason, and nothing of the blocks is shown (${adapter})`, async () => {
      const { log } = await opens();
      expect(await log.deadLetters()).toEqual([]);
      await log.deadLetter(blockOf(NOVEMBER, 'a', { facts: 10 }), 'malformed');
      await log.deadLetter(blockOf(NOVEMBER, 'b', { facts: 20 }), 'rejected-by-store');
      await log.deadLetter(blockOf(NOVEMBER, 'c', { facts: 35 }), 'malformed');
      await log.deadLetter(blockOf(OCTOBER, 'd', { facts: 40 }), 'malformed');
      const letters = [...(await log.deadLetters())].sort((a, b) => a.facts - b.facts);
      expect(letters).toEqual([
        { period: NOVEMBER, reason: 'rejected-by-store', blocks: 1, facts: 20 },
        { period: OCTOBER, reason: 'malformed', blocks: 1, facts: 40 },
        { period: NOVEMBER, reason: 'malformed', blocks: 2, facts: 45 },
      ]);
    });

    test(`replay appends a period's dead letters again, as they were, and forgets them (${adapter})`, async () => {
      const { log, reopen } = await opens();
      const consumption = consuming(log);
      await log.deadLetter(blockOf(NOVEMBER, 'a', { facts: 10, reports: 2 }), 'malformed');
      await log.deadLetter(blockOf(NOVEMBER, 'b', { facts: 20, reports: 4 }), 'rejected-by-store');
      await log.deadLetter(blockOf(OCTOBER, 'c', { facts: 30 }), 'malformed');
      expect(await log.replay(NOVEMBER)).toBe(2);
      await vi.waitFor(() => expect([...consumption.texts].sort()).toEqual(['a', 'b']), SOON);
      const [a] = consumption.batches.flat().filter((block) => textOf(block) === 'a');
      expect(a).toMatchObject({ period: NOVEMBER, facts: 10, reports: 2 });
      await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
      await consumption.stop();
      const again = await reopen();
      expect(await again.deadLetters()).toEqual([{ period: OCTOBER, reason: 'malformed', blocks: 1, facts: 30 }]);
      expect(await again.replay(NOVEMBER)).toBe(0);
      expect(await again.replay(SEPTEMBER)).toBe(0);
    });

    test(`drop forgets a period's dead letters and hands them to nobody (${adapter})`, async () => {
      const { log, reopen } = await opens();
      await log.deadLetter(blockOf(NOVEMBER, 'a', { facts: 10 }), 'malformed');
      await log.deadLetter(blockOf(NOVEMBER, 'b', { facts: 20 }), 'rejected-by-store');
      await log.deadLetter(blockOf(OCTOBER, 'c', { facts: 30 }), 'malformed');
      expect(await log.drop(NOVEMBER)).toBe(2);
      expect(await log.drop(NOVEMBER)).toBe(0);
      expect(await log.drop(SEPTEMBER)).toBe(0);
      const again = await reopen();
      expect(await again.deadLetters()).toEqual([{ period: OCTOBER, reason: 'malformed', blocks: 1, facts: 30 }]);
      expect(await again.pending(GROUP, NOVEMBER)).toBe(0);
    });

    test(`a dead letter that is set aside after a replay is there (${adapter})`, async () => {
      const { log } = await opens();
      await log.deadLetter(blockOf(NOVEMBER, 'a', { facts: 10 }), 'malformed');
      expect(await log.replay(NOVEMBER)).toBe(1);
      await log.deadLetter(blockOf(NOVEMBER, 'b', { facts: 20 }), 'malformed');
      expect(await log.deadLetters()).toEqual([{ period: NOVEMBER, reason: 'malformed', blocks: 1, facts: 20 }]);
      expect(await log.replay(NOVEMBER)).toBe(1);
    });

    test(`destroy leaves no byte of the period's blocks and dead letters (${adapter})`, async () => {
      const { log, dataDirs } = await opens();
      const [committed, waiting, letter, kept] = [canary(), canary(), canary(), canary()];
      await log.append(blockOf(OCTOBER, committed));
      const consumption = consuming(log);
      await vi.waitFor(async () => expect(await log.pending(GROUP, OCTOBER)).toBe(0), SOON);
      await consumption.stop();
      await log.append(blockOf(OCTOBER, waiting));
      await log.deadLetter(blockOf(OCTOBER, letter), 'malformed');
      await log.append(blockOf(NOVEMBER, kept));
      for (const planted of [waiting, letter, kept]) expect(tracesOf(planted, dataDirs)).not.toEqual([]);

      await log.destroy(OCTOBER);

      const gone = [committed, waiting, letter];
      await vi.waitFor(() => expect(gone.flatMap((text) => tracesOf(text, dataDirs))).toEqual([]), SOON);
      expect(tracesOf(kept, dataDirs)).not.toEqual([]);
      expect(await log.periods()).toEqual([NOVEMBER]);
      expect(await log.pending(GROUP, OCTOBER)).toBe(0);
      expect(await log.deadLetters()).toEqual([]);
    });

    test(`destroying a period that is not there is no error (${adapter})`, async () => {
      const { log } = await opens();
      await log.destroy(SEPTEMBER);
      await log.append(blockOf(NOVEMBER, 'block'));
      await log.destroy(SEPTEMBER);
      expect(await log.periods()).toEqual([NOVEMBER]);
    });

    test(`blocks of a destroyed period are not handed over, those of others are (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(OCTOBER, 'october'));
      await log.append(blockOf(NOVEMBER, 'november'));
      await log.destroy(OCTOBER);
      const consumption = consuming(log);
      await vi.waitFor(() => expect(consumption.texts).toEqual(['november']), SOON);
      await quiet();
      expect(consumption.texts).toEqual(['november']);
    });

    test(`a period that is destroyed while its blocks wait is not handed over (${adapter})`, async () => {
      const { log } = await opens();
      const consumption = consuming(log, { minReports: 2, maxWaitMs: 3_600_000 });
      await log.append(blockOf(OCTOBER, 'october'));
      await pause(1_500);
      await log.destroy(OCTOBER);
      await log.append(blockOf(NOVEMBER, 'november', { reports: 2 }));
      await vi.waitFor(() => expect(consumption.texts).toContain('november'), SOON);
      expect(consumption.texts).toEqual(['november']);
    });

    test(`a period that is destroyed while its handler rejects does not come again (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(OCTOBER, 'october'));
      let attempts = 0;
      const consumption = consuming(log, {
        before: async ([block]) => {
          if (block!.period === NOVEMBER) return;
          attempts++;
          throw new Error('the store is down');
        },
      });
      await vi.waitFor(() => expect(attempts).toBeGreaterThan(0), SOON);
      await log.destroy(OCTOBER);
      await log.append(blockOf(NOVEMBER, 'november'));
      await vi.waitFor(() => expect(consumption.texts).toEqual(['november']), SOON);
      const before = attempts;
      await quiet();
      expect(attempts).toBe(before);
    });

    test(`check resolves while the log can take and give blocks, and rejects after close (${adapter})`, async () => {
      const { log } = await opens();
      await log.check();
      await log.close();
      await expect(log.check()).rejects.toMatchObject({ code: 'closed' });
    });

    test(`close waits for appends in flight (${adapter})`, async () => {
      const { log, reopen } = await opens();
      const outcomes: string[] = [];
      const appends = Array.from({ length: 20 }, (_, n) =>
        log.append(blockOf(NOVEMBER, `block ${n}`)).then(() => outcomes.push('appended')),
      );
      await log.close();
      expect(outcomes).toHaveLength(20);
      await Promise.all(appends);
      const consumption = consuming(await reopen());
      await vi.waitFor(() => expect(consumption.texts).toHaveLength(20), SOON);
    });

    test(`after close nothing is taken and nothing is given (${adapter})`, async () => {
      const { log } = await opens();
      await log.append(blockOf(NOVEMBER, 'block'));
      await log.close();
      const closed = { code: 'closed', retryable: true };
      const options = { maxWaitMs: 0, minReports: 1, maxBytes: 100, signal: new AbortController().signal };
      await expect(log.append(blockOf(NOVEMBER, 'late'))).rejects.toMatchObject(closed);
      await expect(log.deadLetter(blockOf(NOVEMBER, 'late'), 'malformed')).rejects.toMatchObject(closed);
      await expect(log.consume(GROUP, async () => {}, options)).rejects.toMatchObject(closed);
      await expect(log.pending(GROUP, NOVEMBER)).rejects.toMatchObject(closed);
      await log.close();
    });
  });
}

/** Text that no compression makes shorter, and that is nowhere else. */
export function canary(): string {
  return randomBytes(3_000).toString('base64');
}

/** The files that hold a piece of `text`, as it is or in something that gzip has compressed. */
export function tracesOf(text: string, dirs: readonly string[]): string[] {
  const pieces = [0, 500, 1_500, 2_500, 3_900].map((at) => text.slice(at, at + 48));
  const holds = (bytes: Buffer) => pieces.some((piece) => bytes.includes(piece));
  return filesBelow(dirs).filter((file) => {
    const bytes = readOrNothing(file);
    return holds(bytes) || inflated(bytes).some(holds);
  });
}

function filesBelow(dirs: readonly string[]): string[] {
  return dirs.flatMap((dir) => {
    try {
      const below = readdirSync(dir, { withFileTypes: true });
      return below.flatMap((entry) =>
        entry.isDirectory() ? filesBelow([join(dir, entry.name)]) : [join(dir, entry.name)],
      );
    } catch {
      // Removed meanwhile.
      return [];
    }
  });
}

function readOrNothing(file: string): Buffer {
  try {
    return statSync(file).isFile() ? readFileSync(file) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}
