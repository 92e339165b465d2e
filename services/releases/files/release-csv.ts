import type { EarlierMonth, ReleaseDocument, ReleasedCell } from '../../../schemas/release-file.ts';
import { type CsvValue, csvText } from '../../shared/csv.ts';

/** One number's place. `row` is the name of a query. */
type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], CsvValue>>>;

const COLUMNS = [
  'row',
  'period',
  'party',
  'revision',
  'profile',
  'epsilon',
  'delta',
  'platform',
  'category',
  'vendor',
  'model',
  'sites',
  'sites_margin',
  'share',
  'phones',
  'phones_margin',
  'phones_counted_on_a_site',
  'sites_before',
  'sites_change',
  'phones_before',
  'phones_change',
] as const;

/**
 * The text of release.csv: every number of the document, one line a cell, those of earlier months behind. Each line says
 * which release it is from and whether that carries noise, because lines are copied out of their file.
 */
export function releaseCsv(document: ReleaseDocument): string {
  const { period, party, revision, profile, cells, earlier, method } = document;
  const { epsilon, delta } = method;
  const rows: Row[] = [
    ...cells.map((cell): Row => ({ period, phones_counted_on_a_site: method.caps.join('+'), ...cellRow(cell) })),
    ...earlier.flatMap(earlierRows),
  ];
  const lines = rows.map((row): Row => ({ party, revision, profile, epsilon, delta, ...row }));
  return csvText([COLUMNS, ...lines.map((line) => COLUMNS.map((column) => line[column] ?? null))]);
}

function cellRow({ query, change, sitesMargin, phonesMargin, ...cell }: ReleasedCell): Row {
  return {
    ...cell,
    row: query,
    sites_margin: sitesMargin,
    phones_margin: phonesMargin,
    sites_before: change.beforeSites,
    sites_change: change.sites,
    phones_before: change.beforePhones,
    phones_change: change.phones,
  };
}

function earlierRows({ period, caps, cells }: EarlierMonth): Row[] {
  return cells.map(({ query, sitesMargin, phonesMargin, ...cell }): Row => {
    const names = { row: query, period, phones_counted_on_a_site: caps.join('+') };
    return { ...cell, ...names, sites_margin: sitesMargin, phones_margin: phonesMargin };
  });
}
