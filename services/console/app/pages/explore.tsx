import { Link2 } from 'lucide-preact';
import type { CountsAnswer } from '../lib/answers.ts';
import { copy } from '../lib/export.ts';
import { monthYear } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { EXPLORE_VIEWS, many } from '../lib/words.ts';
import { MonthAndCompare } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Icon } from '../parts/icon.tsx';
import { KeepView } from '../parts/keep-view.tsx';
import { useKey } from '../parts/keyboard.tsx';
import { Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { say } from '../parts/toast.tsx';
import { ChartPanel } from './explore/chart-panel.tsx';
import { Filters } from './explore/filters.tsx';
import { PAGE, type Parts, useQuestion } from './explore/question.ts';
import { TablePanel } from './explore/table-panel.tsx';

const TREND = 13;

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
          <MonthAndCompare
            period={period}
            compare={state.compare}
            provisional={facets.data?.periods.find((each) => each.period === period)?.provisional ?? false}
            periods={facets.data?.periods ?? []}
            set={set}
          />
        )}
        <button class="btn grow" type="button" onClick={copyLink}>
          <Icon of={Link2} />
          Copy link
        </button>
        <KeepView />
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
