import type { ReleaseDocument, ReleasedCell, VendorTotal } from '../../../../schemas/release-file-1.ts';
import { type CsvValue, csvText } from '../../../shared/csv.ts';

/** One number's place. `row` is `sample`, `vendor_total` or the name of a query. */
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
  'sites_before',
  'sites_change',
  'phones_before',
  'phones_change',
] as const;

/**
 * The text of release.csv as releases of the first form have it: every number of the document, one line a cell. Each line says which release it is from and
 * whether that carries noise, because lines are copied out of their file.
 */
export function firstCsv(document: ReleaseDocument): string {
  const { period, party, revision, profile, sample, vendors, cells } = document;
  const { epsilon, delta } = document.method;
  const rows: Row[] = [
    { row: 'sample', sites: sample.sites, sites_margin: sample.sitesMargin },
    ...vendors.map(totalRow),
    ...cells.map(cellRow),
  ];
  const release = { period, party, revision, profile, epsilon, delta };
  const lines = rows.map((row): Row => ({ ...release, ...row }));
  return csvText([COLUMNS, ...lines.map((line) => COLUMNS.map((column) => line[column] ?? null))]);
}

function totalRow({ vendor, sites, sitesMargin, phones, phonesMargin }: VendorTotal): Row {
  return { row: 'vendor_total', vendor, sites, sites_margin: sitesMargin, phones, phones_margin: phonesMargin };
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
