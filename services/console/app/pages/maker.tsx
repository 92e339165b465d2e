import { Link } from 'wouter-preact';
import type { VendorAnswer } from '../lib/answers.ts';
import { part } from '../lib/api.ts';
import { defaultCompare, newestFinal, useFacets, yearAndMonth } from '../lib/facets.ts';
import { list, plural } from '../lib/format.ts';
import { useQueryState } from '../lib/query-state.ts';
import { useApi } from '../lib/use-api.ts';
import { headline, many } from '../lib/words.ts';
import { MonthAndCompare, Select } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { KeepView } from '../parts/keep-view.tsx';
import { Content, Panel, Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { InShort } from './maker/in-short.tsx';
import { LinePanel } from './maker/line-panel.tsx';
import { Models } from './maker/models.tsx';

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
