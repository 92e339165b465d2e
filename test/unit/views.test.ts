import { describe, expect, test } from 'vitest';
import { CATEGORIES, VIEWS } from '../../schemas/cell-names.ts';
import { QUERY_NAMES } from '../../schemas/release.ts';
import { CATEGORY_TABLE, GROUPS } from '../../services/core/categories.ts';
import { laneOf } from '../../services/core/lanes.ts';
import { hasPublicNames, scopeColumns, scopesNamed, totalCell } from '../../services/core/view-rules.ts';
import { VIEW_TABLE, type ViewDefinition } from '../../services/core/views.ts';
import { VIEW_COLUMNS } from '../support/view-columns.ts';

const rows = Object.entries(VIEW_TABLE) as [keyof typeof VIEW_TABLE, ViewDefinition][];

describe('the table of views', () => {
  test('has a row for each name on the wire: without one the program does not compile', () => {
    expect(rows.map(([view]) => view).sort()).toEqual([...VIEWS].sort());
    const { unlisted: _, ...others } = VIEW_TABLE;
    // @ts-expect-error a view without a row
    const incomplete: typeof VIEW_TABLE = others;
    expect(incomplete.unlisted).toBeUndefined();
    // @ts-expect-error a row that does not say everything
    const row: ViewDefinition = { columns: [], from: 'report' };
    expect(row.scopes).toBeUndefined();
  });

  test('has the columns that are specified', () => {
    for (const [view, { columns }] of rows) expect(columns, view).toEqual(VIEW_COLUMNS[view]);
  });

  test('names a view behind the one that its facts are made from', () => {
    const order = rows.map(([view]) => view as string);
    for (const [view, { from }] of rows)
      if (from !== 'report' && from !== 'lines') expect(order.indexOf(from), view).toBeLessThan(order.indexOf(view));
  });

  test('has devices where it sorts by them, and none by platform', () => {
    for (const [view, { devices, sorts, columns }] of rows) {
      expect(sorts.includes('devices'), view).toBe(devices !== 'none');
      expect(columns.includes('platform') && devices !== 'none', view).toBe(false);
      // Summed from models: by columns that models have.
      if (devices === 'models') for (const column of columns) expect(['category', 'vendor'], view).toContain(column);
    }
  });

  test('has scopes that are coarser, end with all sites, and are stored in places of their own', () => {
    for (const [view, { scopes, only }] of rows) {
      expect(scopes.at(-1), view).toBe('site');
      for (const scope of scopes) {
        expect(VIEW_TABLE[scope].columns, view).not.toContain('model');
        const missing = VIEW_TABLE[scope].columns.filter((column) => !VIEW_TABLE[view].columns.includes(column));
        expect(missing, `${view} in ${scope}`).toEqual(missing.length > 0 && only ? ['category'] : []);
      }
      expect(new Set(scopes.map((scope) => scopeColumns(view, scope).join())).size, view).toBe(scopes.length);
    }
    expect(VIEWS.filter(hasPublicNames)).toEqual(['site', 'category']);
  });

  test('filters by columns that the view has', () => {
    for (const [view, { filters, columns }] of rows)
      for (const filter of filters) expect(columns, view).toContain(filter);
  });
});

describe('a filter', () => {
  test('names the coarser cell that its numbers are parts of', () => {
    const none = { platform: '', category: '', vendor: '' };
    expect(totalCell('model', {})).toEqual({ view: 'site', ...none });
    expect(totalCell('model', { category: 'phone' })).toEqual({ view: 'category', ...none, category: 'phone' });
    expect(totalCell('model', { category: 'phone', vendor: 'Poly' })).toEqual({
      ...{ view: 'vendor', ...none, category: 'phone', vendor: 'Poly' },
    });
    expect(totalCell('platform_vendor', { vendor: 'Poly' })).toEqual({
      ...{ view: 'vendor', ...none, category: 'phone', vendor: 'Poly' },
    });
    expect(totalCell('platform_vendor', { platform: '3CX 20', vendor: 'Poly' })).toEqual({
      ...{ view: 'platform', ...none, platform: '3CX 20' },
    });
  });

  test('names the scopes of what is held back, up to one that is always kept', () => {
    expect(scopesNamed('model', { category: 'phone', vendor: 'Poly' })).toEqual([['category', 'vendor'], ['category']]);
    expect(scopesNamed('model', {})).toEqual([[]]);
    expect(scopesNamed('platform_vendor', { platform: '3CX 20', vendor: 'Poly' })).toEqual([['platform'], []]);
    expect(scopesNamed('platform_vendor', { vendor: 'Poly' })).toEqual([['vendor'], []]);
    expect(scopesNamed('category', { category: 'phone' })).toEqual([[]]);
  });
});

describe('the table of categories', () => {
  test('has a question of a release for every group that has a lane, and for no other', () => {
    for (const { lane, query } of Object.values(GROUPS)) expect(lane === null).toBe(query === null);
    const asked = Object.values(GROUPS).flatMap(({ query }) => query ?? []);
    expect(new Set(asked).size).toBe(asked.length);
    for (const query of asked) expect(QUERY_NAMES).toContain(query);
    expect(CATEGORIES.filter((category) => laneOf(category) === null)).toEqual(['virtual']);
  });

  test('has a row for each name on the wire: no category is an endpoint by silence', () => {
    expect(Object.keys(CATEGORY_TABLE).sort()).toEqual([...CATEGORIES].sort());
    const { headset: _, ...others } = CATEGORY_TABLE;
    // @ts-expect-error a category without a row
    const incomplete: typeof CATEGORY_TABLE = others;
    expect(incomplete.headset).toBeUndefined();
  });
});
