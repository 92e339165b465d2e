import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Fact } from '../../schemas/fact.ts';
import type { FactLog } from '../../services/adapters/fact-log.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { Mixer, type MixerOptions } from '../../services/ingest/mixer.ts';
import { shuffle } from '../../services/ingest/shuffle.ts';
import type { Block } from '../../services/ports/block.ts';
import type { DeadLetterCount } from '../../services/ports/dead-letters.ts';
import { Failure } from '../../services/shared/failure.ts';
import { factLine, partOf } from '../support/fact-line.ts';

const NOVEMBER = parsePeriod('2026-11');
const DECEMBER = parsePeriod('2026-12');

/** A fact log in memory: durable when told so, full when told so. Only its writing side is of use here. */
class MemoryLog implements FactLog {
  readonly blocks: Block[] = [];
  #open = true;
  #full = false;
  #waiting: (() => void)[] = [];

  async append(block: Block): Promise<void> {
    if (!this.#open) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#full) throw new Failure('log-full');
    this.blocks.push(block);
  }

  /** Appends wait until {@link flush}. */
  hold(): void {
    this.#open = false;
  }
  flush(): void {
    this.#open = true;
    for (const release of this.#waiting.splice(0)) release();
  }
  set full(full: boolean) {
    this.#full = full;
  }
  get held(): number {
    return this.#waiting.length;
  }

  async consume(): Promise<void> {}
  async pending(): Promise<number> {
    return this.blocks.length;
  }
  async periods() {
    return [...new Set(this.blocks.map((block) => block.period))].sort();
  }
  async deadLetter(): Promise<void> {}
  async deadLetters(): Promise<DeadLetterCount[]> {
    return [];
  }
  async drop(): Promise<number> {
    return 0;
  }
  async replay(): Promise<number> {
    return 0;
  }
  async destroy(): Promise<void> {}
  async check(): Promise<void> {}
  async close(): Promise<void> {}
}

const opened: Mixer[] = [];
function mixing(options: Partial<MixerOptions> = {}): { log: MemoryLog; mixer: Mixer } {
  const log = new MemoryLog();
  const mixer = new Mixer(log, { flushMs: 60_000, maxReports: 1_000, maxPending: 1_000, ...options });
  opened.push(mixer);
  return { log, mixer };
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((mixer) => mixer.close()));
});

const factsOf = (model: string, count: number) =>
  Array.from({ length: count }, (_, key): Fact => ({ ...FACT, model, key }));
const FACT = { view: 'model', platform: '', category: 'phone', vendor: 'Yealink', count: 1, version: 1 } as const;
const part = (name: string, count = 3) => partOf(factsOf(name, count));
const lines = (name: string, count = 3) => factsOf(name, count).map((fact) => factLine(NOVEMBER, fact));
/** What is no cell's name: its report cannot be broken apart. */
const FAULTY = partOf([...factsOf('good', 2), { ...FACT, model: 'a "quoted" name', key: 9 }]);
const textOf = (block: Block | undefined) => Buffer.from(block?.bytes ?? []).toString('latin1');
const linesOf = (block: Block | undefined) => textOf(block).split(/(?<=\n)/);
const codes = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((result) => (result.status === 'rejected' ? (result.reason as Failure).code : 'durable'));

describe('reports that come together', () => {
  test('travel as one block that holds every line once and says how many', async () => {
    const { log, mixer } = mixing({ maxReports: 3 });
    await Promise.all([
      mixer.add(NOVEMBER, part('a', 5)),
      mixer.add(NOVEMBER, part('b', 1)),
      mixer.add(NOVEMBER, part('c', 7)),
    ]);
    expect(log.blocks).toHaveLength(1);
    expect(log.blocks[0]).toMatchObject({ period: NOVEMBER, facts: 13, reports: 3 });
    expect(linesOf(log.blocks[0]).sort()).toEqual([...lines('a', 5), ...lines('b', 1), ...lines('c', 7)].sort());
  });

  test('are a block as soon as there are enough of them', async () => {
    const { log, mixer } = mixing({ maxReports: 2 });
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => mixer.add(NOVEMBER, part(name))));
    expect(log.blocks.map((block) => block.reports)).toEqual([2, 2]);
  });

  test('are a block when the first of them has waited long enough, and not before', async () => {
    const { log, mixer } = mixing({ flushMs: 500 });
    const began = performance.now();
    await Promise.all([mixer.add(NOVEMBER, part('a')), mixer.add(NOVEMBER, part('b'))]);
    expect(performance.now() - began).toBeGreaterThan(450);
    expect(log.blocks.map((block) => block.reports)).toEqual([2]);
  });

  test('after a block are the next block', async () => {
    const { log, mixer } = mixing({ flushMs: 1 });
    await mixer.add(NOVEMBER, part('a'));
    await mixer.add(NOVEMBER, part('b'));
    expect(log.blocks.map((block) => block.reports)).toEqual([1, 1]);
  });

  test('go into a block of their own period', async () => {
    const { log, mixer } = mixing({ flushMs: 20 });
    await Promise.all([
      mixer.add(NOVEMBER, part('november')),
      mixer.add(DECEMBER, part('december')),
      mixer.add(NOVEMBER, part('november')),
    ]);
    expect(log.blocks).toHaveLength(2);
    for (const block of log.blocks) {
      const other = block.period === NOVEMBER ? 'december' : 'november';
      expect(textOf(block)).not.toContain(other);
    }
    expect(await log.periods()).toEqual([NOVEMBER, DECEMBER]);
  });

  test('of one period do not hurry the other along', async () => {
    const { log, mixer } = mixing({ maxReports: 2 });
    const waiting = mixer.add(NOVEMBER, part('a'));
    await Promise.all([mixer.add(DECEMBER, part('b')), mixer.add(DECEMBER, part('c'))]);
    expect(log.blocks.map((block) => block.period)).toEqual([DECEMBER]);
    await mixer.close();
    await waiting;
  });

  test('do not stand in the block as they came', async () => {
    const { log, mixer } = mixing({ maxReports: 40 });
    const names = Array.from({ length: 40 }, (_, i) => `site ${i}`);
    await Promise.all(names.map((name) => mixer.add(NOVEMBER, part(name, 10))));
    const sent = names.flatMap((name) => lines(name, 10));
    const got = linesOf(log.blocks[0]);
    expect([...got].sort()).toEqual([...sent].sort());
    const inPlace = got.filter((line, i) => line === sent[i]).length;
    // One line in 400 stays in place by chance, on average one in all: 20 does not happen.
    expect(inPlace).toBeLessThan(20);
    const siteOf = (line: string) => line.slice(0, line.indexOf(',', line.indexOf('site ')));
    const neighbours = got.filter((line, i) => i > 0 && siteOf(line) === siteOf(got[i - 1] as string)).length;
    // In order 360 lines follow one of their own site; shuffled 9 do, give or take 3.
    expect(neighbours).toBeLessThan(40);
  });
});

describe('a report is durable', () => {
  test('only when its block is', async () => {
    const { log, mixer } = mixing({ maxReports: 1 });
    log.hold();
    let durable = false;
    const added = mixer.add(NOVEMBER, part('a')).then(() => {
      durable = true;
    });
    await sleep(20);
    expect(log.held).toBe(1);
    expect(durable).toBe(false);
    expect(mixer.pending).toBe(1);
    log.flush();
    await added;
    expect(mixer.pending).toBe(0);
  });

  test('or none of its block is: the failure reaches every one of them', async () => {
    const { log, mixer } = mixing({ maxReports: 3 });
    log.full = true;
    const settled = await Promise.allSettled(['a', 'b', 'c'].map((name) => mixer.add(NOVEMBER, part(name))));
    expect(codes(settled)).toEqual(['log-full', 'log-full', 'log-full']);
    expect(mixer.pending).toBe(0);
  });

  test('again once the log takes blocks again, and nothing of the failed block comes back', async () => {
    const { log, mixer } = mixing({ maxReports: 1 });
    log.full = true;
    await expect(mixer.add(NOVEMBER, part('lost'))).rejects.toMatchObject({
      code: 'log-full',
      retryable: true,
    });
    log.full = false;
    await mixer.add(NOVEMBER, part('kept'));
    expect(log.blocks.map(textOf).join('')).not.toContain('lost');
    expect(log.blocks).toHaveLength(1);
  });

  test('although another report of its block is faulty: nothing of that one is in the block, and it alone is told', async () => {
    const { log, mixer } = mixing({ maxReports: 3 });
    const parts = [part('a'), FAULTY, part('c')];
    const settled = await Promise.allSettled(parts.map((one) => mixer.add(NOVEMBER, one)));
    expect(codes(settled)).toEqual(['durable', 'unsafe-name', 'durable']);
    expect(log.blocks).toMatchObject([{ facts: 6, reports: 2 }]);
    expect(linesOf(log.blocks[0]).sort()).toEqual([...lines('a'), ...lines('c')].sort());
  });

  test('or faulty, and alone: then there is no block', async () => {
    const { log, mixer } = mixing({ maxReports: 1 });
    await expect(mixer.add(NOVEMBER, FAULTY)).rejects.toMatchObject({ code: 'unsafe-name' });
    expect(log.blocks).toEqual([]);
    await mixer.add(NOVEMBER, part('a'));
    expect(linesOf(log.blocks[0]).sort()).toEqual(lines('a').sort());
  });

  test('although another block fails at the same time', async () => {
    const { log, mixer } = mixing({ maxReports: 1 });
    log.hold();
    const first = mixer.add(NOVEMBER, part('a'));
    log.flush();
    await first;
    log.full = true;
    const settled = await Promise.allSettled([mixer.add(NOVEMBER, part('b'))]);
    expect(codes(settled)).toEqual(['log-full']);
    expect(log.blocks.map(textOf).join('')).toContain('"a"');
  });
});

describe('a mixer', () => {
  test('that is busy turns reports away until others are durable', async () => {
    const { log, mixer } = mixing({ maxReports: 2, maxPending: 3 });
    log.hold();
    const taken = ['a', 'b', 'c'].map((name) => mixer.add(NOVEMBER, part(name)));
    expect(mixer.pending).toBe(3);
    await expect(mixer.add(NOVEMBER, part('d'))).rejects.toMatchObject({ code: 'busy', retryable: true });
    expect(mixer.pending).toBe(3);
    log.flush();
    await Promise.all(taken.slice(0, 2));
    const later = mixer.add(NOVEMBER, part('e'));
    await Promise.all([...taken, later]);
    expect(log.blocks.map(textOf).join('')).not.toContain('"d"');
    expect(mixer.pending).toBe(0);
  });

  test('that closes appends what it has gathered, of every period, and waits for it', async () => {
    const { log, mixer } = mixing();
    log.hold();
    const added = Promise.all([mixer.add(NOVEMBER, part('a')), mixer.add(DECEMBER, part('b'))]);
    let closed = false;
    const closing = mixer.close().then(() => {
      closed = true;
    });
    await sleep(20);
    expect(log.held).toBe(2);
    expect(closed).toBe(false);
    log.flush();
    await closing;
    await added;
    expect(log.blocks).toHaveLength(2);
  });

  test('that closes while the log is full tells the waiting reports and closes all the same', async () => {
    const { log, mixer } = mixing();
    log.full = true;
    const added = Promise.allSettled([mixer.add(NOVEMBER, part('a')), mixer.add(NOVEMBER, part('b'))]);
    await mixer.close();
    expect(codes(await added)).toEqual(['log-full', 'log-full']);
  });

  test('that is closed takes no report and appends nothing more', async () => {
    const { log, mixer } = mixing({ flushMs: 5 });
    const last = mixer.add(NOVEMBER, part('a'));
    await mixer.close();
    await last;
    await expect(mixer.add(NOVEMBER, part('b'))).rejects.toMatchObject({
      code: 'closed',
      retryable: true,
    });
    await sleep(20);
    expect(log.blocks).toHaveLength(1);
    await mixer.close();
  });

  test('that gathered nothing appends nothing', async () => {
    const { log, mixer } = mixing({ flushMs: 1 });
    await sleep(10);
    await mixer.close();
    expect(log.blocks).toHaveLength(0);
  });
});

describe('a shuffle', () => {
  test('keeps every item and loses none, whatever their number', () => {
    for (const size of [0, 1, 2, 3, 10, 1_000]) {
      const items = Array.from({ length: size }, (_, i) => i);
      const shuffled = [...items];
      shuffle(shuffled);
      expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
    }
  });

  test('gives every order of four items about equally often', () => {
    const orders = new Map<string, number>();
    const runs = 24_000;
    for (let run = 0; run < runs; run++) {
      const items = ['a', 'b', 'c', 'd'];
      shuffle(items);
      const order = items.join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    const expected = runs / 24;
    const chiSquare = [...orders.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 23 degrees of freedom: past 100 once in 10^11 runs. A shuffle that swaps with any item gives about 700.
    expect(chiSquare).toBeLessThan(100);
  });

  test('takes every item to every place about equally often', () => {
    const size = 10;
    const runs = 10_000;
    const places = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let run = 0; run < runs; run++) {
      const items = Array.from({ length: size }, (_, i) => i);
      shuffle(items);
      for (const [place, item] of items.entries()) (places[item] as number[])[place]!++;
    }
    // Eight standard deviations of a place's count around 1,000.
    for (const count of places.flat()) expect(Math.abs(count - runs / size)).toBeLessThan(240);
  });
});
