import { useMemo, useRef } from 'preact/hooks';
import { ChartWithReadOut } from '../../charts/chart-panel.tsx';
import type { Kind } from '../../charts/model.ts';
import { seriesOf } from '../../charts/series.ts';
import type { FacetsAnswer, OverviewAnswer, SeriesAnswer } from '../../lib/answers.ts';
import { count, monthName, monthYear } from '../../lib/format.ts';
import { useQueryState } from '../../lib/query-state.ts';
import { useApi } from '../../lib/use-api.ts';
import { many } from '../../lib/words.ts';
import { Seg } from '../../parts/controls.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: 'lines', label: 'Lines' },
  { value: 'stacked', label: 'Stacked' },
  { value: 'percent', label: '100\u202f%' },
];

export function SharePanel({
  category,
  overview,
  vendors,
}: {
  category: string;
  overview: OverviewAnswer | undefined;
  vendors: FacetsAnswer['vendors'] | undefined;
}) {
  const { state, set } = useQueryState({ chart: 'percent' });
  const [from, to] = [overview?.months[0]?.period, overview?.months.at(-1)?.period];
  const params = { view: 'vendor', category, by: 'devices', top: 8, from, to };
  const asked = useApi<SeriesAnswer>(overview ? '/v1/series' : undefined, params);
  const svg = useRef<SVGSVGElement>(null);
  const chosen = (KINDS.find(({ value }) => value === state.chart)?.value ?? 'percent') as Kind;
  const title = `Share of ${many(category)} by maker`;
  const series = useMemo(() => (asked.data ? seriesOf(asked.data, vendors) : []), [asked.data, vendors]);
  const last = asked.data?.periods.findLast(({ provisional }) => !provisional);
  return (
    <Panel
      title={title}
      class="c8 share"
      sub={`Of all ${many(category)} counted, month by month`}
      tools={
        <>
          <Seg name="Chart" small choices={KINDS} value={chosen} choose={(chart) => set({ chart })} />
          <ExportMenu
            of={{ path: '/v1/series', params }}
            picture={{ svg, caption: { title, sub: captionOf(asked.data), file: `rollcall-${category}-by-maker` } }}
          />
        </>
      }
      method={
        last &&
        `${count(last.total)} ${many(category)} in ${monthName(last.period)}. ${asked.data?.periods.at(-1)?.provisional ? `${monthName(asked.data.periods.at(-1)?.period ?? '')} (hatched) is provisional. ` : ''}Devices add up to 100\u202f%; shares of sites do not.`
      }
    >
      <Content asked={asked} rows={9} what="The chart">
        {(found) =>
          series.length === 0 ? (
            <Nothing title="Nothing to draw yet.">No maker of {many(category)} is shown in these months.</Nothing>
          ) : (
            <ChartWithReadOut
              kind={chosen}
              months={found.periods}
              series={series}
              of="share"
              name={`${title}, ${monthYear(found.from)} to ${monthYear(found.to)}. The table of makers has the same names.`}
              unit={many(category)}
              svgRef={svg}
              only={state.only}
              isolate={(only) => set({ only })}
            />
          )
        }
      </Content>
    </Panel>
  );
}

function captionOf(answer: SeriesAnswer | undefined): string {
  if (!answer) return '';
  const last = answer.periods.at(-1);
  return `${monthYear(answer.from)} to ${monthYear(answer.to)}${last?.provisional ? `, ${monthName(last.period)} provisional` : ', final'} · ${count(answer.periods.findLast(({ provisional }) => !provisional)?.total)} counted`;
}
