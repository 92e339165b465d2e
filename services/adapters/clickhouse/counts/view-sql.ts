import { type Column, VIEWS, type View } from '../../../../schemas/cell-names.ts';
import { carriesDevices, hasColumn, hasPublicNames, LISTED_VIEW, scopeColumns } from '../../../core/view-rules.ts';
import { VIEW_TABLE } from '../../../core/views.ts';

// What services/core/views.ts says, as parts of queries. Names of views are identifiers of ours, never a caller's words.

/** Views whose facts carry devices. */
export const WITH_DEVICES = listOf(VIEWS.filter(carriesDevices));

/** Fewest sites of a shown cell of `view`, whatever the installation's threshold. */
export const LEAST_SITES = byView((view) => String(VIEW_TABLE[view].leastSites), '0');

const SCOPES = [...new Set(VIEWS.flatMap((view) => VIEW_TABLE[view].scopes))];
/** Scopes that are kept whatever is shown, and those that are kept for the shown cells of their view. */
export const KEPT_FOR_ALL = listOf(SCOPES.filter(hasPublicNames));
export const KEPT_FOR_SHOWN = listOf(SCOPES.filter((scope) => !hasPublicNames(scope)));

/**
 * The scopes that a cell of `view` is counted in when it is held back: an array of (the coarser view; platform, category
 * and vendor that the scope is stored under; the category of the coarser view's cell).
 */
export const HELD_BACK_IN = byView(
  (view) => `[${VIEW_TABLE[view].scopes.map((scope) => scopeTuple(view, scope)).join(', ')}]`,
  "[('', '', '', '', '')]",
);

function scopeTuple(view: View, scope: View): string {
  const columns = scopeColumns(view, scope);
  const stored = (column: Column) => (columns.includes(column) ? column : "''");
  const only = hasColumn(scope, 'category') ? `'${VIEW_TABLE[view].only ?? ''}'` : "''";
  const category = columns.includes('category') ? 'category' : only;
  return `('${scope}', ${stored('platform')}, ${stored('category')}, ${stored('vendor')}, ${category})`;
}

/** The expression that `of` gives for the row's view. */
function byView(of: (view: View) => string, otherwise: string): string {
  const cases = new Map<string, View[]>();
  for (const view of VIEWS) cases.set(of(view), [...(cases.get(of(view)) ?? []), view]);
  return `multiIf(${[...cases].map(([text, views]) => `view IN ${listOf(views)}, ${text}, `).join('')}${otherwise})`;
}

function listOf(names: readonly string[]): string {
  return `(${names.map((name) => `'${name}'`).join(', ')})`;
}

/**
 * The devices of the cells `c` of a view, where `shown` says which rows of the cube are. Those of coarser cells are summed
 * from the shown model cells, so that nothing is left to subtract.
 */
export function devicesOf(view: View, shown: string): { readonly expression: string; readonly join: string } {
  const { devices, columns } = VIEW_TABLE[view];
  if (devices === 'own') return { expression: 'c.devices', join: '' };
  if (devices === 'none') return { expression: '0', join: '' };
  const names = ['period', ...columns].join(', ');
  const same = ['period', ...columns].map((name) => `m.${name} = c.${name}`).join(' AND ');
  return {
    expression: 'm.d',
    join: `
LEFT JOIN (SELECT ${names}, sum(devices) AS d FROM cube WHERE ${shown} AND view = '${LISTED_VIEW}' GROUP BY ${names}) AS m
ON ${same}`,
  };
}
