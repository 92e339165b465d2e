import { ChevronLeft, ChevronRight } from 'lucide-preact';
import { useCallback } from 'preact/hooks';
import type { CountsAnswer } from '../../lib/answers.ts';
import { count, plural } from '../../lib/format.ts';
import { EXPLORE_VIEWS, headline } from '../../lib/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { Content } from '../../parts/panel.tsx';
import { sinceWords } from '../../parts/ranking.tsx';
import { RowsInView } from '../../parts/rows-in-view.tsx';
import { ApiLine } from './api-line.tsx';
import { NothingFound } from './nothing-found.tsx';
import { type By, MOST_CELLS, PAGE, type Parts, type Question } from './question.ts';
import { TableRow } from './table-row.tsx';

export function TablePanel({ question, asked, params, by }: Parts & { by: By }) {
  const { state, set, view, period, compare } = question;
  return (
    <section class="panel" aria-label={`${rowOf(view)}s`}>
      <Content asked={asked} rows={15} what="The table">
        {(answer) =>
          answer.rows.length === 0 ? (
            <NothingFound answer={answer} question={question} />
          ) : (
            <>
              <div class="tbl">
                <CountsTable answer={answer} question={question} by={by} />
              </div>
              <Pager answer={answer} offset={Number(state.offset ?? 0)} set={set} />
            </>
          )
        }
      </Content>
      <ApiLine path="/v1/counts" params={{ ...params, period, compare }} />
    </section>
  );
}

const rowOf = (view: Question['view']): string => EXPLORE_VIEWS.find((known) => known.view === view)?.row ?? 'Name';

function CountsTable({ answer, question, by }: { answer: CountsAnswer; question: Question; by: By }) {
  const { state, set, view, filters, byDevices, sort } = question;
  const row = rowOf(view);
  const things = filters.category === undefined ? 'Devices' : headline(filters.category);
  const comparable = view === 'model' || view === 'vendor' || view === 'platform';
  const toggle = useCallback(
    (cell: string) => {
      const without = state.cells.filter((known) => known !== cell);
      set({ cell: without.length < state.cells.length ? without : [...state.cells, cell].slice(-MOST_CELLS) });
    },
    [state.cells, set],
  );
  const most = mostOf(answer, by);
  return (
    <table>
      <thead>
        <tr>
          {comparable && (
            <th class="ck">
              <span class="vh">Compare</span>
            </th>
          )}
          <th class="rank num">
            #<span class="vh"> place</span>
          </th>
          <SortHead label={row} by="name" sort={sort} set={set} />
          <th class="barh">
            <span class="vh">Bar</span>
          </th>
          <SortHead label="Sites" by="sites" sort={sort} set={set} num />
          <th scope="col" class="num">
            Share
          </th>
          <th scope="col" class="num since">
            {sinceWords(answer.compare)}
          </th>
          {byDevices && (
            <>
              <SortHead label={things} by="devices" sort={sort} set={set} num wide />
              <th scope="col" class="num w">
                Of {things.toLowerCase()}
              </th>
              <th scope="col" class="num w">
                A site
              </th>
            </>
          )}
          <th scope="col" class="sp w">
            12 months
          </th>
        </tr>
      </thead>
      {/* By place: rows of another filter are written into those that stand there, which is half the work of new ones. */}
      <RowsInView
        key={view}
        rows={answer.rows}
        draw={(one, place) => (
          <TableRow
            key={place}
            row={one}
            most={most}
            since={answer.compare}
            question={question}
            toggle={comparable ? toggle : undefined}
          />
        )}
      >
        <HeldRow answer={answer} row={row} columns={(comparable ? 1 : 0) + 6 + (byDevices ? 3 : 0) + 1} />
      </RowsInView>
    </table>
  );
}

function mostOf({ rows }: CountsAnswer, by: By): number {
  return Math.max(1, ...rows.map((row) => (by === 'sites' ? row.sites : (row.devices ?? 0))));
}

function SortHead({
  label,
  by,
  sort = '-sites',
  set,
  num = false,
  wide = false,
}: {
  label: string;
  by: 'sites' | 'devices' | 'name';
  sort: string | undefined;
  set: Question['set'];
  num?: boolean;
  wide?: boolean;
}) {
  const sorted = sort.replace('-', '') === by;
  const descending = sort.startsWith('-');
  const next = sorted ? (descending ? by : `-${by}`) : by === 'name' ? 'name' : `-${by}`;
  return (
    <th
      scope="col"
      class={`${num ? 'num' : ''} ${wide ? 'w' : ''}`}
      {...(sorted ? { 'aria-sort': descending ? ('descending' as const) : ('ascending' as const) } : {})}
    >
      <button type="button" class="link" onClick={() => set({ sort: next })}>
        {label}
      </button>
    </th>
  );
}

/** What is held back is said: a row, not a gap. */
function HeldRow({ answer, row, columns }: { answer: CountsAnswer; row: string; columns: number }) {
  const n = answer.suppressed.cells;
  if (n === 0) return null;
  return (
    <tr class="held-row">
      <td colSpan={columns}>
        Held back: {plural(n, row.toLowerCase(), `${row.toLowerCase()}s`)} that fewer than {answer.threshold} sites
        have.
        {!answer.provisional && ' Name and number are stored nowhere any more.'}
      </td>
    </tr>
  );
}

function Pager({ answer, offset, set }: { answer: CountsAnswer; offset: number; set: Question['set'] }) {
  const last = offset + answer.rows.length;
  return (
    <div class="pager">
      <span>
        {count(offset + 1)}–{count(last)} of {count(answer.rowsInAll)}
      </span>
      <button
        type="button"
        class="quiet sp2"
        disabled={offset === 0}
        onClick={() => set({ offset: String(Math.max(0, offset - PAGE)) })}
      >
        <Icon of={ChevronLeft} size={14} />
        Before
      </button>
      <button
        type="button"
        class="quiet"
        disabled={answer.next === null}
        onClick={() => set({ offset: String(answer.next ?? 0) })}
      >
        Next
        <Icon of={ChevronRight} size={14} />
      </button>
    </div>
  );
}
