import { describe, expect, test } from 'vitest';
import type { NoisedCell } from '../../schemas/release.ts';
import { holdJumps } from '../../services/releases/numbers/held.ts';

/** s of a phone model: 8 sites, 400 phones. Six deviations of a difference: 67.9 sites, 3,394.1 phones. */
function cell(model: string, sites: number, phones: number | null = null, held = false): NoisedCell {
  return { query: 'phone_model', platform: '', category: 'phone', vendor: 'Yealink', model, sites, phones, held };
}
const heldOf = (now: NoisedCell, before: NoisedCell | undefined, threshold?: number) =>
  holdJumps([now], before ? [before] : [], threshold)[0]?.held;

describe('a cell', () => {
  test('is not held in the first period that is released', () => {
    expect(holdJumps([cell('T46S', 90_000)], undefined)).toEqual([cell('T46S', 90_000)]);
  });

  test.each([
    [100, 167, false],
    [100, 168, true],
    [130, 62, true],
    [130, 63, false],
    [500, 750, false],
    [500, 751, true],
    [500, 249, true],
    [500, 250, false],
  ])('that had %d sites and has %d is held: %s', (before, now, held) => {
    expect(heldOf(cell('T46S', now), cell('T46S', before))).toBe(held);
  });

  test('is held by its phones alone when they jump', () => {
    expect(heldOf(cell('T46S', 500, 13_394), cell('T46S', 500, 10_000))).toBe(false);
    expect(heldOf(cell('T46S', 500, 15_000), cell('T46S', 500, 10_000))).toBe(false);
    expect(heldOf(cell('T46S', 500, 15_001), cell('T46S', 500, 10_000))).toBe(true);
    expect(heldOf(cell('T46S', 500, 4_999), cell('T46S', 500, 10_000))).toBe(true);
    expect(heldOf(cell('T46S', 500, 5_000), cell('T46S', 500, 2_000))).toBe(false);
    expect(heldOf(cell('T46S', 500, 5_395), cell('T46S', 500, 2_000))).toBe(true);
  });

  test('whose phones were not there before counts as if they had stood at their gate, 1,600', () => {
    expect(heldOf(cell('T46S', 500, 4_994), cell('T46S', 500))).toBe(false);
    expect(heldOf(cell('T46S', 500, 4_995), cell('T46S', 500))).toBe(true);
    expect(heldOf(cell('T46S', 500, null), cell('T46S', 500, 50_000))).toBe(false);
  });

  test('that was not there before counts as if it had stood at its gate, 58 sites', () => {
    expect(heldOf(cell('T46S', 125), undefined)).toBe(false);
    expect(heldOf(cell('T46S', 126), undefined)).toBe(true);
    expect(heldOf(cell('T46S', 126), cell('T29G', 126))).toBe(true);
  });

  test('stands at a higher gate where the threshold is higher', () => {
    expect(heldOf(cell('T46S', 135), undefined, 20)).toBe(false);
    expect(heldOf(cell('T46S', 136), undefined, 20)).toBe(true);
  });

  test('that was held before is compared with what it was then, and not held for ever', () => {
    expect(heldOf(cell('T46S', 900), cell('T46S', 880, null, true))).toBe(false);
  });

  test('is judged by the noise of its own query', () => {
    const platform = (sites: number): NoisedCell => ({
      ...{ query: 'platform', platform: 'FreePBX 17', category: '', vendor: '', model: '' },
      ...{ sites, phones: null, held: false },
    });
    // s^2 = 50: exactly 60.
    expect(heldOf(platform(160), platform(100))).toBe(false);
    expect(heldOf(platform(161), platform(100))).toBe(true);
  });

  test('keeps its numbers and its place', () => {
    const now = [cell('T46S', 900, 5_000), cell('T29G', 100)];
    expect(holdJumps(now, [cell('T29G', 100)])).toEqual([{ ...now[0], held: true }, now[1]]);
  });
});
