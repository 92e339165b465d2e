import { memo } from 'preact/compat';
import { useRef } from 'preact/hooks';
import { ChartWithReadOut } from '../../charts/chart-panel.tsx';
import { monthName, monthYear } from '../../lib/format.ts';
import type { Asked } from '../../lib/use-api.ts';
import { many } from '../../lib/words.ts';
import { Seg } from '../../parts/controls.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Content, MethodLine } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';
import type { Question } from './question.ts';
import { useSeries } from './series.ts';

export const ChartPanel = memo(function ChartPanel({ question }: { question: Question }) {
  const { state, set, view, by, byDevices, filters, stacks, kind } = question;
  const { asked, series, months, params, path } = useSeries(question);
  const svg = useRef<SVGSVGElement>(null);
  const plain = view === 'platform' ? 'platforms' : filters.category === undefined ? 'devices' : many(filters.category);
  const compared = state.cells.length > 1;
  const title = `${by === 'sites' ? 'Share of sites' : `Share of ${plain}`}${compared ? ', compared' : ''}`;
  const open = months.findLast(({ provisional }) => provisional);
  const why = 'A site can have several of them: shares of sites do not add up';
  const notStacked = stacks
    ? compared
      ? 'Rows that are compared are not the whole'
      : undefined
    : by === 'sites'
      ? why
      : 'These overlap';
  const choices = [
    { value: 'lines', label: 'Lines' },
    { value: 'stacked', label: 'Stacked', not: notStacked },
    { value: 'percent', label: '100\u202f%', not: notStacked },
  ] as const;
  const remove = compared ? (key: string) => set({ cell: state.cells.filter((cell) => cell !== key) }) : undefined;
  return (
    <section class="panel ex" aria-label={title}>
      <header>
        <div>
          <h2>{title}</h2>
          <p>{subOf(question)}</p>
        </div>
        <div class="tools gap">
          <Seg
            name="Measure"
            small
            choices={[
              { value: 'sites', label: 'Sites' },
              {
                value: 'devices',
                label: 'Devices',
                not: byDevices
                  ? undefined
                  : 'Devices are not counted by platform: they are nobody’s business but the site’s',
              },
            ]}
            value={by}
            choose={(next) => set({ by: next, chart: undefined })}
          />
          <Seg name="Chart" small choices={choices} value={kind} choose={(next) => set({ chart: next })} />
          <ExportMenu
            of={{ path, params: params as never }}
            picture={{
              svg,
              caption: {
                title: `${title}: ${subOf(question)}`,
                sub: captionOf(months, open?.period),
                file: `rollcall-${view}`,
              },
            }}
          />
        </div>
      </header>
      <Content asked={asked as Asked<unknown>} rows={8} what="The chart">
        {() =>
          series.length === 0 ? (
            <Nothing title="Nothing to draw.">What is shown in no month has no line.</Nothing>
          ) : (
            <ChartWithReadOut
              kind={kind}
              months={months}
              series={series}
              of={kind === 'stacked' ? 'value' : 'share'}
              name={`${title}. ${subOf(question)}. ${series.map(({ label }) => label).join(', ')}. The table below has the numbers.`}
              unit={by === 'sites' ? 'sites' : plain}
              svgRef={svg}
              only={state.only}
              isolate={(only) => set({ only })}
              remove={remove}
            />
          )
        }
      </Content>
      <MethodLine>
        {stacks
          ? `${by === 'devices' ? 'Each device is in one layer' : 'A site has one platform'}, so the parts add up. `
          : `A site can have several of them, so shares of sites are drawn as lines and never stacked. ${byDevices && by === 'sites' ? 'Choose Devices to stack. ' : ''}`}
        {open && `${monthName(open.period)} (hatched) is provisional. `}A line ends where fewer than ten sites are left,
        or none.
      </MethodLine>
    </section>
  );
});

function captionOf(months: readonly { period: string; provisional: boolean }[], open: string | undefined): string {
  const [first, last] = [months[0]?.period, months.at(-1)?.period];
  if (first === undefined || last === undefined) return '';
  return `${monthYear(first)} to ${monthYear(last)}, ${open === undefined ? 'final' : `${monthName(open)} provisional`}; from ten sites on`;
}

function subOf({ view, by, filters }: Question): string {
  const things = filters.category === undefined ? 'devices' : many(filters.category);
  if (by === 'devices') return view === 'category' ? 'Of all devices counted' : `Of all ${things} counted`;
  if (view === 'platform') return 'Of all sites: each has one platform';
  if (view === 'platform_vendor') return 'Share of the platform’s sites that have phones of the maker';
  if (view === 'category') return 'Share of all sites that have any of it';
  return `Share of the sites with ${things} that have the ${view === 'vendor' ? 'maker' : 'model'}`;
}
