import type { OverviewAnswer, Row } from '../../lib/answers.ts';
import { count, monthYear, plural } from '../../lib/format.ts';
import { many, one } from '../../lib/words.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Name, Trend } from '../../parts/numbers.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { RankCells, RankHead } from '../../parts/ranking.tsx';
import { Nothing } from '../../parts/states.tsx';
import { countsOf, type Keep, type ListProps, TOP } from './list.ts';
import { PartFailed } from './part-failed.tsx';

export function MakersPanel({ asked, category, keep }: ListProps) {
  const answer = asked.data;
  return (
    <Panel
      title={`Makers of ${many(category)}`}
      class="c6"
      sub={`Sites that have at least one ${one(category)} of the maker`}
      tools={<ExportMenu of={countsOf(answer, 'vendor', category)} rows={answer?.rowsInAll.makers} />}
      method={answer && makersMethod(answer, category)}
    >
      <Content asked={asked} rows={TOP} what="Makers">
        {(found) =>
          found.makers === null ? (
            <PartFailed answer={found} part="makers" again={asked.refetch} />
          ) : (
            <Ranking rows={found.makers} title="Maker" answer={found} keep={keep} />
          )
        }
      </Content>
    </Panel>
  );
}

function makersMethod({ total, rowsInAll, suppressed, makers }: OverviewAnswer, category: string): string {
  const shown = makers?.length ?? 0;
  const rest = rowsInAll.makers > shown ? `These are ${shown} of ${rowsInAll.makers}; ` : '';
  const held =
    suppressed.makers === 0
      ? 'none is held back.'
      : `${plural(suppressed.makers, 'maker')} ${suppressed.makers === 1 ? 'is' : 'are'} held back.`;
  return `${plural(total.category.sites ?? 0, 'site')} have ${many(category)}. A site can have several makers, so shares add up to more than 100\u202f%. ${rest}${rest === '' ? held.charAt(0).toUpperCase() + held.slice(1) : held}`;
}

export function ModelsPanel({ asked, category, keep }: ListProps) {
  const answer = asked.data;
  const shown = answer?.models?.length ?? TOP;
  return (
    <Panel
      title={`${one(category).charAt(0).toUpperCase()}${one(category).slice(1)} models`}
      class="c6"
      sub={answer ? `The ${shown} on most sites, of ${count(answer.rowsInAll.models)}` : `The ${TOP} on most sites`}
      tools={<ExportMenu of={countsOf(answer, 'model', category)} rows={answer?.rowsInAll.models} />}
      method={
        answer &&
        `${answer.suppressed.models === 0 ? 'No model is held back.' : `${plural(answer.suppressed.models, 'model')} ${answer.suppressed.models === 1 ? 'is' : 'are'} held back: fewer than ${answer.threshold} sites have ${answer.suppressed.models === 1 ? 'it' : 'each'}.`} ${answer.provisional ? 'No changes are shown while the month is filling.' : 'Grey changes are within chance.'}`
      }
    >
      <Content asked={asked} rows={TOP} what="Models">
        {(found) =>
          found.models === null ? (
            <PartFailed answer={found} part="models" again={asked.refetch} />
          ) : (
            <Ranking rows={found.models} title="Model" answer={found} keep={keep} />
          )
        }
      </Content>
    </Panel>
  );
}

function Ranking({
  rows,
  title,
  answer,
  keep,
}: {
  rows: readonly Row[];
  title: string;
  answer: OverviewAnswer;
  keep: Keep;
}) {
  if (rows.length === 0)
    return (
      <Nothing title={`No ${title.toLowerCase()} is shown.`}>
        In {monthYear(answer.period)}, what fewer than {answer.threshold} sites have is held back.
      </Nothing>
    );
  const most = rows[0]?.sites ?? 1;
  return (
    <table class="rk">
      <thead>
        <tr>
          <RankHead name={title} compare={answer.compare} />
          <th scope="col" class="w">
            12 months
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.vendor}/${row.model}`}>
            <td class="name">
              <Name names={row} keep={keep} />
            </td>
            <RankCells row={row} most={most} compare={answer.compare} />
            <td class="sp w">
              <Trend points={row.trend} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
