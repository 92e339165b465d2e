import type { GrowthAnswer, Risen } from '../../lib/answers.ts';
import { addMonths, count, margin, monthName, monthYear, plural, signed } from '../../lib/format.ts';
import { cellOf, namesOf } from '../../lib/links.ts';
import { useApi } from '../../lib/use-api.ts';
import { Name } from '../../parts/numbers.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';
import { NewSites } from './new-sites.tsx';

/** What rose by itself, and how many sites were new by day, of one month beside the one counted before it. */
export function Growth({ period }: { period: string }) {
  const asked = useApi<GrowthAnswer>('/v1/growth', { period });
  const { data } = asked;
  return (
    <div class="two">
      <Panel
        title={`Growth that is not the fleet’s own, ${monthName(period)}`}
        sub={data && againstOf(data)}
        badge={data?.provisional ? <span class="badge prov">Provisional</span> : undefined}
        method="A rise far beyond what the growth of all sites, their coming and going and chance explain. Invented sites look like that, and so do a large customer and a rollout: somebody looks."
      >
        <Content asked={asked} rows={3} what="Growth by itself">
          {(answer) => <Rises answer={answer} />}
        </Content>
      </Panel>
      <Panel
        title={`New sites by day, ${monthName(period)}`}
        sub={data?.newSites.soFar ? soFarOf(data) : undefined}
        method={
          data &&
          `Each number carries noise: it is within ${margin(data.newSites.margin)} nineteen times in twenty, and may be less than none.`
        }
      >
        <Content asked={asked} rows={7} what="New sites">
          {(answer) => <NewSites answer={answer} />}
        </Content>
      </Panel>
    </div>
  );
}

function againstOf({ before, fleet }: GrowthAnswer): string {
  if (before === null) return 'No month was counted before it';
  return `Beside ${monthYear(before)}: ${count(fleet.before)} sites then, ${count(fleet.sites)} now`;
}

function soFarOf({ period, newSites: { soFar, soFarMargin } }: GrowthAnswer): string {
  if (soFar === null) return '';
  const now = `${soFar.days > 31 ? 'In all' : `In ${plural(soFar.days, 'day')}`} ${count(soFar.sites)} ${margin(soFarMargin)}`;
  return soFar.before === null
    ? now
    : `${now}; in as many of ${monthName(addMonths(period, -1))} ${count(soFar.before)}`;
}

/** What each view's cells are called, one and many. */
const KINDS: Readonly<Record<Risen['view'], readonly [string, string]>> = {
  platform: ['platform', 'platforms'],
  vendor: ['maker', 'makers'],
  model: ['model', 'models'],
  unlisted: ['unlisted name', 'unlisted names'],
};

function Rises({ answer: { alone, together, before } }: { answer: GrowthAnswer }) {
  if (alone.length + together.length === 0)
    return (
      <Nothing title={before === null ? 'There is nothing to compare with yet.' : 'Nothing rose by itself.'}>
        {before === null ? 'Growth is told between two months.' : 'What rose, rose with the fleet or within chance.'}
      </Nothing>
    );
  return (
    <>
      {together.map(({ sites, cells }) => (
        <Listed key={cells.map(keyOf).join()} title={togetherOf(cells, sites)} rows={cells} />
      ))}
      {(['platform', 'vendor', 'model', 'unlisted'] as const).map((view) => {
        const rows = alone.filter((row) => row.view === view);
        return (
          rows.length > 0 && <Listed key={view} title={`This rise is one ${KINDS[view][0]}’s alone`} rows={rows} />
        );
      })}
    </>
  );
}

/** `These 4 models rose by the same number of sites: about 23` */
function togetherOf(cells: readonly Risen[], sites: number): string {
  const views = new Set(cells.map(({ view }) => view));
  const [only] = views;
  const what = views.size === 1 && only ? plural(cells.length, ...KINDS[only]) : plural(cells.length, 'number');
  return `These ${what} rose by the same number of sites: about ${count(sites)}`;
}

function keyOf(row: Risen): string {
  return `${row.view} ${cellOf(namesOf(row))}`;
}

function Listed({ title, rows }: { title: string; rows: readonly Risen[] }) {
  return (
    <>
      <h3 class="gone-title">{title}</h3>
      <dl class="gone risen">
        {rows.map((row) => (
          <div key={keyOf(row)}>
            <dt>
              {row.view === 'unlisted' ? [row.vendor, row.model].join(' ').trim() : <Name names={namesOf(row)} />}{' '}
              <small>{KINDS[row.view][0]}</small>
            </dt>
            <dd>
              {row.before === null ? 'not shown before, now' : `${count(row.before)} to`} <b>{count(row.sites)}</b>{' '}
              sites, {signed(row.beyond, 0)} beyond the fleet’s growth
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
