import { useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { ChartWithReadOut } from '../charts/chart-panel.tsx';
import type { CountsAnswer, Row, TrendAnswer } from '../lib/answers.ts';
import { part } from '../lib/api.ts';
import { defaultCompare, newestFinal, type Range, useFacets, yearAndMonth } from '../lib/facets.ts';
import { count, monthName, monthYear, percent, plural } from '../lib/format.ts';
import { useQueryState } from '../lib/query-state.ts';
import { useApi } from '../lib/use-api.ts';
import { MonthAndCompare } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { KeepView } from '../parts/keep-view.tsx';
import { Points, Trend } from '../parts/numbers.tsx';
import { Content, Panel, Stale } from '../parts/panel.tsx';
import { RankCells, RankHead } from '../parts/ranking.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';

const NO_DEFAULTS = {};

/** Whose phones are on a platform. Models are not counted by platform, by design, and the page says so. */
export default function Platform({ platform }: { platform: string }) {
  const { state, set } = useQueryState(NO_DEFAULTS);
  const facets = useFacets();
  const period = facets.data && (state.period ?? newestFinal(facets.data));
  const compare = state.compare ?? defaultCompare(period, facets.data);
  const own = useApi<CountsAnswer>(period === undefined ? undefined : '/v1/counts', {
    view: 'platform',
    platform,
    period,
    compare,
    limit: 1,
  });
  const makersParams = { view: 'platform_vendor', platform, period, compare, trend: 13, limit: 100 };
  const makers = useApi<CountsAnswer>(period === undefined ? undefined : '/v1/counts', makersParams);
  useTitle(platform);
  const provisional = own.data?.provisional ?? false;
  return (
    <>
      <div class="title">
        <div>
          <p class="crumb">
            <Link href="/explore?view=platform">Platforms</Link>
          </p>
          <h1>
            {platform} <Stale asked={own} />
          </h1>
        </div>
        <div class="ctl">
          {period !== undefined && (
            <MonthAndCompare
              period={period}
              compare={state.compare}
              provisional={provisional}
              periods={facets.data?.periods ?? []}
              set={set}
            />
          )}
          <KeepView />
          <ExportMenu of={{ path: '/v1/counts', params: makersParams }} rows={makers.data?.rowsInAll} page />
        </div>
      </div>
      <section class="panel" aria-label="In short">
        <Content asked={own} rows={2} what="The platform">
          {(found) => <InShort answer={found} platform={platform} makers={makers.data?.rowsInAll} />}
        </Content>
      </section>
      <div class="cols">
        <LinePanel platform={platform} range={yearAndMonth(facets.data)} />
        <Panel
          title="Makers of phones on it"
          class="c6"
          sub="Share of its sites that have phones of the maker"
          badge={provisional ? <span class="badge prov">Provisional</span> : undefined}
          tools={<ExportMenu of={{ path: '/v1/counts', params: makersParams }} rows={makers.data?.rowsInAll} />}
          method={
            makers.data
              ? `${makers.data.suppressed.cells === 0 ? 'None is held back.' : `${plural(makers.data.suppressed.cells, 'maker')} held back: fewer than ${makers.data.threshold} of its sites have it.`} Models are not counted by platform, by design: what few sites have in common could name them.`
              : undefined
          }
        >
          <Content asked={makers} rows={8} what="The table">
            {(found) => (
              <Makers answer={found} platform={platform} keep={{ period: state.period, compare: state.compare }} />
            )}
          </Content>
        </Panel>
      </div>
    </>
  );
}

function InShort({ answer, platform, makers }: { answer: CountsAnswer; platform: string; makers: number | undefined }) {
  const row = answer.rows.find((one) => one.platform === platform);
  if (!row)
    return (
      <Nothing title={`Nothing is shown of ${platform} in ${monthYear(answer.period)}.`}>
        Fewer than {answer.threshold} sites, or none: the two are not told apart.
      </Nothing>
    );
  return (
    <div class="stats four">
      <div>
        <h2>Sites</h2>
        <b>{count(row.sites)}</b>
        <p>each site has one platform</p>
      </div>
      <div>
        <h2>Share of sites</h2>
        <b>{percent(row.sitesShare)}</b>
        {row.change && <Points change={row.change} />}
        <p>{!answer.compare ? 'no change is shown' : `points since ${monthYear(answer.compare)}`}</p>
      </div>
      <div>
        <h2>Place among platforms</h2>
        <b>{row.rank}</b>
        <p>
          {row.rankBefore !== null && answer.compare ? `${row.rankBefore} in ${monthName(answer.compare)}` : 'by sites'}
        </p>
      </div>
      <div>
        <h2>Makers of phones</h2>
        <b>{count(makers)}</b>
        <p>that are shown on it</p>
      </div>
    </div>
  );
}

function LinePanel({ platform, range }: { platform: string; range: Range | undefined }) {
  const params = { view: 'platform', platform, ...range };
  const asked = useApi<TrendAnswer>(range && '/v1/trend', params);
  const svg = useRef<SVGSVGElement>(null);
  const points = asked.data?.points ?? [];
  const open = points.findLast(({ provisional }) => provisional);
  return (
    <Panel
      title="Share of all sites"
      class="c6"
      sub="Month by month"
      tools={
        <ExportMenu
          of={{ path: '/v1/trend', params }}
          rows={points.length}
          picture={{
            svg,
            caption: {
              title: `${platform}: share of all sites`,
              sub: open ? `${monthName(open.period)} provisional` : 'final',
              file: `rollcall-${platform}`,
            },
          }}
        />
      }
      method={`${open ? `${monthName(open.period)} (hatched) is provisional. ` : ''}A line ends where fewer than ten sites are left, or none.`}
    >
      <Content asked={asked} rows={7} what="The chart">
        {(found) => (
          <ChartWithReadOut
            kind="lines"
            months={found.points}
            series={[
              {
                key: 'platform',
                label: platform,
                slot: 's1',
                points: found.points.map(({ sites, sitesShare }) => ({ value: sites, share: sitesShare })),
              },
            ]}
            of="share"
            name={`Share of all sites on ${platform}, month by month`}
            unit="sites"
            height={300}
            svgRef={svg}
          />
        )}
      </Content>
    </Panel>
  );
}

function Makers({
  answer,
  platform,
  keep,
}: {
  answer: CountsAnswer;
  platform: string;
  keep: { period: string | undefined; compare: string | undefined };
}) {
  const rows = answer.rows.filter((row) => row.platform === platform);
  if (rows.length === 0)
    return (
      <Nothing title="No maker is shown on it.">
        In {monthYear(answer.period)}, each has fewer than {answer.threshold} of its sites, or none.
      </Nothing>
    );
  const most = Math.max(1, ...rows.map(({ sites }) => sites));
  const query = new URLSearchParams(
    Object.entries(keep).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  return (
    <table class="rk">
      <thead>
        <tr>
          <RankHead name="Maker" compare={answer.compare} />
          <th scope="col" class="w">
            12 months
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row: Row) => (
          <tr key={row.vendor}>
            <td class="name">
              <Link href={`/makers/${part(row.vendor ?? '')}${query === '' ? '' : `?${query}`}`}>{row.vendor}</Link>
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
