import { describe, expect, it } from 'vitest';
import { Random } from '../../services/simulator/random.ts';
import { fillPattern } from '../../services/simulator/user-agent.ts';

describe('the simulator’s chance', () => {
  it('repeats itself for a seed and a stream, and for no other', () => {
    expect(new Random(1, 2, 3).token()).toBe(new Random(1, 2, 3).token());
    const tokens = [1, 2].flatMap((a) => [1, 2].flatMap((b) => [1, 2].map((c) => new Random(a, b, c).token())));
    expect(new Set(tokens).size).toBe(8);
  });

  it('gives tokens of 32 bytes in base64url', () => {
    expect(new Random(5).token()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('keeps to bounds and weights', () => {
    const random = new Random(7);
    const drawn = Array.from({ length: 4000 }, () => random.int(3, 6));
    expect(new Set(drawn)).toEqual(new Set([3, 4, 5, 6]));
    const heavy = Array.from({ length: 4000 }, () => random.weighted(['a', 'b'], (c) => (c === 'a' ? 3 : 1)));
    expect(heavy.filter((c) => c === 'a').length / 4000).toBeCloseTo(0.75, 1);
  });

  it('has the median asked for', () => {
    const random = new Random(8);
    const drawn = Array.from({ length: 9999 }, () => random.logNormal(12, 1.4)).sort((a, b) => a - b);
    expect(Math.abs(drawn[4999]! - 12)).toBeLessThan(1);
  });

  it('splits into heaps that add up', () => {
    const random = new Random(9);
    for (let total = 0; total < 50; total++) {
      const heaps = random.split(total, 4);
      expect(heaps.reduce((sum, heap) => sum + heap, 0)).toBe(total);
      expect(heaps.length).toBeLessThanOrEqual(4);
      expect(heaps.every((heap) => heap > 0)).toBe(true);
    }
  });
});

describe('a User-Agent pattern', () => {
  const fill = (pattern: string) => fillPattern(pattern, '805ec0', new Random(1));

  it('is filled with numbers, choices and addresses of the maker', () => {
    expect(fill('Yealink SIP-T46S 66.86.0.{15-25}')).toMatch(/^Yealink SIP-T46S 66\.86\.0\.(1[5-9]|2[0-5])$/);
    expect(fill('{Bria|X}')).toMatch(/^(Bria|X)$/);
    expect(fill('{mac}')).toMatch(/^805ec0[0-9a-f]{6}$/);
    expect(fill('{MAC}')).toMatch(/^805EC0[0-9A-F]{6}$/);
    expect(fill('{m:c}')).toMatch(/^80:5e:c0(:[0-9a-f]{2}){3}$/);
    expect(fill('{M-C}')).toMatch(/^80-5E-C0(-[0-9A-F]{2}){3}$/);
  });

  it('with an unknown placeholder is a mistake in the simulator', () => {
    expect(() => fill('{serial}')).toThrow('serial');
  });
});
