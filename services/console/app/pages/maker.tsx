import { useMemo, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { ChartWithReadOut } from '../charts/chart-panel.tsx';
import { seriesOf } from '../charts/series.ts';
import type { CountsAnswer, SeriesAnswer, VendorAnswer } from '../lib/answers.ts';
import { part } from '../lib/api.ts';
import { defaultCompare, newestFinal, type Range, useFacets, yearAndMonth } from '../lib/facets.ts';
import { count, list, monthName, monthShortYear, monthYear, percent, plural } from '../lib/format.ts';
import { useQueryState } from '../lib/query-state.ts';
import { useApi } from '../lib/use-api.ts';
import { capital, headline, many } from '../lib/words.ts';
import { MonthAndCompare, Seg, Select } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { KeepView } from '../parts/keep-view.tsx';
import { Name, Points, Trend } from '../parts/numbers.tsx';
import { Content, Panel, Stale } from '../parts/panel.tsx';
import { RankCells, RankHead } from '../parts/ranking.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';

const DEFAULTS = { category: 'phone', by: 'sites' } as const;
const ALL_ROWS = 100;

/** A maker's models, with those of the brands it owns. */
export default function Maker({ vendor }: { vendor: string }) {
  const { state, set } = useQueryState(DEFAULTS);
  const facets = useFacets();
  const { category = 'phone' } = state;
  const period = facets.data && (state.period ?? newestFinal(facets.data));
  const compare = state.compare ?? defaultCompare(period, facets.data);
  const path = `/v1/vendors/${part(vendor)}`;
  const params = { category, lineage: true, period, compare, months: 13, limit: ALL_ROWS };
  const asked = useApi<VendorAnswer>(period === undefined ? undefined : path, params);
  const answer = asked.data;
  const known = facets.data?.vendors.find((one) => one.vendor === vendor);
  const categories = known?.categories ?? [category];
  useTitle(vendor);
  return (
    <>
      <div class="title">
        <div>
          <p class="crumb">
            <Link href={`/explore?view=vendor${category === 'phone' ? '' : `&category=${part(category)}`}`}>
              Makers of {many(category)}
            </Link>
          </p>
          <h1>
            {vendor} <Stale asked={asked} />
          </h1>
          <p>
            {answer?.owner && (
              <>
                Belongs to <Link href={`/makers/${part(answer.owner)}`}>{answer.owner}</Link>.{' '}
              </>
            )}
            {answer && answer.brands.length > 0 && `With the brands it owns: ${list(answer.brands)}.`}
          </p>
        </div>
        <div class="ctl">
          {categories.length > 1 && (
            <Select
              name="Category"
              value={category}
              choose={(next) => set({ category: next })}
              choices={categories.map((one) => ({ value: one, label: headline(one) }))}
            />
          )}
          {answer && period !== undefined && (
            <MonthAndCompare
              period={period}
              compare={state.compare}
              provisional={answer.provisional}
              periods={facets.data?.periods ?? []}
              set={set}
            />
          )}
          <KeepView />
          <ExportMenu
            of={{ path, params }}
            rows={answer && answer.rowsInAll * (answer.models[0]?.trend.length ?? 0)}
            page
          />
        </div>
      </div>
      <InShort vendor={vendor} category={category} period={period} compare={compare} />
      <LinePanel
        vendor={vendor}
        category={category}
        range={yearAndMonth(facets.data)}
        by={state.by === 'devices' ? 'devices' : 'sites'}
        set={set}
        only={state.only}
      />
      <Panel
        title={`All ${many(category)}`}
        sub={answer ? `${answer.models.length} of ${answer.rowsInAll}, sites first` : undefined}
        badge={answer?.provisional ? <span class="badge prov">Provisional</span> : undefined}
        method={
          answer
            ? `${answer.suppressed.cells === 0 ? 'None is held back' : `Held back: ${plural(answer.suppressed.cells, 'model')} that fewer than ${answer.threshold} sites have`}. Shares are of the sites with ${many(category)}.`
            : undefined
        }
      >
        <Content asked={asked} rows={10} what="The table">
          {(found) => (
            <Models
              answer={found}
              vendor={vendor}
              category={category}
              keep={{ period: state.period, compare: state.compare }}
            />
          )}
        </Content>
      </Panel>
    </>
  );
}

/** The maker itself, as `/v1/counts` has it. */
function InShort({
  vendor,
  category,
  period,
  compare,
}: {
  vendor: string;
  category: string;
  period: string | undefined;
  compare: string | undefined;
}) {
  const asked = useApi<CountsAnswer>(period === undefined ? undefined : '/v1/counts', {
    view: 'vendor',
    category,
    vendor,
    period,
    compare,
    limit: 1,
  });
  return (
    <section class="panel" aria-label="In short">
      <Content asked={asked} rows={2} what="The maker">
        {(found) => {
          const row = found.rows[0];
          if (!row)
            return (
              <Nothing title={`Nothing is shown of ${vendor} in ${monthYear(found.period)}.`}>
                Fewer than {found.threshold} sites have {many(category)} of it, or none: the two are not told apart.
              </Nothing>
            );
          return (
            <div class="stats four">
              <div>
                <h2>Sites</h2>
                <b>{count(row.sites)}</b>
                <p>have at least one</p>
              </div>
              <div>
                <h2>Share of sites</h2>
                <b>{percent(row.sitesShare)}</b>
                {row.change && <Points change={row.change} />}
                <p>of the sites with {many(category)}</p>
              </div>
              <div>
                <h2>{capital(many(category))}</h2>
                <b>{count(row.devices)}</b>
                <p>of models that are shown</p>
              </div>
              <div>
                <h2>Share of {many(category)}</h2>
                <b>{percent(row.devicesShare)}</b>
                {row.change && <Points change={row.change} by="devices" />}
                <p>{compare === undefined ? 'no month to compare with' : `points since ${monthYear(compare)}`}</p>
              </div>
            </div>
          );
        }}
      </Content>
    </section>
  );
}

function LinePanel({
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

function Models({
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
