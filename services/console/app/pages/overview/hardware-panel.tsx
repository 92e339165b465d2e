import { Link } from 'wouter-preact';
import { count, percent } from '../../lib/format.ts';
import { headline } from '../../lib/words.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Bar, Since } from '../../parts/numbers.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { sinceWords } from '../../parts/ranking.tsx';
import { countsOf, type Keep, type ListProps } from './list.ts';
import { PartFailed } from './part-failed.tsx';

export function HardwarePanel({ asked, category, keep }: ListProps) {
  const answer = asked.data;
  return (
    <Panel
      title="Other hardware"
      class="c8 hw"
      sub="What else is on these sites"
      tools={<ExportMenu of={countsOf(answer, 'category')} rows={answer?.rowsInAll.categories} />}
    >
      <Content asked={asked} rows={8} what="Other hardware">
        {(found) =>
          found.categories === null ? (
            <PartFailed answer={found} part="categories" again={asked.refetch} />
          ) : (
            <table>
              <thead>
                <tr>
                  <th scope="col">Category</th>
                  <th scope="col" class="barh">
                    Share of sites
                  </th>
                  <th scope="col" class="num">
                    Sites
                  </th>
                  <th scope="col" class="num">
                    Share
                  </th>
                  <th scope="col" class="num w">
                    Devices
                  </th>
                  <th scope="col" class="num">
                    {sinceWords(found.compare)}
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.categories
                  .filter((row) => row.category !== category)
                  .slice(0, 8)
                  .map((row) => (
                    <tr key={row.category}>
                      <td class="name">
                        <Link href={overviewOf(row.category, keep)}>{headline(row.category ?? '')}</Link>
                      </td>
                      <td class="barc">
                        <Bar part={row.sitesShare ?? 0} pale={row.change?.few ?? false} />
                      </td>
                      <td class="num">{count(row.sites)}</td>
                      <td class="num">{percent(row.sitesShare)}</td>
                      <td class="num w">{count(row.devices)}</td>
                      <td class="num">
                        <Since row={row} compare={found.compare} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          )
        }
      </Content>
    </Panel>
  );
}

function overviewOf(category: string | undefined, { period, compare }: Keep): string {
  const query = new URLSearchParams(
    Object.entries({ category, compare, period }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return `/?${query}`;
}
