import { Clock } from 'lucide-preact';
import { useMemo, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { ChartWithReadOut } from '../charts/chart-panel.tsx';
import type { Kind } from '../charts/model.ts';
import { seriesOf } from '../charts/series.ts';
import type { FacetsAnswer, OverviewAnswer, Row, SeriesAnswer } from '../lib/answers.ts';
import { useFacets } from '../lib/facets.ts';
import { count, monthName, monthShort, monthYear, percent, plural } from '../lib/format.ts';
import { useQueryState } from '../lib/query-state.ts';
import { type Asked, useApi } from '../lib/use-api.ts';
import { headline, many, one } from '../lib/words.ts';
import { CompareWith, MonthStepper, Seg, Select } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Fresh } from '../parts/fresh.tsx';
import { Icon } from '../parts/icon.tsx';
import { Bar, Delta, Name, Points, Since, Spark, Trend } from '../parts/numbers.tsx';
import { Content, Panel, Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';

const DEFAULTS = { category: 'phone' };
const TOP = 10;

export default function Overview() {
  const { state, set } = useQueryState(DEFAULTS);
  const { category = 'phone', period, compare } = state;
  const facets = useFacets();
  const asked = useApi<OverviewAnswer>('/v1/overview', { category, period, compare, top: TOP });
  const answer = asked.data;
  useTitle(answer ? `Overview, ${monthYear(answer.period)}` : 'Overview');
  const keep = { period, compare };
  return (
    <>
      <Title asked={asked} facets={facets.data} state={{ category, period, compare }} set={set} />
      {answer?.open && !answer.provisional && (
        <FillingStrip answer={answer} look={() => set({ period: answer.open?.period, compare: undefined })} />
      )}
      {answer?.provisional && <ProvisionalStrip answer={answer} />}
      <section class="panel hero" aria-label="At a glance">
        <Content asked={asked} rows={3} what="The overview">
          {(found) => <Glance answer={found} keep={keep} />}
        </Content>
      </section>
      <div class="cols row2">
        <MakersPanel asked={asked} category={category} keep={keep} />
        <ModelsPanel asked={asked} category={category} keep={keep} />
        <SharePanel category={category} overview={answer} vendors={facets.data?.vendors} />
        <PlatformsPanel asked={asked} keep={keep} />
        <HardwarePanel asked={asked} category={category} keep={keep} />
        <Fresh answer={answer} />
      </div>
    </>
  );
}

type Keep = { period: string | undefined; compare: string | undefined };

function Title({
  asked,
  facets,
  state,
  set,
}: {
  asked: Asked<OverviewAnswer>;
  facets: FacetsAnswer | undefined;
  state: Keep & { category: string };
  set: ReturnType<typeof useQueryState>['set'];
}) {
  const answer = asked.data;
  const sites = answer?.total.all.sites;
  return (
    <div class="title">
      <div>
        <h1>
          {answer === undefined
            ? 'Overview'
            : sites === null || sites === undefined
              ? `${monthYear(answer.period)}: no numbers yet`
              : `${monthYear(answer.period)}: what ${plural(sites, 'phone system')} ${sites === 1 ? 'runs' : 'run'}`}
        </h1>
        <p>
          {answer ? comparedWith(answer, state.compare) : '\u00a0'} <Stale asked={asked} />
        </p>
      </div>
      <div class="ctl">
        <Select
          name="Category"
          grow
          value={state.category}
          choose={(category) => set({ category })}
          choices={(facets?.categories ?? [{ category: state.category }]).map(({ category }) => ({
            value: category,
            label: headline(category),
          }))}
        />
        {answer && (
          <>
            <MonthStepper
              period={answer.period}
              periods={facets?.periods.map((each) => each.period) ?? []}
              choose={(period) => set({ period, compare: undefined })}
            />
            <CompareWith
              period={answer.period}
              compare={state.compare}
              provisional={answer.provisional}
              periods={facets?.periods ?? []}
              choose={(compare) => set({ compare })}
            />
          </>
        )}
      </div>
    </div>
  );
}

function comparedWith({ period, compare, provisional }: OverviewAnswer, asked: string | undefined): string {
  if (provisional) return 'While a month is filling no changes are shown: it would be compared with a full one.';
  if (compare === null) return 'There is no earlier final month to compare with.';
  const year = `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`;
  const first = asked === undefined && compare !== year ? ', the first month there is' : '';
  return `Changes are against ${monthYear(compare)}${first}; in percentage points.`;
}

function FillingStrip({ answer, look }: { answer: OverviewAnswer; look: () => void }) {
  const { open, total } = answer;
  if (!open) return null;
  const part =
    open.sites !== null && total.all.sites
      ? `, ${Math.round((open.sites / total.all.sites) * 100)}\u202f% of ${monthName(answer.period)}`
      : '';
  return (
    <div class="strip">
      <Icon of={Clock} />
      <span>
        <b>{monthName(open.period)} is still filling.</b>{' '}
        {open.sites === null ? 'Too few sites so far' : `${plural(open.sites, 'site')} so far${part}`}. Its numbers can
        change until it is closed.
      </span>
      <button type="button" class="link" onClick={look}>
        Look at {monthName(open.period)}
      </button>
    </div>
  );
}

function ProvisionalStrip({ answer }: { answer: OverviewAnswer }) {
  return (
    <div class="strip">
      <Icon of={Clock} />
      <span>
        <b>{monthName(answer.period)} is still filling.</b> Its numbers can change until it is closed. A number changes
        only when at least {answer.threshold} sites changed it.
      </span>
      <Link href="/">Look at the newest final month</Link>
    </div>
  );
}

function Glance({ answer, keep }: { answer: OverviewAnswer; keep: Keep }) {
  const { total, before, months, models, fading, provisional } = answer;
  const moved = (now: number | null, then: number | null | undefined) =>
    now === null || !then || provisional ? null : ((now - then) / then) * 100;
  if (total.all.sites === null)
    return (
      <Nothing
        title="Nothing to show yet."
        action={
          months.length > 1 && (
            <Link class="btn" href={`/?period=${months.findLast(({ all }) => all.sites !== null)?.period ?? ''}`}>
              Look at the last month that has numbers
            </Link>
          )
        }
      >
        The first numbers appear when {answer.threshold} sites have reported.
      </Nothing>
    );
  const upTo = months.filter(({ period }) => period <= answer.period || period === answer.open?.period);
  return (
    <div class="hero-grid">
      <Figure
        title="Sites that reported"
        value={total.all.sites}
        change={moved(total.all.sites, before?.all.sites)}
        points={upTo.map((m) => ({ provisional: m.provisional, value: m.all.sites }))}
      />
      <Figure
        title="Devices they have"
        value={total.all.devices}
        change={moved(total.all.devices, before?.all.devices)}
        points={upTo.map((m) => ({ provisional: m.provisional, value: m.all.devices }))}
      />
      <div>
        <h2>On most sites</h2>
        <Few
          rows={(models ?? []).slice(0, 3)}
          none="No model is shown."
          keep={keep}
          number={(row) => percent(row.sitesShare)}
        />
      </div>
      <div>
        <h2>Rising: support next</h2>
        <Few
          rows={rose(answer)}
          none={provisional ? 'Not while the month is filling.' : 'Nothing rose clearly.'}
          keep={keep}
          number={(row) => <Since row={row} compare={answer.compare} />}
        />
      </div>
      <div>
        <h2>Fading</h2>
        <Few
          rows={(fading ?? []).slice(0, 3)}
          none={provisional ? 'Not while the month is filling.' : 'Nothing fell clearly.'}
          keep={keep}
          number={(row) => <Points change={row.change} />}
        />
      </div>
    </div>
  );
}

/** Models first; those that were not shown then and are among the largest now; what else rose after them. */
function rose({ rising, models, compare }: OverviewAnswer): readonly Row[] {
  const all = rising ?? [];
  const fresh = compare === null ? [] : (models ?? []).filter(({ before }) => before === null);
  return [...all.filter(({ view }) => view === 'model'), ...fresh, ...all.filter(({ view }) => view !== 'model')].slice(
    0,
    3,
  );
}

function Figure({
  title,
  value,
  change,
  points,
}: {
  title: string;
  value: number | null;
  change: number | null;
  points: readonly { provisional: boolean; value: number | null }[];
}) {
  return (
    <div>
      <h2>{title}</h2>
      <div class="fig">
        <b>{count(value)}</b>
        {change !== null && <Delta value={change} unit={'\u202f%'} />}
      </div>
      <Spark points={points} width={190} height={34} />
    </div>
  );
}

function Few({
  rows,
  none,
  keep,
  number,
}: {
  rows: readonly Row[];
  none: string;
  keep: Keep;
  number: (row: Row) => preact.ComponentChildren;
}) {
  if (rows.length === 0) return <p class="none-yet">{none}</p>;
  return (
    <ol>
      {rows.map((row) => (
        <li key={`${row.platform}${row.vendor}${row.model}`}>
          <span class="nm">
            <Name names={row} keep={keep} />
          </span>
          <span>{number(row)}</span>
        </li>
      ))}
    </ol>
  );
}

interface ListProps {
  readonly asked: Asked<OverviewAnswer>;
  readonly category: string;
  readonly keep: Keep;
}

/** Where the export goes: the same question as the list, asked of `/v1/counts`. */
function countsOf(answer: OverviewAnswer | undefined, view: string, category?: string) {
  return {
    path: '/v1/counts',
    params: { view, category, period: answer?.period, compare: answer?.compare ?? undefined },
  };
}

function MakersPanel({ asked, category, keep }: ListProps) {
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
      : `${count(suppressed.makers)} ${suppressed.makers === 1 ? 'is' : 'are'} held back.`;
  return `${plural(total.category.sites ?? 0, 'site')} have ${many(category)}. A site can have several makers, so shares add up to more than 100\u202f%. ${rest}${rest === '' ? held.charAt(0).toUpperCase() + held.slice(1) : held}`;
}

function ModelsPanel({ asked, category, keep }: ListProps) {
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

function PartFailed({ answer, part, again }: { answer: OverviewAnswer; part: string; again: () => unknown }) {
  const type = answer.problems.find((problem) => problem.part === part)?.type ?? 'unknown';
  return (
    <div class="msg" role="alert">
      <p>
        <b>This panel could not be loaded.</b>
        <br />
        The other panels are not concerned.
      </p>
      <div class="row">
        <button class="btn" type="button" onClick={() => again()}>
          Try again
        </button>
        <span class="muted">{type}</span>
      </div>
    </div>
  );
}

function since(answer: OverviewAnswer): string {
  return answer.compare === null ? 'Change' : `Since ${monthShort(answer.compare)}`;
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
          <th scope="col" class="name">
            {title}
          </th>
          <th scope="col" aria-sort="descending" class="num">
            Sites
          </th>
          <th scope="col" class="num">
            Share
          </th>
          <th scope="col" class="num">
            {since(answer)}
          </th>
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
            <td class="barc">
              <div class="bn">
                <Bar part={row.sites / most} />
                <span>{count(row.sites)}</span>
              </div>
            </td>
            <td class="num">{percent(row.sitesShare)}</td>
            <td class="num">
              <Since row={row} compare={answer.compare} />
            </td>
            <td class="sp w">
              <Trend points={row.trend} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const KINDS: readonly { value: Kind; label: string }[] = [
  { value: 'lines', label: 'Lines' },
  { value: 'stacked', label: 'Stacked' },
  { value: 'percent', label: '100\u202f%' },
];

function SharePanel({
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

function PlatformsPanel({ asked, keep }: { asked: Asked<OverviewAnswer>; keep: Keep }) {
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
                  <th scope="col">Platform</th>
                  <th scope="col" class="num" aria-sort="descending">
                    Sites
                  </th>
                  <th scope="col" class="num">
                    Share
                  </th>
                  <th scope="col" class="num">
                    {since(found)}
                  </th>
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

function HardwarePanel({ asked, category, keep }: ListProps) {
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
                    {since(found)}
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
                        <Bar part={row.sitesShare ?? 0} />
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
