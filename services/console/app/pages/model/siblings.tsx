import type { ModelAnswer, Row } from '../../lib/answers.ts';
import { count } from '../../lib/format.ts';
import { headline, many } from '../../lib/words.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Name, Trend } from '../../parts/numbers.tsx';
import { Panel } from '../../parts/panel.tsx';
import { RankCells, RankHead } from '../../parts/ranking.tsx';
import type { Names } from './names.ts';

export function Siblings({
  answer,
  names,
  keep,
}: {
  answer: ModelAnswer | undefined;
  names: Names;
  keep: { period: string | undefined; compare: string | undefined };
}) {
  const rows = answer?.siblings ?? [];
  const most = Math.max(1, ...rows.map(({ sites }) => sites));
  const { category, vendor, model } = names;
  return (
    <Panel
      title={`All ${vendor} ${many(category)}`}
      class="c8"
      sub={
        answer &&
        (rows.length === 0 ? 'None is shown in this month' : `${rows.length} of ${answer.siblingsInAll}, sites first`)
      }
      tools={
        <ExportMenu
          of={{
            path: '/v1/counts',
            params: { view: 'model', category, vendor, period: answer?.period, compare: answer?.compare ?? undefined },
          }}
          rows={answer?.siblingsInAll}
        />
      }
      method={
        answer
          ? `Shares are of the ${count(answer.total.sites)} sites with ${many(category)}. A site can have several of these models.`
          : undefined
      }
    >
      {rows.length > 0 && (
        <table class="rk">
          <thead>
            <tr>
              <RankHead name="Model" compare={answer?.compare} />
              <th scope="col" class="num w">
                {headline(category)}
              </th>
              <th scope="col" class="w">
                12 months
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Sibling
                key={row.model}
                row={row}
                most={most}
                me={row.model === model}
                keep={keep}
                since={answer?.compare}
              />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Sibling({
  row,
  most,
  me,
  keep,
  since,
}: {
  row: Row;
  most: number;
  me: boolean;
  since: string | null | undefined;
  keep: { period: string | undefined; compare: string | undefined };
}) {
  return (
    <tr class={me ? 'me' : ''}>
      <td class="name">
        <Name names={row} keep={keep} short />
      </td>
      <RankCells row={row} most={most} compare={since} />
      <td class="num w">{count(row.devices)}</td>
      <td class="sp w">
        <Trend points={row.trend} />
      </td>
    </tr>
  );
}
