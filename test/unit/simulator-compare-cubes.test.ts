import { describe, expect, it } from 'vitest';
import type { CubeRow } from '../../schemas/cube.ts';
import { compareCubes } from '../../services/simulator/compare-cubes.ts';

const EMPTY = { platform: '', category: '', vendor: '', model: '' } as const;
const site = (sites: number): CubeRow => ({ ...EMPTY, view: 'site', sites, devices: 0 });
const phone = (sites: number, devices: number, view: 'model' | 'unlisted' = 'model'): CubeRow => ({
  view,
  platform: '',
  category: 'phone',
  vendor: 'Yealink',
  model: 'SIP-T46S',
  sites,
  devices,
});

describe('comparing cubes', () => {
  it('finds no difference between equal cubes in any order', () => {
    expect(compareCubes([site(30), phone(12, 90)], [phone(12, 90), site(30)], 10)).toEqual([]);
  });

  it('names the cell and both numbers', () => {
    expect(compareCubes([phone(12, 90)], [phone(12, 91)], 10)).toEqual([
      {
        cell: { view: 'model', platform: '', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
        expected: { sites: 12, devices: 90 },
        actual: { sites: 12, devices: 91 },
      },
    ]);
  });

  it('finds a cell that only one side has', () => {
    expect(compareCubes([site(10)], [], 10)).toMatchObject([{ expected: { sites: 10 }, actual: undefined }]);
    expect(compareCubes([], [site(10)], 10)).toMatchObject([{ expected: undefined, actual: { sites: 10 } }]);
  });

  it('passes over cells under the threshold on both sides, and only those', () => {
    expect(compareCubes([site(9)], [], 10)).toEqual([]);
    expect(compareCubes([site(9)], [site(8)], 10)).toEqual([]);
    expect(compareCubes([site(9)], [site(10)], 10)).toHaveLength(1);
    expect(compareCubes([site(10)], [site(9)], 10)).toHaveLength(1);
  });

  it('looks at unlisted cells from 20 sites on', () => {
    expect(compareCubes([phone(19, 40, 'unlisted')], [], 10)).toEqual([]);
    expect(compareCubes([phone(20, 40, 'unlisted')], [], 10)).toHaveLength(1);
  });

  it('looks at devices only where they are counted', () => {
    expect(compareCubes([site(12)], [{ ...site(12), devices: 7 }], 10)).toEqual([]);
  });

  it('finds a cell that is there twice', () => {
    expect(compareCubes([site(12)], [site(12), site(12)], 10)).toMatchObject([{ actual: { sites: 24 } }]);
  });
});
