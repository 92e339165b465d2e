import type { Row } from '../lib/answers.ts';
import { count, monthShort, percent } from '../lib/format.ts';
import { Bar, Since } from './numbers.tsx';

/** What stands over changes: the month they are against, or none where there is none to compare with. */
export function sinceWords(compare: string | null | undefined): string {
  return compare ? `Since ${monthShort(compare)}` : 'Change';
}

/** Over the first columns of a ranking: the name, then what `RankCells` shows, most sites first. */
export function RankHead({ name, compare }: { name: string; compare: string | null | undefined }) {
  return (
    <>
      <th scope="col" class="name">
        {name}
      </th>
      <th scope="col" class="num" aria-sort="descending">
        Sites
      </th>
      <th scope="col" class="num">
        Share
      </th>
      <th scope="col" class="num">
        {sinceWords(compare)}
      </th>
    </>
  );
}

/** Sites beside the `most` of the ranking, their share, and how it changed. */
export function RankCells({
  row,
  most,
  compare,
}: {
  row: Pick<Row, 'sites' | 'sitesShare' | 'before' | 'change'>;
  most: number;
  compare: string | null | undefined;
}) {
  return (
    <>
      <td class="barc">
        <div class="bn">
          <Bar part={row.sites / most} pale={row.change?.few ?? false} />
          <span>{count(row.sites)}</span>
        </div>
      </td>
      <td class="num">{percent(row.sitesShare)}</td>
      <td class="num">
        <Since row={row} compare={compare} />
      </td>
    </>
  );
}
