import { describe, expect, test } from 'vitest';
import type { NoisedCell, ReleaseCell } from '../../schemas/release.ts';
import { cellKey } from '../../services/core/release-cell.ts';
import { holdUnusual } from '../../services/releases/numbers/held.ts';
import type { UnheldCell } from '../../services/releases/numbers/noise.ts';

const cell = (query: ReleaseCell['query'], name: string, sites: number): UnheldCell => ({
  ...{ query, category: '', phones: null, sites },
  platform: query === 'platform' ? name : '',
  vendor: query === 'phone_vendor' ? name : '',
  model: ['phone_model', 'cpu'].includes(query) ? name : '',
});

/** A fleet of 2,000 sites whose cells moved by about `churn` of themselves, up and down in turn. */
function fleet(growth = 1, churn = 0, more: Readonly<Record<string, number>> = {}): UnheldCell[] {
  const sizes = [900, 700, 500, 400, 300, 250, 200, 180, 160, 150];
  const moved = (name: string, n: number, i: number) =>
    Math.round(n * growth * (1 + (i % 2 ? churn : -churn)) + (more[name] ?? 0));
  return [
    cell('all', '', Math.round(2_000 * growth + (more.all ?? 0))),
    ...(['platform', 'phone_vendor', 'phone_model', 'cpu'] as const).flatMap((query) =>
      sizes.map((n, i) => cell(query, `${query} ${i}`, moved(`${query} ${i}`, n, i))),
    ),
  ];
}

const context = { profile: 'noised', cap: 24, threshold: 10 } as const;
const asBefore = (cells: readonly UnheldCell[]) => ({
  ...context,
  cells: cells.map((one): NoisedCell => ({ ...one, held: null })),
});
const hold = (
  now: readonly UnheldCell[],
  before: readonly UnheldCell[] | undefined,
  known: (c: ReleaseCell) => boolean = () => true,
) => holdUnusual({ now: context, cells: now, before: before && asBefore(before), known });
const reasons = (cells: readonly NoisedCell[]) =>
  cells.flatMap(({ query, platform, vendor, model, held }) =>
    held ? [`${query} ${platform || vendor || model}: ${held}`] : [],
  );

describe('a number is held', () => {
  test('not at all in an installation’s first release', () => {
    expect(reasons(hold(fleet(9), undefined, () => false))).toEqual([]);
  });

  test('not for growing as the whole fleet does, however fast', () => {
    expect(reasons(hold(fleet(1.2), fleet()))).toEqual([]);
  });

  test('not for moving as cells of this fleet do from month to month', () => {
    expect(reasons(hold(fleet(1, 0.15), fleet()))).toEqual([]);
  });

  test('for growing far beyond noise and churn', () => {
    const now = fleet(1, 0, { 'phone_model 6': 150 });
    expect(reasons(hold(now, fleet()))).toEqual(['phone_model phone_model 6: growth']);
  });

  test('when it is the invented phone of 90 sites, under a name that releases have shown and under one that none has', () => {
    const now = [...fleet(1, 0, { all: 90 }), cell('phone_model', 'T99', 90)];
    expect(reasons(hold(now, fleet()))).toEqual(['phone_model T99: growth']);
    expect(reasons(hold(now, fleet(), (one) => one.model !== 'T99'))).toEqual(['phone_model T99: growth']);
  });

  test('by the fleet’s own churn: what is a flood in a still fleet is a month like others in a lively one', () => {
    const grown = { 'phone_model 6': 90 };
    expect(reasons(hold(fleet(1, 0, grown), fleet()))).toHaveLength(1);
    expect(reasons(hold(fleet(1, 0.2, grown), fleet()))).toEqual([]);
  });

  test('not for shrinking: nobody invents sites that are gone', () => {
    expect(reasons(hold(fleet(1, 0, { 'phone_model 6': -150 }), fleet()))).toEqual([]);
  });

  test('with others that grew by the same number: invented sites are in a platform, a maker, a model, a processor', () => {
    const flood = { all: 100, 'platform 6': 113, 'phone_vendor 6': 116, 'phone_model 6': 114, 'cpu 6': 117 };
    const held = hold(fleet(1, 0.06, flood), fleet());
    expect(reasons(held).filter((reason) => reason.endsWith('equal-steps')).length).toBeGreaterThanOrEqual(3);
    // One of them alone is no flood.
    expect(reasons(hold(fleet(1, 0.06, { 'platform 6': 100 }), fleet()))).toEqual([]);
  });

  test('as a new name, when no release has shown it', () => {
    const held = hold(fleet(), fleet(), (one) => one.model !== 'phone_model 3');
    expect(reasons(held)).toEqual(['phone_model phone_model 3: new-name']);
  });

  test('only if it is published: what no release shows needs no look', () => {
    const small = [...fleet(), cell('phone_model', 'rare', 12)];
    expect(reasons(hold(small, fleet(), (one) => one.model !== 'rare'))).toEqual([]);
  });

  test('and keeps its numbers and its place, and so do all others', () => {
    const now = fleet(1, 0, { 'phone_model 6': 150 });
    expect(hold(now, fleet()).map(({ held: _, ...rest }) => rest)).toEqual(now);
    expect(new Set(hold(now, fleet()).map(cellKey)).size).toBe(now.length);
  });

  test('the number of all sites only by much more than a fleet grows in a month', () => {
    expect(reasons(hold(fleet(1.25), fleet()))).toEqual([]);
    const [all] = hold(fleet(1.6), fleet());
    expect(all?.held).toBe('growth');
  });
});
