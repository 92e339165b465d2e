import { Link } from 'wouter-preact';
import type { FacetsAnswer } from '../lib/answers.ts';
import { defaultCompare, newestFinal, useFacets } from '../lib/facets.ts';
import { monthShortYear, monthYear } from '../lib/format.ts';
import { useQueryState } from '../lib/query-state.ts';
import { headline, many } from '../lib/words.ts';
import { Seg, Select } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { KeepView } from '../parts/keep-view.tsx';
import { Content, MethodLine } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';
import { Found } from './movers/found.tsx';
import { Growth } from './movers/growth.tsx';
import type { Question } from './movers/question.ts';

const DEFAULTS = { view: 'model', category: 'phone' } as const;

/** What rose, fell, came and went between any two months. */
export default function Movers() {
  const facets = useFacets();
  const { state, set } = useQueryState(DEFAULTS);
  const { category = 'phone' } = state;
  const view: Question['view'] = state.view === 'vendor' ? 'vendor' : 'model';
  const to = state.to ?? newestFinal(facets.data);
  const from = state.from ?? defaultCompare(to, facets.data);
  useTitle('Movers');
  const filling = facets.data?.periods.find((one) => one.provisional && to !== undefined && one.period > to)?.period;
  const ready = facets.data && to !== undefined && from !== undefined;
  const question: Question | undefined = ready ? { view, category, from, to } : undefined;
  return (
    <>
      <Title facets={facets.data} question={question} to={to} view={view} category={category} set={set} />
      {facets.data && !ready && (
        <section class="panel lone">
          <Nothing title="There is nothing to compare with yet.">
            Changes are shown between two final months, and there {to === undefined ? 'is none' : 'is one'}.
          </Nothing>
        </section>
      )}
      {question && <Found question={question} />}
      {facets.data && to !== undefined && <Growth period={to} />}
      {filling !== undefined && <Growth period={filling} />}
      {!facets.data && (
        <section class="panel" aria-label="Movers">
          <Content asked={facets} rows={12} what="Movers">
            {() => null}
          </Content>
        </section>
      )}
      <section class="panel" aria-label="What clear means">
        <MethodLine>
          <b>Clear</b> means that the number of sites differs from what the fleet’s own growth would give by more than
          twice the spread of chance. Pale bars could be chance. <b>Few sites</b>: under 30 in one of the two months.{' '}
          <Link href="/method">Method</Link>
        </MethodLine>
      </section>
    </>
  );
}

function Title({
  facets,
  question,
  to,
  view,
  category,
  set,
}: {
  facets: FacetsAnswer | undefined;
  question: Question | undefined;
  to: string | undefined;
  view: string;
  category: string;
  set: ReturnType<typeof useQueryState>['set'];
}) {
  const final = (facets?.periods ?? [])
    .filter(({ provisional }) => !provisional)
    .map(({ period }) => ({ value: period, label: monthShortYear(period) }));
  return (
    <div class="title">
      <div>
        <h1>What rose and what fell</h1>
        <p>
          {question
            ? `${monthYear(question.from)} to ${monthYear(question.to)}, in percentage points of the sites with ${many(category)}`
            : '\u00a0'}
        </p>
      </div>
      <div class="ctl">
        <Seg
          name="View"
          choices={[
            { value: 'vendor', label: 'Makers' },
            { value: 'model', label: 'Models' },
          ]}
          value={view}
          choose={(next) => set({ view: next })}
        />
        <Select
          name="Category"
          value={category}
          choose={(next) => set({ category: next })}
          choices={(facets?.categories ?? [{ category }]).map((one) => ({
            value: one.category,
            label: headline(one.category),
          }))}
        />
        {question && to !== undefined && (
          <>
            <Select
              name="From"
              value={question.from}
              choose={(from) => set({ from })}
              choices={final.filter(({ value }) => value < to)}
            />
            <Select
              name="to"
              value={to}
              choose={(next) => set({ to: next, from: undefined })}
              choices={
                // The open month is asked for by its address alone.
                final.some(({ value }) => value === to) ? final : [...final, { value: to, label: monthShortYear(to) }]
              }
            />
            <KeepView />
            <ExportMenu of={{ path: '/v1/movers', params: { ...question } }} page />
          </>
        )}
      </div>
    </div>
  );
}
