import { Plus } from 'lucide-preact';
import { Link, useLocation } from 'wouter-preact';
import { makerSlots } from '../charts/model.ts';
import type { ModelAnswer } from '../lib/answers.ts';
import { part } from '../lib/api.ts';
import { useFacets } from '../lib/facets.ts';
import { cellOf } from '../lib/links.ts';
import { useQueryState } from '../lib/query-state.ts';
import { useApi } from '../lib/use-api.ts';
import { headline } from '../lib/words.ts';
import { MonthStepper } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Icon } from '../parts/icon.tsx';
import { KeepView } from '../parts/keep-view.tsx';
import { useKey } from '../parts/keyboard.tsx';
import { Content, Stale } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { ChartPanel } from './model/chart-panel.tsx';
import { EndOfLife } from './model/end-of-life.tsx';
import { InShort } from './model/in-short.tsx';
import { MethodPanel } from './model/method-panel.tsx';
import type { Names } from './model/names.ts';
import { Siblings } from './model/siblings.tsx';
import { Told } from './model/told.tsx';

const NO_DEFAULTS = {};
const MONTHS = 13;

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
          {answer?.endOfLife && <EndOfLife of={answer.endOfLife} />}
        </div>
        <div class="ctl">
          <button class="btn" type="button" onClick={compareIt} aria-keyshortcuts="x">
            <Icon of={Plus} />
            Compare
          </button>
          <KeepView />
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
