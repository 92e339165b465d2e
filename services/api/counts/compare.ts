import * as z from 'zod';
import { COMPARED_VIEWS, type CompareAnswer } from '../../../schemas/answers/compare.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { hasColumn } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { type ParameterProblem, periodRange, rangeProblems, refuse } from '../../http/query-parts.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf } from './cell-filter.ts';
import type { Reading } from './reading.ts';
import { POINT_COLUMNS, seriesOf } from './series.ts';
import { chosenRange, ofOneMoment } from './snapshots.ts';

/** `FreePBX 17`, `phone:Yealink` or `phone:Yealink:SIP-T46S`: no name that is stored holds a colon. */
const CellName = z
  .string()
  .regex(
    /^[^:\u0000-\u001f\u007f]{1,64}(:[^:\u0000-\u001f\u007f]{0,64}(:[^:\u0000-\u001f\u007f]{1,64})?)?$/,
    'not-a-cell',
  );

const Plain = z.strictObject({
  view: z.enum(COMPARED_VIEWS).default('model'),
  cell: z.array(CellName).min(2, 'two-to-five').max(5, 'two-to-five'),
  ...periodRange,
});
export type CompareQuery = z.infer<typeof Plain>;

export const CompareQuery = Plain.superRefine(refuse((query) => [...cellProblems(query), ...rangeProblems(query)]));

function cellProblems({ view, cell }: CompareQuery): ParameterProblem[] {
  const problem = (reason: string) => [{ parameter: 'cell', reason }];
  const parts = cell.map((text) => text.split(':'));
  if (parts.some((part) => part.length !== VIEW_TABLE[view].columns.length)) return problem('not-of-this-view');
  const isCategory = (name: string | undefined) => CATEGORIES.some((known) => known === name);
  if (hasColumn(view, 'category') && !parts.every(([name]) => isCategory(name))) return problem('no-such-category');
  if (parts.some((part) => part.at(-1) === '')) return problem('not-a-cell');
  return new Set(cell).size === cell.length ? [] : problem('repeated');
}

/** Two to five cells side by side. Shares are of each one's category; a platform's are of all sites. */
export async function compare(asked: CompareQuery, given: NamesDeps): Promise<Reading<CompareAnswer>> {
  const deps = ofOneMoment(given);
  const { from, to, snapshots } = await chosenRange(asked, deps);
  const { view } = asked;
  const query = { ...asked, cell: await Promise.all(asked.cell.map((text) => knownCell(text, view, deps))) };
  const series = async (text: string) => {
    const names = namesIn(text, view);
    return { ...names, points: await seriesOf(view, filterOf(names), snapshots, deps) };
  };
  return {
    snapshots,
    path: '/v1/compare',
    parameters: { ...query, from, to },
    answer: async () => ({
      view,
      from,
      to,
      threshold: deps.threshold,
      cells: await Promise.all(query.cell.map(series)),
    }),
  };
}

type CellNames = Pick<CompareAnswer['cells'][number], 'platform' | 'category' | 'vendor' | 'model'>;

/** What the text says, column by column of the view. */
function namesIn(text: string, view: CompareQuery['view']): CellNames {
  const parts = text.split(':');
  return Object.fromEntries(VIEW_TABLE[view].columns.map((column, i) => [column, parts[i] ?? '']));
}

async function knownCell(text: string, view: CompareQuery['view'], deps: NamesDeps): Promise<string> {
  const known = await knownNames(namesIn(text, view), deps, view);
  return VIEW_TABLE[view].columns.map((column) => known[column] ?? '').join(':');
}

export function compareTable({ view, threshold, cells }: CompareAnswer): Table {
  const names = view === 'platform' ? ['platform'] : ['category', 'vendor', 'model'];
  const columns = Object.fromEntries(names.map((name) => [name, 'text' as const]));
  return tableOf(
    { ...columns, ...POINT_COLUMNS, threshold: 'whole' },
    cells.flatMap(({ points, ...cell }) => points.map((point) => ({ ...cell, ...point, threshold }))),
  );
}
