import { Lock, Plus } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { ChartWithReadOut } from '../charts/chart-panel.tsx';
import { makerSlots, type Point, type Series } from '../charts/model.ts';
import type { ModelAnswer, Row } from '../lib/answers.ts';
import { part } from '../lib/api.ts';
import type { Exportable } from '../lib/export.ts';
import { useFacets } from '../lib/facets.ts';
import {
  count,
  margin,
  monthName,
  monthShort,
  monthYear,
  oneDecimal,
  ordinal,
  percent,
  plural,
} from '../lib/format.ts';
import { cellOf } from '../lib/links.ts';
import { useQueryState } from '../lib/query-state.ts';
import { useApi } from '../lib/use-api.ts';
import { capital, EXACT, headline, many } from '../lib/words.ts';
import { MonthStepper } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Icon } from '../parts/icon.tsx';
import { useKey } from '../parts/keyboard.tsx';
import { Bar, Delta, MarginBar, Name, Points, Since, Trend } from '../parts/numbers.tsx';
import { Content, Panel, Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';

const NO_DEFAULTS = {};
const MONTHS = 13;

interface Names {
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
}

export default function Model(names: Names) {
  const { category, vendor, model } = names;
  const { state, set } = useQueryState(NO_DEFAULTS);
  const { period, compare } = state;
  const facets = useFacets();
  const path = `/v1/models/${part(category)}/${part(vendor)}/${part(model)}`;
  const params = { period, compare, months: MONTHS };
  const asked = useApi<ModelAnswer>(path, params);
  const answer = asked.data;
  const [, navigate] = useLocation();
  useTitle(`${vendor} ${model}`);
  const compareIt = () =>
    navigate(`/explore?cell=${part(cellOf(names))}${category === 'phone' ? '' : `&category=${part(category)}`}`);
  useKey('x', compareIt);
  const keep = { period, compare };
  return (
    <>
      <div class="title">
        <div>
          <p class="crumb">
            <Link href={`/explore?category=${part(category)}`}>{headline(category)}</Link> /{' '}
            <Link href={`/makers/${part(vendor)}`}>{vendor}</Link>
          </p>
          <h1>
            {vendor} {model} <Stale asked={asked} />
          </h1>
        </div>
        <div class="ctl">
          <button class="btn" type="button" onClick={compareIt} aria-keyshortcuts="x">
            <Icon of={Plus} />
            Compare
          </button>
          <ExportMenu of={{ path, params }} rows={answer?.trend.length} page />
          {answer && (
            <MonthStepper
              period={answer.period}
              periods={facets.data?.periods.map((each) => each.period) ?? []}
              choose={(next) => set({ period: next, compare: undefined })}
            />
          )}
        </div>
      </div>
      <section class="panel" aria-label="In short">
        <Content asked={asked} rows={2} what="The page">
          {(found) => <InShort answer={found} names={names} />}
        </Content>
      </section>
      <div class="cols">
        <ChartPanel
          answer={answer}
          of={{ path, params }}
          by="sites"
          names={names}
          slot={makerSlots([vendor], facets.data?.vendors).get(vendor) ?? 's1'}
        />
        <ChartPanel
          answer={answer}
          of={{ path, params }}
          by="devices"
          names={names}
          slot={makerSlots([vendor], facets.data?.vendors).get(vendor) ?? 's1'}
        />
        <Siblings answer={answer} names={names} keep={keep} />
        <div class="c4 stack">
          {answer?.released && <Told answer={answer} />}
          <MethodPanel answer={answer} category={category} />
        </div>
      </div>
    </>
  );
}

function InShort({ answer, names }: { answer: ModelAnswer; names: Names }) {
  const { row, place, compare, total } = answer;
  const things = many(names.category);
  if (!row)
    return (
      <Nothing title={`Nothing is shown of it in ${monthYear(answer.period)}.`}>
        Fewer than {answer.threshold} sites, or none: the two are not told apart. The lines below say when it was shown.
      </Nothing>
    );
  const since = compare === null ? '' : ` since ${monthShort(compare)}`;
  const then = row.before;
  const perSite = row.devices === null ? null : row.devices / row.sites;
  const perSiteThen = then && then.devices !== null ? then.devices / then.sites : null;
  return (
    <div class="stats">
      <div>
        <h2>Sites</h2>
        <b>{count(row.sites)}</b>
        {then && <Delta value={row.sites - then.sites} digits={0} faint={!row.change?.clear} />}
        <p>
          of {count(total.sites)} that have {things}
        </p>
      </div>
      <div>
        <h2>Share of sites</h2>
        <b>{percent(row.sitesShare)}</b>
        {row.change && <Points change={row.change} />}
        <p>{row.change ? `percentage points${since}` : `of the sites with ${things}`}</p>
      </div>
      <div>
        <h2>{capital(things)}</h2>
        <b>{count(row.devices)}</b>
        {then && then.devices !== null && row.devices !== null && (
          <Delta value={row.devices - then.devices} digits={0} faint />
        )}
        <p>
          {percent(row.devicesShare)} of all {things}
        </p>
      </div>
      <div>
        <h2>A site has</h2>
        <b>{oneDecimal(perSite)}</b>
        <p>
          {things} of it
          {perSiteThen === null || compare === null ? '' : `, ${oneDecimal(perSiteThen)} in ${monthName(compare)}`}
        </p>
      </div>
      <div>
        <h2>Place among {things}</h2>
        <b>{place ? ordinal(place.rank) : '–'}</b>
        <p>
          {place ? `of ${plural(place.of, 'model')}` : ''}
          {place && place.before !== null && compare !== null
            ? `; ${ordinal(place.before)} in ${monthName(compare)}`
            : ''}
        </p>
      </div>
    </div>
  );
}

function ChartPanel({
  answer,
  of,
  by,
  names,
  slot,
}: {
  answer: ModelAnswer | undefined;
  /** What it is drawn from, as a question. */
  of: Exportable;
  by: 'sites' | 'devices';
  names: Names;
  slot: Series['slot'];
}) {
  const svg = useRef<SVGSVGElement>(null);
  const things = many(names.category);
  const title = by === 'sites' ? `Share of sites with ${things}` : capital(things);
  const points = (answer?.trend ?? []).map(
    ({ sites, devices, sitesShare, devicesShare }): Point =>
      by === 'sites' ? { value: sites, share: sitesShare } : { value: devices, share: devicesShare },
  );
  const months = answer?.trend ?? [];
  const open = months.findLast(({ provisional }) => provisional);
  return (
    <Panel
      title={title}
      class="c6"
      sub={by === 'sites' ? 'How many of them have at least one' : 'All that were counted'}
      tools={
        <ExportMenu
          of={of}
          rows={months.length}
          picture={{
            svg,
            caption: {
              title: `${names.vendor} ${names.model}: ${title}`,
              sub: answer
                ? `${monthYear(months[0]?.period ?? answer.period)} to ${monthYear(months.at(-1)?.period ?? answer.period)}${open ? `, ${monthName(open.period)} provisional` : ''} · ${count(answer.total.sites)} sites with ${things}`
                : '',
              file: `rollcall-${names.model}-${by}`,
            },
          }}
        />
      }
      method={
        answer
          ? `${sentence(answer, by, things)} ${open ? `${monthName(open.period)} (hatched) is provisional.` : ''}`
          : undefined
      }
    >
      {answer && (
        <ChartWithReadOut
          kind="lines"
          months={months}
          series={[
            {
              key: by,
              label: names.model,
              small: names.vendor,
              slot: by === 'sites' ? slot : slot === 's3' ? 's1' : 's3',
              points,
            },
          ]}
          of={by === 'sites' ? 'share' : 'value'}
          name={`${title}, ${names.vendor} ${names.model}, month by month`}
          unit={by === 'sites' ? 'sites' : things}
          height={250}
          svgRef={svg}
        />
      )}
    </Panel>
  );
}

/** What the line says, in words, where it can be said. */
function sentence(
  { row, compare, provisional, threshold, trend }: ModelAnswer,
  by: 'sites' | 'devices',
  things: string,
): string {
  const gone = trend.filter(({ sites }) => sites === null).length;
  if (gone > 0)
    return `In ${plural(gone, 'month')} it had fewer than ${threshold} sites, or none: the line stops instead of falling to zero.`;
  if (provisional) return 'No change is shown while a month is filling.';
  if (compare === null) return 'There is no earlier final month to compare with.';
  if (!row?.before || !row.change)
    return `In ${monthYear(compare)} fewer than ${threshold} sites had it, or none: no change is shown.`;
  const factor = row.sites / row.before.sites;
  if (by === 'sites') {
    if (!row.change.clear) return `Since ${monthName(compare)} within chance${row.change.few ? ': few sites' : ''}.`;
    const how = factor >= 1.9 ? 'About doubled' : factor <= 0.55 ? 'About halved' : factor > 1 ? 'Rose' : 'Fell';
    return `${how} since ${monthName(compare)}, clearly more than chance.`;
  }
  if (row.devices === null || row.before.devices === null) return '';
  const devices = row.devices / row.before.devices;
  if (devices < factor * 0.95) return `Sites grew faster than ${things}: each has fewer of them.`;
  if (devices > factor * 1.05) return `There are more ${things} at each site than there were.`;
  return `${capital(things)} went with sites.`;
}

function Siblings({
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
              <th scope="col" class="name">
                Model
              </th>
              <th scope="col" class="num" aria-sort="descending">
                Sites
              </th>
              <th scope="col" class="num">
                Share
              </th>
              <th scope="col" class="num">
                {answer?.compare ? `Since ${monthShort(answer.compare)}` : 'Change'}
              </th>
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
      <td class="barc">
        <div class="bn">
          <Bar part={row.sites / most} />
          <span>{count(row.sites)}</span>
        </div>
      </td>
      <td class="num">{percent(row.sitesShare)}</td>
      <td class="num">
        <Since row={row} compare={since} />
      </td>
      <td class="num w">{count(row.devices)}</td>
      <td class="sp w">
        <Trend points={row.trend} />
      </td>
    </tr>
  );
}

/** What its manufacturer was given, beside the exact numbers that stay here. */
function Told({ answer }: { answer: ModelAnswer }) {
  const { released, row, period, category } = answer;
  if (!released) return null;
  const most = Math.max(released.sites + released.sitesMargin, row?.sites ?? 0) * 1.25;
  const things = capital(many(category));
  return (
    <Panel title={`What ${released.party} was told`} badge={<span class="badge final">Released</span>}>
      <div class="given-card">
        <MarginBar value={released.sites} margin={released.sitesMargin} most={most} />
        <dl>
          <dt>Sites, {released.sitesMargin > 0 ? 'with noise' : 'without noise'}</dt>
          <dd>
            {count(released.sites)} <small>{margin(released.sitesMargin)}</small>
          </dd>
          <dt>Sites, exact (staff only)</dt>
          <dd>{count(row?.sites)}</dd>
          <dt>{things}, with noise</dt>
          <dd>
            {count(released.phones)} <small>{margin(released.phonesMargin)}</small>
          </dd>
          <dt>{things}, exact (staff only)</dt>
          <dd>{count(row?.devices)}</dd>
        </dl>
        <p class="note">
          <Icon of={Lock} size={14} class="inline" /> {EXACT}
        </p>
        <p class="note">
          <Link href={`/releases/${period}/${part(released.party)}`}>The whole release</Link>
        </p>
      </div>
    </Panel>
  );
}

function MethodPanel({ answer, category }: { answer: ModelAnswer | undefined; category: string }) {
  return (
    <Panel title="Method">
      <dl class="meth">
        <dt>Counted</dt>
        <dd>
          {count(answer?.total.sites)} sites with {many(category)}
        </dd>
        <dt>State</dt>
        <dd>
          {answer?.provisional ? <span class="badge prov">Provisional</span> : <span class="badge final">Final</span>}{' '}
          exact, no noise
        </dd>
        <dt>Shown from</dt>
        <dd>{plural(answer?.threshold ?? 10, 'site')} on</dd>
        {answer?.catalogue && (
          <>
            <dt>Recognised as</dt>
            <dd>catalogue {answer.catalogue}</dd>
          </>
        )}
        <dt>Clear change</dt>
        <dd>
          more than twice the spread that chance gives a count of this size. <Link href="/method">Method</Link>
        </dd>
      </dl>
    </Panel>
  );
}
