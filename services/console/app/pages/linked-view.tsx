import { useQuery } from '@tanstack/preact-query';
import { ArrowRight } from 'lucide-preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { ChartWithReadOut } from '../charts/chart-panel.tsx';
import type { Kind } from '../charts/model.ts';
import { seriesOf } from '../charts/series.ts';
import type { LinkedViewAnswer, SeriesAnswer } from '../lib/answers.ts';
import { ApiProblem, passes, sendAsNobody } from '../lib/api.ts';
import { count, dayYear, monthYear } from '../lib/format.ts';
import { cellOf, namesOf } from '../lib/links.ts';
import { partsOf, wordsOfView } from '../lib/views.ts';
import { EXACT, many } from '../lib/words.ts';
import { Icon, Logo } from '../parts/icon.tsx';
import { Since } from '../parts/numbers.tsx';
import { Content, Panel } from '../parts/panel.tsx';
import { RankCells, RankHead } from '../parts/ranking.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';

/** The token stands behind the #, which no browser sends; it stays there, so that the page can be opened again. */
const tokenIn = (hash: string): string => new URLSearchParams(hash.slice(1)).get('link') ?? '';

/** What a link shows to whoever has it: one view, read-only, without a way to any other. */
export default function LinkedView() {
  const [token, setToken] = useState(tokenIn(location.hash));
  useEffect(() => {
    const changed = () => setToken(tokenIn(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const asked = useQuery<LinkedViewAnswer>({
    queryKey: ['linked-view', token],
    queryFn: ({ signal }) => sendAsNobody<LinkedViewAnswer>('/v1/view-links/open', { link: token }, signal),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchInterval: (query) => (query.state.status === 'error' && passes(query.state.error) ? 5_000 : false),
  });
  const { data, error } = asked;
  const over = token === '' ? NO_LINK : error instanceof ApiProblem ? OVER[error.status] : undefined;
  const words = data && wordsOfView(data.address);
  useTitle(words?.title ?? 'A view');
  return (
    <>
      <header class="top plain">
        <div class="in">
          <span class="brand">
            <Logo />
            <b>Rollcall</b>
          </span>
          <div class="right">
            <span class="badge">Read only</span>
          </div>
        </div>
      </header>
      <main id="main">
        <div class="in page">
          {over !== undefined ? (
            <Over title={over[0]}>{over[1]}</Over>
          ) : (
            <>
              <div class="title">
                <div>
                  <h1>{words?.title ?? 'A view'}</h1>
                  <p>{data ? saidOf(data) : '\u00a0'}</p>
                </div>
              </div>
              {data ? (
                <Shown view={data} />
              ) : (
                <section class="panel" aria-label="The view">
                  <Content asked={asked} rows={12} what="The view">
                    {() => null}
                  </Content>
                </section>
              )}
            </>
          )}
        </div>
      </main>
      <footer class="foot">
        <div class="in">
          <span>Rollcall counts phone systems without knowing whose they are.</span>
        </div>
      </footer>
    </>
  );
}

const NO_LINK = ['There is no link in the address.', 'It was cut short. Open it again as you were given it.'] as const;
const OVER: Readonly<Record<number, readonly [string, string]>> = {
  400: NO_LINK,
  404: ['There is no such link.', 'The address was cut short or mistyped. Open it again as you were given it.'],
  410: ['This link is over.', 'It was for a while, or was revoked. Ask whoever gave it to you for another.'],
};

function Over({ title, children }: { title: string; children: string }) {
  return (
    <section class="panel lone" aria-labelledby="over">
      <div class="msg">
        <h1 id="over">{title}</h1>
        <p>{children}</p>
      </div>
    </section>
  );
}

function saidOf({ period, compare, expiresAt }: LinkedViewAnswer): string {
  const against = compare === null ? '' : ` against ${monthYear(compare)}`;
  return `${monthYear(period)}${against}, final numbers. This page can be read until ${dayYear(expiresAt)}.`;
}

function Shown({ view }: { view: LinkedViewAnswer }) {
  return (
    <>
      {view.months.length > 0 && <ChartOf view={view} />}
      <RowsOf view={view} />
    </>
  );
}

interface Drawn {
  readonly page: string;
  readonly view: SeriesAnswer['view'];
  readonly by: 'sites' | 'devices';
  readonly kind: Kind;
  readonly things: string;
  readonly only: string | undefined;
}

/** What the address says of how it is drawn. */
function drawnAs(address: string): Drawn {
  const { names, params } = partsOf(address);
  const [page = ''] = names;
  const view = page === 'platforms' ? 'platform' : page === 'explore' ? (params.get('view') ?? 'model') : 'model';
  const by = params.get('by') === 'devices' ? 'devices' : 'sites';
  // As everywhere: devices add up, and sites of platforms; never what is compared.
  const adds = page === 'explore' && (view === 'platform' || by === 'devices') && params.getAll('cell').length < 2;
  const chart = params.get('chart');
  const kind = adds && (chart === 'stacked' || chart === 'percent') ? chart : 'lines';
  const category = (page === 'models' ? names[1] : params.get('category')) ?? 'phone';
  const things = view === 'platform' ? 'platforms' : view === 'category' ? 'devices' : many(category);
  return { page, view: view as SeriesAnswer['view'], by, kind, things, only: params.get('only') ?? undefined };
}

function ChartOf({ view }: { view: LinkedViewAnswer }) {
  const { by, kind, things, only, view: of } = drawnAs(view.address);
  const months = view.months.map((period) => ({ period, provisional: false }));
  const lines = useMemo(() => {
    const { months: all, series, other, period } = view;
    const periods = all.map((month) => ({ period: month, provisional: false, total: null }));
    const others = other && { cells: 1, points: other };
    return seriesOf({ view: of, by, from: period, to: period, periods, series, other: others }, undefined);
  }, [view, of, by]);
  const title = by === 'sites' ? 'Share of sites' : `Share of ${things}`;
  return (
    <Panel
      title={title}
      sub="Month by month"
      method={`A line ends where fewer than ${view.threshold} sites are left, or none.`}
    >
      {lines.length === 0 ? (
        <Nothing title="Nothing to draw.">What is shown in no month has no line.</Nothing>
      ) : (
        <ChartWithReadOut
          kind={kind}
          months={months}
          series={lines}
          of={kind === 'stacked' ? 'value' : 'share'}
          name={`${title}, month by month: ${lines.map(({ label }) => label).join(', ')}. The table below has the numbers.`}
          unit={by === 'sites' ? 'sites' : things}
          only={only}
        />
      )}
    </Panel>
  );
}

function RowsOf({ view }: { view: LinkedViewAnswer }) {
  const { page } = drawnAs(view.address);
  const { rows, period, threshold } = view;
  return (
    <Panel
      title={page === 'movers' ? 'What rose and what fell' : 'Numbers'}
      sub={monthYear(period)}
      method={`What fewer than ${threshold} sites have is not shown. ${EXACT}`}
    >
      {rows.length === 0 ? (
        <Nothing title="Nothing is shown.">
          In {monthYear(period)} fewer than {threshold} sites have it, or none: the two are not told apart.
        </Nothing>
      ) : page === 'movers' ? (
        <Moved view={view} />
      ) : (
        <Ranked view={view} />
      )}
    </Panel>
  );
}

type Named = Pick<LinkedViewAnswer['rows'][number], 'platform' | 'category' | 'vendor' | 'model'>;

/** Names lead nowhere here. */
function nameOfRow({ platform, category, vendor, model }: Named): string {
  const own = [platform, vendor, model].filter((one) => one !== undefined && one !== '');
  return own.length > 0 ? own.join(' ') : many(category ?? '');
}

function Ranked({ view: { rows, compare } }: { view: LinkedViewAnswer }) {
  const most = Math.max(1, ...rows.map(({ sites }) => sites));
  const devices = rows.some((row) => row.devices !== null);
  return (
    <table class="rk">
      <thead>
        <tr>
          <RankHead name="Name" compare={compare} />
          {devices && (
            <th scope="col" class="num w">
              Devices
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={cellOf(namesOf(row))}>
            <td class="name">{nameOfRow(row)}</td>
            <RankCells row={row} most={most} compare={compare} />
            {devices && <td class="num w">{count(row.devices)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Moved({ view: { rows, compare } }: { view: LinkedViewAnswer }) {
  return (
    <table class="rk">
      <thead>
        <tr>
          <th scope="col" class="name">
            Name
          </th>
          <th scope="col" class="num">
            Points
          </th>
          <th scope="col" class="num">
            Sites
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={cellOf(namesOf(row))}>
            <td class="name">{nameOfRow(row)}</td>
            <td class="num">
              <Since row={row} compare={compare} />
            </td>
            <td class="num fromto">
              <span>{count(row.before?.sites)}</span>
              <Icon of={ArrowRight} size={12} />
              <span class="vh"> to </span>
              <b>{count(row.sites)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
