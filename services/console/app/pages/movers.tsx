import { ArrowRight, ChevronRight } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { FacetsAnswer, MoversAnswer, MoversRow, Names } from '../lib/answers.ts';
import { defaultCompare, newestFinal, useFacets } from '../lib/facets.ts';
import { count, monthName, monthShortYear, monthYear, plural } from '../lib/format.ts';
import { cellOf, nameOf, pageOf } from '../lib/links.ts';
import { useQueryState } from '../lib/query-state.ts';
import { useApi } from '../lib/use-api.ts';
import { capital, headline, many, one } from '../lib/words.ts';
import { Seg, Select } from '../parts/controls.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Icon } from '../parts/icon.tsx';
import { Delta, Diverging, Name } from '../parts/numbers.tsx';
import { Content, MethodLine, Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';

const DEFAULTS = { view: 'model', category: 'phone' } as const;
const FIRST = 20;
const PLATFORMS = 8;

interface Question {
  readonly view: 'model' | 'vendor';
  readonly category: string;
  readonly from: string;
  readonly to: string;
}

/** What rose, fell, came and went between any two months. */
export default function Movers() {
  const facets = useFacets();
  const { state, set } = useQueryState(DEFAULTS);
  const { category = 'phone' } = state;
  const view: Question['view'] = state.view === 'vendor' ? 'vendor' : 'model';
  const to = state.to ?? newestFinal(facets.data);
  const from = state.from ?? defaultCompare(to, facets.data);
  useTitle('Movers');
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
            <Select name="to" value={to} choose={(next) => set({ to: next, from: undefined })} choices={final} />
            <ExportMenu of={{ path: '/v1/movers', params: { ...question } }} page />
          </>
        )}
      </div>
    </div>
  );
}

function Found({ question }: { question: Question }) {
  const asked = useApi<MoversAnswer>('/v1/movers', { ...question });
  const platforms = useApi<MoversAnswer>('/v1/movers', { view: 'platform', from: question.from, to: question.to });
  const { view, category } = question;
  const things = view === 'vendor' ? `Makers of ${many(category)}` : `${capital(one(category))} models`;
  const both = (answer: MoversAnswer) => answer.rows.filter((row) => row.sitesShareChange !== null);
  return (
    <div class="two">
      <Panel
        title={`${things} that rose`}
        sub={asked.data && subOf(asked.data, 'up')}
        badge={asked.data?.provisional ? <span class="badge prov">Provisional</span> : undefined}
        tools={<ExportMenu of={{ path: '/v1/movers', params: { ...question, direction: 'up', state: 'both' } }} />}
      >
        <Content asked={asked} rows={FIRST} what="What rose">
          {(answer) =>
            answer.provisional ? (
              <NoChanges answer={answer} />
            ) : (
              <Moved
                rows={both(answer).filter((row) => (row.sitesShareChange ?? 0) > 0)}
                view={view}
                most={mostOf(answer)}
                none="Nothing rose."
              />
            )
          }
        </Content>
      </Panel>
      <div class="stack">
        <Panel
          title={`${things} that fell`}
          sub={asked.data && subOf(asked.data, 'down')}
          tools={<ExportMenu of={{ path: '/v1/movers', params: { ...question, direction: 'down', state: 'both' } }} />}
        >
          <Content asked={asked} rows={6} what="What fell">
            {(answer) =>
              answer.provisional ? (
                <NoChanges answer={answer} />
              ) : (
                <Moved
                  rows={both(answer).filter((row) => (row.sitesShareChange ?? 0) < 0)}
                  view={view}
                  most={mostOf(answer)}
                  none="Nothing fell."
                />
              )
            }
          </Content>
        </Panel>
        <Panel
          title="Platforms"
          sub="The largest moves, of all sites"
          tools={
            <ExportMenu
              of={{ path: '/v1/movers', params: { view: 'platform', from: question.from, to: question.to } }}
            />
          }
        >
          <Content asked={platforms} rows={7} what="Platforms">
            {(answer) =>
              answer.provisional ? (
                <NoChanges answer={answer} />
              ) : (
                <Moved
                  rows={largest(both(answer))}
                  view="platform"
                  most={mostOf(answer)}
                  none="No platform is shown in both months."
                />
              )
            }
          </Content>
        </Panel>
        <CameAndWent answers={[asked.data, platforms.data]} />
      </div>
    </div>
  );
}

/** The largest moves, those up first. */
function largest(rows: readonly MoversRow[]): MoversRow[] {
  const size = (row: MoversRow) => Math.abs(row.sitesShareChange ?? 0);
  return [...rows]
    .sort((a, b) => size(b) - size(a))
    .slice(0, PLATFORMS)
    .sort((a, b) => (b.sitesShareChange ?? 0) - (a.sitesShareChange ?? 0));
}

function mostOf({ rows }: MoversAnswer): number {
  return Math.max(1e-9, ...rows.map((row) => Math.abs(row.sitesShareChange ?? 0) * 100));
}

function subOf(answer: MoversAnswer, direction: 'up' | 'down'): string {
  const moved = answer.rows.filter((row) => row.sitesShareChange !== null);
  const n = moved.filter((row) =>
    direction === 'up' ? (row.sitesShareChange ?? 0) > 0 : (row.sitesShareChange ?? 0) < 0,
  ).length;
  return `${n} of ${moved.length} that are shown in both months`;
}

function NoChanges({ answer }: { answer: MoversAnswer }) {
  return (
    <Nothing title="No change is shown while a month is filling.">
      {monthYear(answer.to)} holds fewer sites for its first weeks: comparing it with a full month misleads.
    </Nothing>
  );
}

const namesOf = ({ platform, category, vendor, model }: Names): Names =>
  Object.fromEntries(Object.entries({ platform, category, vendor, model }).filter(([, value]) => value !== undefined));

function Moved({
  rows,
  view,
  most,
  none,
}: {
  rows: readonly MoversRow[];
  view: 'model' | 'vendor' | 'platform';
  most: number;
  none: string;
}) {
  const [all, showAll] = useState(false);
  if (rows.length === 0) return <Nothing title={none}>Between these two months, among what is shown in both.</Nothing>;
  const shown = all ? rows : rows.slice(0, FIRST);
  const devices = view !== 'platform';
  return (
    <>
      <table class="mv">
        <thead>
          <tr>
            <th scope="col">{view === 'platform' ? 'Platform' : view === 'vendor' ? 'Maker' : 'Model'}</th>
            <th scope="col" class="mid">
              Lost <span>|</span> gained
            </th>
            <th scope="col" class="num" aria-sort="descending">
              Points
            </th>
            <th scope="col" class="num">
              Sites
            </th>
            {devices && (
              <th scope="col" class="num w">
                Devices
              </th>
            )}
            <th scope="col" class="w">
              Sure?
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <MovedRow key={cellOf(namesOf(row))} row={row} most={most} devices={devices} />
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && (
        <div class="pager">
          <span>
            {count(shown.length)} of {count(rows.length)}
          </span>
          <button type="button" class="quiet sp2" onClick={() => showAll(!all)}>
            {all ? 'Show the first' : 'Show all'}
            <Icon of={ChevronRight} size={14} />
          </button>
        </div>
      )}
    </>
  );
}

function MovedRow({ row, most, devices }: { row: MoversRow; most: number; devices: boolean }) {
  const change = (row.sitesShareChange ?? 0) * 100;
  const sure = row.few ? 'few sites' : row.clear ? 'clear' : 'within chance';
  return (
    <tr>
      <td class="name">
        <Name names={namesOf(row)} />
      </td>
      <td class="dvc">
        <Diverging value={change} most={most} faint={!row.clear || row.few} />
      </td>
      <td class="num">
        <Delta value={change * 100} faint={!row.clear || row.few} />
      </td>
      <td class="num fromto">
        <span>{count(row.fromSites)}</span>
        <Icon of={ArrowRight} size={12} />
        <span class="vh"> to </span>
        <b>{count(row.toSites)}</b>
      </td>
      {devices && (
        <td class="num w">
          {row.devicesShareChange === null ? '–' : <Delta value={row.devicesShareChange * 100} faint />}
        </td>
      )}
      <td class="sure w">{sure === 'clear' ? <span class="badge">clear</span> : sure}</td>
    </tr>
  );
}

/** What is shown in one of the two months alone. */
function CameAndWent({ answers }: { answers: readonly (MoversAnswer | undefined)[] }) {
  const rows = answers.flatMap((answer) => answer?.rows ?? []);
  const { from, to } = answers.find((answer) => answer !== undefined) ?? {};
  const went = rows.filter((row) => row.toSites === null && row.fromSites !== null);
  const came = rows.filter((row) => row.fromSites === null && row.toSites !== null);
  if (from === undefined || to === undefined) return null;
  return (
    <>
      <Listed
        title="New here"
        rows={came}
        number={(row) => `${plural(row.toSites ?? 0, 'site')} in ${monthName(to)}`}
        note={`Not shown in ${monthYear(from)}: fewer than 10 sites then, or none.`}
      />
      <Listed
        title="Not shown any more"
        rows={went}
        number={(row) => `${plural(row.fromSites ?? 0, 'site')} in ${monthName(from)}`}
        note="Fewer than 10 sites, or none: the two are not told apart."
      />
    </>
  );
}

function Listed({
  title,
  rows,
  number,
  note,
}: {
  title: string;
  rows: readonly MoversRow[];
  number: (row: MoversRow) => string;
  note: string;
}) {
  if (rows.length === 0) return null;
  return (
    <Panel title={title} method={note}>
      <dl class="gone">
        {rows.slice(0, 12).map((row) => {
          const { small, main } = nameOf(namesOf(row));
          const to = pageOf(namesOf(row));
          const text = (
            <>
              {small !== '' && <small>{small} </small>}
              {main}
            </>
          );
          return (
            <div key={cellOf(namesOf(row))}>
              <dt>{to === undefined ? text : <Link href={to}>{text}</Link>}</dt>
              <dd>{number(row)}</dd>
            </div>
          );
        })}
        {rows.length > 12 && (
          <div>
            <dt>and {rows.length - 12} more</dt>
            <dd>in the export</dd>
          </div>
        )}
      </dl>
    </Panel>
  );
}
