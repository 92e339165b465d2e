import { Link } from 'wouter-preact';
import type { OverviewAnswer } from '../../lib/answers.ts';
import { count, percent, plural } from '../../lib/format.ts';
import type { Asked } from '../../lib/use-api.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Name, Since } from '../../parts/numbers.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { RankHead } from '../../parts/ranking.tsx';
import { countsOf, type Keep, TOP } from './list.ts';
import { PartFailed } from './part-failed.tsx';

export function PlatformsPanel({ asked, keep }: { asked: Asked<OverviewAnswer>; keep: Keep }) {
  const answer = asked.data;
  const more = answer ? answer.rowsInAll.platforms - (answer.platforms?.length ?? 0) : 0;
  return (
    <Panel
      title="Platforms"
      class="c4 plat"
      sub={answer ? `One for each of ${plural(answer.total.all.sites ?? 0, 'site')}` : 'One for each site'}
      tools={<ExportMenu of={countsOf(answer, 'platform')} rows={answer?.rowsInAll.platforms} />}
      method={
        answer && (
          <>
            {answer.suppressed.platforms === 0
              ? 'None is held back.'
              : `${plural(answer.suppressed.platforms, 'platform')} ${answer.suppressed.platforms === 1 ? 'is' : 'are'} held back.`}{' '}
            {more > 0 && (
              <>
                {plural(more, 'smaller one')} {more === 1 ? 'is' : 'are'} in{' '}
                <Link href="/explore?view=platform">the full list</Link>.
              </>
            )}
          </>
        )
      }
    >
      <Content asked={asked} rows={TOP} what="Platforms">
        {(found) =>
          found.platforms === null ? (
            <PartFailed answer={found} part="platforms" again={asked.refetch} />
          ) : (
            <table class="pl">
              <thead>
                <tr>
                  <RankHead name="Platform" compare={found.compare} />
                </tr>
              </thead>
              <tbody>
                {found.platforms.map((row) => (
                  <tr key={row.platform}>
                    <td class="name">
                      <Name names={row} keep={keep} />
                    </td>
                    <td class="num">{count(row.sites)}</td>
                    <td class="num">{percent(row.sitesShare)}</td>
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
