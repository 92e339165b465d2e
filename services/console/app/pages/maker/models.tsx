import type { VendorAnswer } from '../../lib/answers.ts';
import { count, monthShortYear, monthYear, percent } from '../../lib/format.ts';
import { headline, many } from '../../lib/words.ts';
import { Name, Trend } from '../../parts/numbers.tsx';
import { RankCells, RankHead } from '../../parts/ranking.tsx';
import { Nothing } from '../../parts/states.tsx';

/** All its models that are shown. */
export function Models({
  answer,
  vendor,
  category,
  keep,
}: {
  answer: VendorAnswer;
  vendor: string;
  category: string;
  keep: { period: string | undefined; compare: string | undefined };
}) {
  if (answer.models.length === 0)
    return (
      <Nothing title={`No model of ${vendor} is shown.`}>
        In {monthYear(answer.period)}, fewer than {answer.threshold} sites have each of them, or none: the two are not
        told apart.
      </Nothing>
    );
  const most = answer.models[0]?.sites ?? 1;
  const brands = new Set(answer.models.map(({ brand }) => brand)).size > 1;
  return (
    <table class="rk">
      <thead>
        <tr>
          <RankHead name="Model" compare={answer.compare} />
          <th scope="col" class="num w">
            {headline(category)}
          </th>
          <th scope="col" class="num w">
            Of {many(category)}
          </th>
          <th scope="col" class="w">
            12 months
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.models.map((row) => (
          <tr key={`${row.brand}/${row.model}`}>
            <td class="name">
              <Name
                names={{ category: row.category, vendor: row.brand, model: row.model }}
                keep={keep}
                short={!brands}
              />
              {row.sold !== null && <small> sold until {monthShortYear(row.sold)}</small>}
            </td>
            <RankCells row={row} most={most} compare={answer.compare} />
            <td class="num w">{count(row.devices)}</td>
            <td class="num w">{percent(row.devicesShare)}</td>
            <td class="sp w">
              <Trend points={row.trend} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
