import { describe, expect, test } from 'vitest';
import type { Agreement } from '../../schemas/release.ts';
import { Vendors } from '../../services/identify/vendors.ts';
import { sliceFor } from '../../services/releases/files/slice.ts';
import type { PublishedCell } from '../../services/releases/numbers/published.ts';
import { madeUpMonth, vendors } from '../support/made-up-release.ts';

describe('a brand belongs to itself and to every owner above it', () => {
  test.each([
    ['Polycom', 'Polycom', true],
    ['Polycom', 'Poly', true],
    ['Polycom', 'HP', true],
    ['HP', 'Polycom', false],
    ['Sipura', 'Linksys', true],
    ['Yealink', 'Poly', false],
    ['nobody has heard of it', 'Poly', false],
  ])('%s to %s: %s', (brand, owner, expected) => {
    expect(vendors.belongsTo(brand, owner)).toBe(expected);
  });

  test('and brands that own each other end', () => {
    const circle = new Vendors([
      { name: 'A', aliases: [], owner: 'B' },
      { name: 'B', aliases: [], owner: 'A' },
    ]);
    expect(circle.belongsTo('A', 'B')).toBe(true);
    expect(circle.belongsTo('A', 'C')).toBe(false);
  });
});

describe('a party sees', () => {
  const agreed = (more: Partial<Agreement>): Agreement => ({
    party: 'P',
    vendors: [],
    lineage: true,
    platforms: [],
    contact: 'x',
    delivery: { kind: 'download' },
    ...more,
  });
  const month = madeUpMonth();
  const ofAll = (cell: PublishedCell) => cell.query === 'all' || cell.query === 'at_cap';
  const seen = (more: Partial<Agreement>) =>
    sliceFor(agreed(more), month, vendors).cells.filter((cell) => !ofAll(cell));
  const vendorsOf = (cells: readonly PublishedCell[]) => [...new Set(cells.map(({ vendor }) => vendor))].sort();

  test('every number under its own brand and none under another', () => {
    const cells = seen({ vendors: ['Yealink'] });
    expect(cells).toEqual(month.cells.filter(({ vendor }) => vendor === 'Yealink'));
    expect(new Set(cells.map(({ query }) => query))).toEqual(
      new Set(['platform_vendor', 'phone_vendor', 'phone_model', 'endpoint_model']),
    );
  });

  test('cards, processors and boards of its own', () => {
    const cells = seen({ vendors: ['Digium', 'Intel', 'Supermicro'] });
    expect(cells.map(({ query }) => query)).toEqual(['pci_model', 'nic_model', 'cpu', 'board']);
  });

  test('brands that belong to it, at whatever height of the chain it stands', () => {
    expect(vendorsOf(seen({ vendors: ['Poly'] }))).toEqual(['Poly', 'Polycom']);
    expect(vendorsOf(seen({ vendors: ['HP'] }))).toEqual(['Poly', 'Polycom']);
    expect(vendorsOf(seen({ vendors: ['Polycom'] }))).toEqual(['Polycom']);
  });

  test('those only where its agreement says so', () => {
    expect(vendorsOf(seen({ vendors: ['Poly'], lineage: false }))).toEqual(['Poly']);
    expect(seen({ vendors: ['HP'], lineage: false })).toEqual([]);
  });

  test('its platforms with every version, and which makers stand under them', () => {
    const cells = seen({ platforms: ['FreePBX'] });
    expect(cells).toEqual(month.cells.filter(({ platform }) => platform.startsWith('FreePBX ')));
    expect(cells.some(({ query }) => query === 'platform')).toBe(true);
    expect(seen({ platforms: ['FreePBX 17'] }).every(({ platform }) => platform === 'FreePBX 17')).toBe(true);
  });

  test('no platform whose name only begins like its own', () => {
    expect(seen({ platforms: ['Free'] })).toEqual([]);
    expect(seen({ platforms: ['FreePBX 1'] })).toEqual([]);
    const distro = {
      ...month.cells.find(({ query }) => query === 'platform'),
      platform: 'FreePBX Distro 17',
    } as PublishedCell;
    const published = { ...month, cells: [distro] };
    expect(sliceFor(agreed({ platforms: ['FreePBX'] }), published, vendors).cells).toEqual([]);
    expect(sliceFor(agreed({ platforms: ['FreePBX Distro'] }), published, vendors).cells).toEqual([distro]);
  });

  test('nothing under nobody’s brand', () => {
    const everybody = [...vendorsOf(month.cells), ''];
    expect(month.cells.some(({ query }) => query === 'memory')).toBe(true);
    expect(seen({ vendors: everybody }).filter(({ vendor }) => vendor === '')).toEqual([]);
  });

  test('the size of the fleet and what the caps hide, even when it sees nothing else', () => {
    const { cells } = sliceFor(agreed({}), month, vendors);
    expect(cells.map(({ query, sites }) => [query, sites])).toEqual([
      ['all', 8_125],
      ['at_cap', 610],
    ]);
  });

  test('how much of its own part of the list is published, and of nobody else’s', () => {
    const { coverage } = sliceFor(agreed({ vendors: ['Yealink'] }), month, vendors);
    expect(coverage.find(({ query }) => query === 'phone_model')).toMatchObject({ listed: 7, published: 6 });
    expect(coverage.some(({ query }) => query === 'platform' || query === 'all')).toBe(false);
  });
});
