import { useMemo, useRef } from 'preact/hooks';
import { ChartWithReadOut } from '../../charts/chart-panel.tsx';
import { seriesOf } from '../../charts/series.ts';
import type { SeriesAnswer } from '../../lib/answers.ts';
import type { Range } from '../../lib/facets.ts';
import { monthName, monthYear } from '../../lib/format.ts';
import type { useQueryState } from '../../lib/query-state.ts';
import { useApi } from '../../lib/use-api.ts';
import { many } from '../../lib/words.ts';
import { Seg } from '../../parts/controls.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';

/** Its largest models, month by month. */
export function LinePanel({
  vendor,
  category,
  range,
  by,
  set,
  only,
}: {
  vendor: string;
  category: string;
  range: Range | undefined;
  by: 'sites' | 'devices';
  set: ReturnType<typeof useQueryState>['set'];
  only: string | undefined;
}) {
  const params = { view: 'model', category, vendor, by, top: 5, ...range };
  const asked = useApi<SeriesAnswer>(range && '/v1/series', params);
  const svg = useRef<SVGSVGElement>(null);
  const series = useMemo(
    () =>
      asked.data ? seriesOf({ ...asked.data, other: null }, undefined).map(({ small: _small, ...one }) => one) : [],
    [asked.data],
  );
  const open = asked.data?.periods.findLast(({ provisional }) => provisional);
  const title =
    by === 'sites' ? 'Its largest models, share of sites' : `Its largest models, share of ${many(category)}`;
  return (
    <Panel
      title={title}
      sub="Month by month"
      tools={
        <>
          <Seg
            name="Measure"
            small
            choices={[
              { value: 'sites', label: 'Sites' },
              { value: 'devices', label: 'Devices' },
            ]}
            value={by}
            choose={(next) => set({ by: next })}
          />
          <ExportMenu
            of={{ path: '/v1/series', params }}
            picture={{
              svg,
              caption: {
                title: `${vendor}: ${title}`,
                sub: asked.data
                  ? `${monthYear(asked.data.from)} to ${monthYear(asked.data.to)}${open ? `, ${monthName(open.period)} provisional` : ''}`
                  : '',
                file: `rollcall-${vendor}`,
              },
            }}
          />
        </>
      }
      method={`A site can have several models, so these are lines. ${open ? `${monthName(open.period)} (hatched) is provisional.` : ''}`}
    >
      <Content asked={asked} rows={7} what="The chart">
        {(found) =>
          series.length === 0 ? (
            <Nothing title="Nothing to draw.">No model of {vendor} is shown.</Nothing>
          ) : (
            <ChartWithReadOut
              kind="lines"
              months={found.periods}
              series={series}
              of="share"
              name={`${title} of ${vendor}. The table below has the numbers.`}
              unit={by === 'sites' ? 'sites' : many(category)}
              height={270}
              svgRef={svg}
              only={only}
              isolate={(next) => set({ only: next })}
            />
          )
        }
      </Content>
    </Panel>
  );
}
