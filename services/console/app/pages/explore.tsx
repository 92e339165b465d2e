import { ChevronLeft, ChevronRight, Copy, Link2, Search } from 'lucide-preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ChartWithReadOut } from '../charts/chart-panel.tsx';
import { type Kind, MOST_SERIES, makerSlots, mayStack, type Series, slotAt } from '../charts/model.ts';
import { labelOf, seriesOf } from '../charts/series.ts';
import type { CompareAnswer, CountsAnswer, FacetsAnswer, Names, Row, SeriesAnswer, View } from '../lib/answers.ts';
import { address } from '../lib/api.ts';
import { copy } from '../lib/export.ts';
import { defaultCompare, newestFinal, useFacets, yearAndMonth } from '../lib/facets.ts';
import { count, monthName, monthShort, monthYear, oneDecimal, percent, plural } from '../lib/format.ts';
import { cellOf } from '../lib/links.ts';
import { type StateName, useQueryState } from '../lib/query-state.ts';
import { type Asked, useApi } from '../lib/use-api.ts';
import { capital, EXPLORE_VIEWS, headline, many, one } from '../lib/words.ts';
import { CompareWith, MonthStepper, Seg, Select } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Icon } from '../parts/icon.tsx';
import { useKey } from '../parts/keyboard.tsx';
import { Bar, Name, Since, Trend } from '../parts/numbers.tsx';
import { Content, MethodLine, Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';
import { say } from '../parts/toast.tsx';

const DEFAULTS: Partial<Record<StateName, string>> = {
  view: 'model',
  category: 'phone',
  by: 'sites',
  chart: 'lines',
  sort: '-sites',
  offset: '0',
};
const PAGE = 100;
const MOST_CELLS = 5;
const TREND = 13;

type By = 'sites' | 'devices';

/** What the address asks for, with what follows from it. */
function useQuestion() {
  const facets = useFacets();
  const { state, set } = useQueryState(DEFAULTS);
  const view = (EXPLORE_VIEWS.find((known) => known.view === state.view)?.view ?? 'model') as View;
  const of = facets.data?.views.find((known) => known.view === view);
  const has = (filter: 'category' | 'vendor' | 'platform') => of?.filters.includes(filter) ?? false;
  // Nothing is asked before it is known what the view can be filtered by.
  const period = facets.data && (state.period ?? newestFinal(facets.data));
  const compare = state.compare ?? defaultCompare(period, facets.data);
  const byDevices = of?.sorts.includes('devices') ?? true;
  const by: By = state.by === 'devices' && byDevices ? 'devices' : 'sites';
  const filters = {
    category: has('category') && view !== 'category' ? state.category : undefined,
    vendor: has('vendor') ? state.vendor : undefined,
    platform: has('platform') ? state.platform : undefined,
  };
  const stacks = mayStack(view, by, facets.data?.views ?? []);
  const wanted = (['lines', 'stacked', 'percent'] as const).find((kind) => kind === state.chart) ?? 'lines';
  const kind: Kind = stacks && state.cells.length === 0 ? wanted : 'lines';
  const sort = of?.sorts.some((one) => one === state.sort?.replace('-', '')) ? state.sort : DEFAULTS.sort;
  const range = yearAndMonth(facets.data);
  return { facets, state, set, view, has, period, compare, by, byDevices, filters, stacks, kind, sort, range };
}
type Question = ReturnType<typeof useQuestion>;

export default function Explore() {
  const question = useQuestion();
  const { state, view, period, compare, filters, by } = question;
  const params = {
    ...filters,
    view,
    q: state.q,
    period,
    compare: period === undefined ? undefined : compare,
    trend: TREND,
    sort: question.sort,
    limit: PAGE,
    offset: Number(state.offset) === 0 ? undefined : state.offset,
  };
  const asked = useApi<CountsAnswer>(period === undefined ? undefined : '/v1/counts', params);
  useTitle('Explore');
  useKey('s', () => question.set({ by: 'sites' }));
  useKey('d', question.byDevices ? () => question.set({ by: 'devices' }) : undefined);
  return (
    <>
      <Title question={question} asked={asked} params={params} />
      <Filters question={question} />
      <ChartPanel question={question} />
      <TablePanel question={question} asked={asked} params={params} by={by} />
    </>
  );
}

interface Parts {
  readonly question: Question;
  readonly asked: Asked<CountsAnswer>;
  readonly params: Readonly<Record<string, string | number | undefined>>;
}

function Title({ question, asked, params }: Parts) {
  const { facets, view, period, state, set, filters } = question;
  const { data } = asked;
  const label = EXPLORE_VIEWS.find((known) => known.view === view)?.label ?? '';
  const what = filters.category === undefined ? label : `${label} of ${many(filters.category)}`;
  const scoped = [filters.vendor, filters.platform].filter((name) => name !== undefined).join(', ');
  return (
    <div class="title">
      <div>
        <h1>Explore</h1>
        <p>
          {what}
          {scoped !== '' && `, ${scoped}`}
          {period !== undefined && `, ${monthYear(period)}`}{' '}
          {data?.provisional && <span class="badge prov">Provisional</span>} <Stale asked={asked} />
        </p>
      </div>
      <div class="ctl">
        {period !== undefined && (
          <>
            <MonthStepper
              period={period}
              periods={facets.data?.periods.map((each) => each.period) ?? []}
              choose={(next) => set({ period: next, compare: undefined })}
            />
            <CompareWith
              period={period}
              compare={state.compare}
              provisional={facets.data?.periods.find((each) => each.period === period)?.provisional ?? false}
              periods={facets.data?.periods ?? []}
              choose={(next) => set({ compare: next })}
            />
          </>
        )}
        <button class="btn grow" type="button" onClick={copyLink}>
          <Icon of={Link2} />
          Copy link
        </button>
        <ExportMenu of={{ path: '/v1/counts', params }} rows={data?.rowsInAll} page />
      </div>
    </div>
  );
}

async function copyLink(): Promise<void> {
  say(
    (await copy(location.href))
      ? 'The address of this view is copied.'
      : 'The browser does not allow copying here: the address is in its bar.',
  );
}

/** Why a switch does not apply: it stays visible and says so. */
const NOT: Readonly<Record<string, string>> = {
  model: 'not with models',
  vendor: 'not with makers',
  platform: 'not with platforms',
  platform_vendor: 'not by platform',
  category: 'not with categories',
};

function Filters({ question }: { question: Question }) {
  const { facets, state, set, view, has } = question;
  const any = { value: '', label: 'Any' };
  const vendors = (facets.data?.vendors ?? []).filter(
    ({ categories }) => state.category === undefined || categories.includes(state.category),
  );
  const not = NOT[view];
  return (
    <section class="panel" aria-label="Filters">
      <div class="filters">
        <Seg
          name="View"
          choices={EXPLORE_VIEWS.map(({ view: value, label }) => ({ value, label }))}
          value={view}
          choose={(next) => set({ view: next, sort: undefined, only: undefined, cell: undefined })}
        />
        <span class="sep" />
        <Select
          name="Category"
          value={state.category ?? 'phone'}
          choose={(category) => set({ category, vendor: undefined, only: undefined, cell: undefined })}
          choices={(facets.data?.categories ?? [{ category: 'phone' }]).map(({ category }) => ({
            value: category,
            label: headline(category),
          }))}
          disabled={has('category') && view !== 'category' ? undefined : not}
        />
        <Select
          name="Maker"
          value={state.vendor ?? ''}
          choose={(vendor) => set({ vendor, only: undefined })}
          choices={[any, ...vendors.map(({ vendor }) => ({ value: vendor, label: vendor }))]}
          disabled={has('vendor') && view !== 'vendor' ? undefined : not}
        />
        <Select
          name="Platform"
          value={state.platform ?? ''}
          choose={(platform) => set({ platform, only: undefined })}
          choices={[
            any,
            ...(facets.data?.platforms ?? []).map(({ platform }) => ({ value: platform, label: platform })),
          ]}
          disabled={has('platform') && view !== 'platform' ? undefined : not}
        />
        <NameField value={state.q ?? ''} type={(q) => set({ q }, 'replace')} />
      </div>
    </section>
  );
}

const AFTER_TYPING_MS = 200;

/** Typing replaces the address instead of adding to its history, once the typing pauses. */
function NameField({ value, type }: { value: string; type: (q: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setText(value), [value]);
  return (
    <label class="field">
      <Icon of={Search} />
      <span class="vh">Name contains</span>
      <input
        type="search"
        placeholder="Name contains"
        maxLength={64}
        value={text}
        onInput={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => type(next.trim()), AFTER_TYPING_MS);
        }}
      />
    </label>
  );
}

/** The rows that are compared; none: the largest, as the API says. */
function useSeries({ state, view, filters, by, facets, range }: Question): {
  asked: Asked<SeriesAnswer> | Asked<CompareAnswer>;
  series: Series[];
  months: readonly { period: string; provisional: boolean }[];
  params: Readonly<Record<string, unknown>>;
  path: string;
} {
  const compared = state.cells.slice(0, MOST_CELLS);
  const comparable = view === 'model' || view === 'vendor' || view === 'platform';
  const several = comparable && compared.length > 1;
  const stacks = mayStack(view, by, facets.data?.views ?? []);
  const seriesParams = { ...filters, view, by, top: stacks ? MOST_SERIES : MOST_CELLS, ...range };
  const series = useApi<SeriesAnswer>(several || !range ? undefined : '/v1/series', seriesParams);
  const compareParams = { view, cell: compared, ...range };
  const compare = useApi<CompareAnswer>(several && range ? '/v1/compare' : undefined, compareParams);
  const lines = useMemo(() => {
    if (several) return compare.data ? comparedSeries(compare.data, by, facets.data?.vendors) : [];
    return series.data ? seriesOf(series.data, facets.data?.vendors) : [];
  }, [several, compare.data, series.data, facets.data, by]);
  // What is asked is as new as the page: old lines are grey until the new ones are there.
  return several
    ? {
        asked: compare,
        series: lines,
        months: compare.data?.cells[0]?.points ?? [],
        params: compareParams,
        path: '/v1/compare',
      }
    : { asked: series, series: lines, months: series.data?.periods ?? [], params: seriesParams, path: '/v1/series' };
}

function comparedSeries(
  { cells, view }: CompareAnswer,
  by: By,
  vendors: FacetsAnswer['vendors'] | undefined,
): Series[] {
  const makers =
    view === 'vendor'
      ? makerSlots(
          cells.map(({ vendor = '' }) => vendor),
          vendors,
        )
      : undefined;
  return cells.map(({ points, ...names }, i) => ({
    key: cellOf(names),
    ...labelOf(names),
    names,
    slot: makers?.get(names.vendor ?? '') ?? slotAt(i),
    points: points.map((point) => ({
      value: point[by],
      share: by === 'sites' ? point.sitesShare : point.devicesShare,
    })),
  }));
}

function ChartPanel({ question }: { question: Question }) {
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
}

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

const namesOf = ({ platform, category, vendor, model }: Names): Names =>
  Object.fromEntries(Object.entries({ platform, category, vendor, model }).filter(([, value]) => value !== undefined));

function TablePanel({ question, asked, params, by }: Parts & { by: By }) {
  const { state, set, view, period, filters, compare, byDevices, sort } = question;
  const row = EXPLORE_VIEWS.find((known) => known.view === view)?.row ?? 'Name';
  const things = filters.category === undefined ? 'Devices' : headline(filters.category);
  const comparable = view === 'model' || view === 'vendor' || view === 'platform';
  const toggle = (cell: string) => {
    const without = state.cells.filter((known) => known !== cell);
    set({ cell: without.length < state.cells.length ? without : [...state.cells, cell].slice(-MOST_CELLS) });
  };
  return (
    <section class="panel" aria-label={`${row}s`}>
      <Content asked={asked} rows={15} what="The table">
        {(answer) =>
          answer.rows.length === 0 ? (
            <NothingFound answer={answer} question={question} />
          ) : (
            <>
              <div class="tbl">
                <table>
                  <thead>
                    <tr>
                      {comparable && (
                        <th class="ck">
                          <span class="vh">Compare</span>
                        </th>
                      )}
                      <th class="rank num">
                        #<span class="vh"> place</span>
                      </th>
                      <SortHead label={row} by="name" sort={sort} set={set} />
                      <th class="barh">
                        <span class="vh">Bar</span>
                      </th>
                      <SortHead label="Sites" by="sites" sort={sort} set={set} num />
                      <th scope="col" class="num">
                        Share
                      </th>
                      <th scope="col" class="num">
                        {!answer.compare ? 'Change' : `Since ${monthShort(answer.compare)}`}
                      </th>
                      {byDevices && (
                        <>
                          <SortHead label={things} by="devices" sort={sort} set={set} num wide />
                          <th scope="col" class="num w">
                            Of {things.toLowerCase()}
                          </th>
                          <th scope="col" class="num w">
                            A site
                          </th>
                        </>
                      )}
                      <th scope="col" class="w">
                        12 months
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {answer.rows.map((one) => (
                      <TableRow
                        key={cellOf(namesOf(one))}
                        row={one}
                        most={mostOf(answer, by)}
                        since={answer.compare}
                        question={question}
                        toggle={comparable ? toggle : undefined}
                      />
                    ))}
                    <HeldRow answer={answer} row={row} columns={(comparable ? 1 : 0) + 6 + (byDevices ? 3 : 0) + 1} />
                  </tbody>
                </table>
              </div>
              <Pager answer={answer} offset={Number(state.offset ?? 0)} set={set} />
            </>
          )
        }
      </Content>
      <ApiLine path="/v1/counts" params={{ ...params, period, compare }} />
    </section>
  );
}

function mostOf({ rows }: CountsAnswer, by: By): number {
  return Math.max(1, ...rows.map((row) => (by === 'sites' ? row.sites : (row.devices ?? 0))));
}

function SortHead({
  label,
  by,
  sort = '-sites',
  set,
  num = false,
  wide = false,
}: {
  label: string;
  by: 'sites' | 'devices' | 'name';
  sort: string | undefined;
  set: Question['set'];
  num?: boolean;
  wide?: boolean;
}) {
  const sorted = sort.replace('-', '') === by;
  const descending = sort.startsWith('-');
  const next = sorted ? (descending ? by : `-${by}`) : by === 'name' ? 'name' : `-${by}`;
  return (
    <th
      scope="col"
      class={`${num ? 'num' : ''} ${wide ? 'w' : ''}`}
      {...(sorted ? { 'aria-sort': descending ? ('descending' as const) : ('ascending' as const) } : {})}
    >
      <button type="button" class="link" onClick={() => set({ sort: next })}>
        {label}
      </button>
    </th>
  );
}

function TableRow({
  row,
  most,
  since,
  question,
  toggle,
}: {
  row: Row;
  most: number;
  since: string | null;
  question: Question;
  toggle: ((cell: string) => void) | undefined;
}) {
  const { by, byDevices, state } = question;
  const names = namesOf(row);
  const cell = cellOf(names);
  const at = state.cells.indexOf(cell);
  const text = [
    names.platform,
    names.vendor,
    names.model,
    names.category === undefined || names.vendor !== undefined ? undefined : many(names.category),
  ]
    .filter(Boolean)
    .join(' ');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'x' || !toggle || (event.target as HTMLElement).tagName === 'INPUT') return;
    event.preventDefault();
    toggle(cell);
  };
  return (
    <tr class={at >= 0 ? 'on' : ''} onKeyDown={onKeyDown}>
      {toggle && (
        <td class="ck">
          <input
            type="checkbox"
            class={`tick-box ${at >= 0 ? slotAt(at) : ''}`}
            checked={at >= 0}
            aria-label={`Compare ${text}`}
            disabled={at < 0 && state.cells.length >= MOST_CELLS}
            title={at < 0 && state.cells.length >= MOST_CELLS ? 'Up to five are compared' : undefined}
            onChange={() => toggle(cell)}
            onKeyDown={(event) => event.key === 'x' && toggle(cell)}
          />
        </td>
      )}
      <td class="rank num">{row.rank}</td>
      <td class="name">
        {names.category !== undefined && names.vendor === undefined ? (
          <CategoryLink category={names.category} />
        ) : (
          <Name names={names} keep={{ period: state.period, compare: state.compare }} />
        )}
      </td>
      <td class="barc">
        <Bar part={(by === 'sites' ? row.sites : (row.devices ?? 0)) / most} />
      </td>
      <td class="num">{count(row.sites)}</td>
      <td class="num">{percent(row.sitesShare)}</td>
      <td class="num">
        <Since row={row} compare={since} />
      </td>
      {byDevices && (
        <>
          <td class="num w">{count(row.devices)}</td>
          <td class="num w">{percent(row.devicesShare)}</td>
          <td class="num w muted">{row.devices === null ? '–' : oneDecimal(row.devices / row.sites)}</td>
        </>
      )}
      <td class="sp w">
        <Trend points={row.trend} by={by === 'sites' ? 'sitesShare' : 'devicesShare'} />
      </td>
    </tr>
  );
}

function CategoryLink({ category }: { category: string }) {
  const { href, set } = useQueryState(DEFAULTS);
  const change = { view: 'model', category };
  return (
    <a
      href={href(change)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        set(change);
      }}
    >
      {headline(category)}
    </a>
  );
}

/** What is held back is said: a row, not a gap. */
function HeldRow({ answer, row, columns }: { answer: CountsAnswer; row: string; columns: number }) {
  const n = answer.suppressed.cells;
  if (n === 0) return null;
  return (
    <tr class="held-row">
      <td colSpan={columns}>
        Held back: {plural(n, row.toLowerCase(), `${row.toLowerCase()}s`)} that fewer than {answer.threshold} sites
        have.
        {!answer.provisional && ' Name and number are stored nowhere any more.'}
      </td>
    </tr>
  );
}

function NothingFound({ answer, question }: { answer: CountsAnswer; question: Question }) {
  const { state, set, filters, facets } = question;
  const last = facets.data?.periods.find((each) => !each.provisional);
  if (answer.total.sites === null && state.q === undefined)
    return (
      <Nothing
        title="Nothing to show yet."
        action={
          last && (
            <button class="btn" type="button" onClick={() => set({ period: last.period, compare: undefined })}>
              Look at {monthYear(last.period)}
            </button>
          )
        }
      >
        The first numbers of {monthYear(answer.period)} appear when {answer.threshold} sites have reported.
      </Nothing>
    );
  const what = filters.category === undefined ? 'Nothing' : `No ${one(filters.category)}`;
  return (
    <Nothing
      title={
        state.q === undefined
          ? `${capital(what)} is shown.`
          : `${what === 'Nothing' ? 'Nothing' : `${what} here`} has “${state.q}” in its name.`
      }
      action={
        <button
          class="btn"
          type="button"
          onClick={() => set(state.q === undefined ? { vendor: undefined, platform: undefined } : { q: undefined })}
        >
          {state.q === undefined ? 'Take the filters back' : 'Clear the text'}
        </button>
      }
    >
      In {monthYear(answer.period)}. A name that fewer than {answer.threshold} sites have is not found.
    </Nothing>
  );
}

function Pager({ answer, offset, set }: { answer: CountsAnswer; offset: number; set: Question['set'] }) {
  const last = offset + answer.rows.length;
  return (
    <div class="pager">
      <span>
        {count(offset + 1)}–{count(last)} of {count(answer.rowsInAll)}
      </span>
      <button
        type="button"
        class="quiet sp2"
        disabled={offset === 0}
        onClick={() => set({ offset: String(Math.max(0, offset - PAGE)) })}
      >
        <Icon of={ChevronLeft} size={14} />
        Before
      </button>
      <button
        type="button"
        class="quiet"
        disabled={answer.next === null}
        onClick={() => set({ offset: String(answer.next ?? 0) })}
      >
        Next
        <Icon of={ChevronRight} size={14} />
      </button>
    </div>
  );
}

export function ApiLine({
  path,
  params,
}: {
  path: string;
  params: Readonly<Record<string, string | number | undefined>>;
}) {
  const text = `GET ${address(path, params)}`;
  return (
    <div class="api-line">
      <span>API</span>
      <code>{text}</code>
      <button
        type="button"
        class="quiet"
        onClick={async () =>
          say(
            (await copy(`${location.origin}${address(path, params)}`))
              ? 'The address of the answer is copied.'
              : 'The browser does not allow copying here.',
          )
        }
      >
        <Icon of={Copy} size={14} />
        Copy
      </button>
    </div>
  );
}
