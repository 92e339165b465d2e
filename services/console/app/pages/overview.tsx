import type { FacetsAnswer, OverviewAnswer } from '../lib/answers.ts';
import { useFacets } from '../lib/facets.ts';
import { monthYear, plural } from '../lib/format.ts';
import { useQueryState } from '../lib/query-state.ts';
import { type Asked, useApi } from '../lib/use-api.ts';
import { headline } from '../lib/words.ts';
import { MonthAndCompare, Select } from '../parts/controls.tsx';
import { Fresh } from '../parts/fresh.tsx';
import { Content, Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Glance } from './overview/glance.tsx';
import { HardwarePanel } from './overview/hardware-panel.tsx';
import { type Keep, TOP } from './overview/list.ts';
import { Pinned } from './overview/pinned.tsx';
import { PlatformsPanel } from './overview/platforms-panel.tsx';
import { MakersPanel, ModelsPanel } from './overview/rankings.tsx';
import { SharePanel } from './overview/share-panel.tsx';
import { FillingStrip, ProvisionalStrip } from './overview/strips.tsx';

const DEFAULTS = { category: 'phone' };

export default function Overview() {
  const { state, set } = useQueryState(DEFAULTS);
  const { category = 'phone', period, compare } = state;
  const facets = useFacets();
  const asked = useApi<OverviewAnswer>('/v1/overview', { category, period, compare, top: TOP });
  const answer = asked.data;
  useTitle(answer ? `Overview, ${monthYear(answer.period)}` : 'Overview');
  const keep = { period, compare };
  const look = (month: string | undefined) => set({ period: month, compare: undefined });
  return (
    <>
      <Title asked={asked} facets={facets.data} state={{ category, period, compare }} set={set} />
      <Pinned />
      {answer?.open && !answer.provisional && <FillingStrip answer={answer} look={() => look(answer.open?.period)} />}
      {answer?.provisional && answer.snapshotAt !== null && <ProvisionalStrip answer={answer} />}
      <section class="panel hero" aria-label="At a glance">
        <Content asked={asked} rows={3} what="The overview">
          {(found) => <Glance answer={found} keep={keep} look={look} />}
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
          <MonthAndCompare
            period={answer.period}
            compare={state.compare}
            provisional={answer.provisional}
            periods={facets?.periods ?? []}
            set={set}
          />
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
  return `Changes of shares are against ${monthYear(compare)}${first}, in percentage points.`;
}
