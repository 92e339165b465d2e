import { describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { WaitingBlocks } from '../../services/adapters/kafka/waiting-blocks.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { Block } from '../../services/ports/block.ts';

const [OCTOBER, NOVEMBER] = ['2026-10', '2026-11'].map(parsePeriod) as [Period, Period];
const OPTIONS = { minReports: 10, maxWaitMs: 1_000, maxBytes: 100 };

function blockOf(period: Period, { reports = 1, bytes = 10 } = {}): Block {
  return { period, facts: 1, reports, bytes: new Uint8Array(bytes) };
}

/** Blocks at offsets 0, 1, 2, … of partition 0, all come at the time 0. */
function waiting(...blocks: (Block | null)[]): WaitingBlocks {
  const line = new WaitingBlocks(OPTIONS);
  for (const [n, block] of blocks.entries())
    line.add(block?.period ?? NOVEMBER, { partition: 0, offset: BigInt(n) }, block, 0);
  return line;
}

describe('blocks that wait to be handed over', () => {
  test('are due when the first has waited long enough, and not before', () => {
    const line = waiting(blockOf(NOVEMBER), blockOf(NOVEMBER));
    expect(line.due(999)).toBeUndefined();
    expect(line.dueIn(400)).toBe(600);
    expect(line.due(1_000)).toBe(NOVEMBER);
  });

  test('are due at once when there are reports enough, or bytes enough for a batch', () => {
    expect(waiting(blockOf(NOVEMBER, { reports: 10 })).due(0)).toBe(NOVEMBER);
    expect(waiting(blockOf(NOVEMBER, { bytes: 100 })).due(0)).toBe(NOVEMBER);
  });

  test('are never due when there are none', () => {
    expect(new WaitingBlocks(OPTIONS).due(1e9)).toBeUndefined();
    expect(new WaitingBlocks(OPTIONS).dueIn(0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('of the oldest period go first as soon as any are due', () => {
    const line = waiting(blockOf(NOVEMBER, { reports: 10 }), blockOf(OCTOBER));
    expect(line.due(0)).toBe(OCTOBER);
    line.take(OCTOBER, 0);
    expect(line.due(0)).toBe(NOVEMBER);
  });

  test('leave in batches of no more bytes than allowed, a larger one alone', () => {
    const line = waiting(...[60, 40, 10, 500, 20].map((bytes) => blockOf(NOVEMBER, { bytes })));
    const sizes = [1, 2, 3].map(() => line.take(NOVEMBER, 0).blocks.map(({ bytes }) => bytes.byteLength));
    expect(sizes).toEqual([[60, 40], [10], [500]]);
    expect(line.take(NOVEMBER, 0).commit.get(0)).toBe(5n);
  });

  test('that stay behind have waited as long as before', () => {
    const line = waiting(...[60, 60].map((bytes) => blockOf(NOVEMBER, { bytes })));
    line.take(NOVEMBER, 900);
    expect(line.due(999)).toBeUndefined();
    expect(line.due(1_000)).toBe(NOVEMBER);
  });

  test('are committed by partition, after the last that was taken', () => {
    const line = new WaitingBlocks(OPTIONS);
    line.add(NOVEMBER, { partition: 0, offset: 7n }, blockOf(NOVEMBER), 0);
    line.add(NOVEMBER, { partition: 1, offset: 3n }, blockOf(NOVEMBER), 0);
    line.add(NOVEMBER, { partition: 0, offset: 8n }, blockOf(NOVEMBER), 0);
    expect([...line.take(NOVEMBER, 0).commit]).toEqual([
      [0, 9n],
      [1, 4n],
    ]);
  });

  test('markers are committed at once when they are alone, and with the blocks around them otherwise', () => {
    const alone = waiting(null);
    expect(alone.due(0)).toBe(NOVEMBER);
    expect(alone.take(NOVEMBER, 0)).toEqual({ period: NOVEMBER, blocks: [], commit: new Map([[0, 1n]]) });
    const among = waiting(blockOf(NOVEMBER), null);
    expect(among.due(0)).toBeUndefined();
    expect(among.take(NOVEMBER, 0).commit.get(0)).toBe(2n);
  });

  test('of a forgotten period are gone', () => {
    const line = waiting(blockOf(OCTOBER), blockOf(NOVEMBER));
    line.forget(OCTOBER);
    expect(line.due(1_000)).toBe(NOVEMBER);
    line.clear();
    expect(line.due(1_000)).toBeUndefined();
  });
});
