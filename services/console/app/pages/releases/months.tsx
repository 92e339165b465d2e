import { Check, Clock, Info } from 'lucide-preact';
import { Link } from 'wouter-preact';
import type {
  HeldAnswer,
  LedgerAnswer,
  MethodAnswer,
  PeriodsAnswer,
  ReleaseRow,
  ReleasesAnswer,
} from '../../lib/answers.ts';
import { part, send } from '../../lib/api.ts';
import {
  addMonths,
  count,
  day,
  dayTime,
  margin,
  monthName,
  monthShort,
  monthYear,
  plural,
  significant,
} from '../../lib/format.ts';
import { type Asked, useApi } from '../../lib/use-api.ts';
import { STEP_WORDS } from '../../lib/words.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { NoNoise, Nothing } from '../../parts/states.tsx';
import { say } from '../../parts/toast.tsx';
import { ALL_HELD, HeldCard, keyOf } from './held.tsx';

const MOST = 1000;

/** Months by manufacturers in one table, what a site can lose by them, and what waits. */
export function Months({ releaser }: { releaser: boolean }) {
  const periods = useApi<PeriodsAnswer>('/v1/periods');
  const releases = useApi<ReleasesAnswer>('/v1/releases', { limit: MOST });
  const ledger = useApi<LedgerAnswer>('/v1/ledger', { limit: MOST });
  const held = useApi<HeldAnswer>(releaser ? '/v1/held' : undefined, ALL_HELD);
  const stopped = periods.data?.periods.filter(({ state }) => state === 'closing' || state === 'frozen') ?? [];
  return (
    <>
      {stopped.map((period) => (
        <Closing key={period.period} period={period} releaser={releaser} again={() => void periods.refetch()} />
      ))}
      <div class="cols">
        <Panel
          title="Months and manufacturers"
          class="c8"
          sub={
            <>
              <i class="dot" aria-hidden="true" /> ready, not fetched yet{'\u2002'}
              <i class="dot got" aria-hidden="true" /> fetched
            </>
          }
          method="The sample is the number of all sites, with noise. Each manufacturer’s numbers are cut from the same noised sums."
        >
          <Content asked={periods} rows={11} what="Months">
            {(found) => <Matrix periods={found} releases={releases} ledger={ledger.data} />}
          </Content>
        </Panel>
        <div class="c4 stack">
          <Spent asked={ledger} />
          {releaser && <HeldPanel asked={held} />}
        </div>
      </div>
    </>
  );
}

function Matrix({
  periods,
  releases,
  ledger,
}: {
  periods: PeriodsAnswer;
  releases: Asked<ReleasesAnswer>;
  ledger: LedgerAnswer | undefined;
}) {
  const method = useApi<MethodAnswer>('/v1/method');
  const all = releases.data?.releases ?? [];
  const parties = [...new Set(all.map(({ party }) => party))].sort();
  if (periods.periods.length === 0)
    return (
      <Nothing title="Nothing to show yet.">
        The first release is made a few days after the end of the first month.
      </Nothing>
    );
  return (
    <div class="scroll" role="group" aria-label="Months and manufacturers" tabIndex={0}>
      <table class="mx">
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">State</th>
            <th scope="col" class="num">
              Sample
            </th>
            {parties.map((party) => (
              <th key={party} scope="col">
                {party}
              </th>
            ))}
            <th scope="col" class="num">
              Epsilon
            </th>
          </tr>
        </thead>
        <tbody>
          {periods.periods.map((period) => (
            <MonthRow
              key={period.period}
              period={period}
              parties={parties}
              releases={all}
              ledger={ledger}
              hours={method.data?.closesAfterHours}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type PeriodRow = PeriodsAnswer['periods'][number];

function MonthRow({
  period,
  parties,
  releases,
  ledger,
  hours,
}: {
  period: PeriodRow;
  parties: readonly string[];
  releases: readonly ReleaseRow[];
  ledger: LedgerAnswer | undefined;
  hours: number | undefined;
}) {
  const own = releases.filter((one) => one.period === period.period);
  const newest = (party: string) => own.filter((one) => one.party === party).sort((a, b) => b.revision - a.revision)[0];
  const entry = ledger?.entries.find((one) => one.period === period.period);
  const sample = own[0]?.sample;
  if (period.state === 'open')
    return (
      <tr>
        <th scope="row">{monthYear(period.period)}</th>
        <td>
          <StateBadge period={period} />
        </td>
        <td class="num muted">{period.sites === null ? '–' : `${count(period.sites)} so far`}</td>
        <td colSpan={Math.max(1, parties.length)} class="muted">
          {hours === undefined
            ? 'closes by itself'
            : `closes by itself on ${dayTime(new Date(Date.parse(`${addMonths(period.period, 1)}-01T00:00:00Z`) + hours * 3_600_000).toISOString())}`}
        </td>
        <td class="num muted">–</td>
      </tr>
    );
  return (
    <tr>
      <th scope="row">{monthYear(period.period)}</th>
      <td>
        <StateBadge period={period} />
      </td>
      <td class="num">
        {count(sample?.sites)}{' '}
        <span class="muted">{entry?.profile === 'threshold' ? '' : margin(sample?.sitesMargin)}</span>
      </td>
      {parties.map((party) => (
        <td key={party}>
          <Given release={newest(party)} />
        </td>
      ))}
      <td class="num">
        {entry === undefined ? (
          '–'
        ) : entry.epsilon === null ? (
          <span class="badge prov">NO NOISE</span>
        ) : (
          significant(entry.epsilon)
        )}
      </td>
    </tr>
  );
}

function Given({ release }: { release: ReleaseRow | undefined }) {
  if (!release) return <span class="muted">–</span>;
  const { period, party, cells, fetchedAt, at } = release;
  const title = fetchedAt === null ? `Ready since ${day(at)}, not fetched yet` : `Fetched ${day(fetchedAt)}`;
  return (
    <Link class="given" href={`/releases/${period}/${part(party)}`} title={title}>
      <i class={`dot ${fetchedAt === null ? '' : 'got'}`} />
      {plural(cells, 'number')}
      <span class="vh">, {title}</span>
    </Link>
  );
}

function StateBadge({ period }: { period: PeriodRow }) {
  if (period.state === 'open')
    return (
      <span class="badge prov">
        <Icon of={Clock} size={12} />
        Filling
      </span>
    );
  if (period.failure !== null) return <span class="badge bad">Stopped</span>;
  if (period.state === 'released') return <span class="badge final">Released</span>;
  return <span class="badge">Closing</span>;
}

/** The budget that was spent, month by month. A month without noise has no bar: its bound is none. */
function Spent({ asked }: { asked: Asked<LedgerAnswer> }) {
  return (
    <Panel
      title="What a site can lose"
      tools={
        <Link class="quiet" href="/method">
          <Icon of={Info} size={14} />
          Method
        </Link>
      }
    >
      <Content asked={asked} rows={3} what="The ledger">
        {(ledger) => {
          const months = ledger.entries.slice(-12);
          const last = months.findLast(({ epsilon }) => epsilon !== null);
          const unbounded = months.filter(({ epsilon }) => epsilon === null);
          if (months.length === 0) return <Nothing title="Nothing was released yet.">So nothing was spent.</Nothing>;
          return (
            <div class="spent">
              <p>
                <span class="big2">{significant(last?.epsilon)}</span> a month{'\u2003'}
                <span class="big2">{significant(ledger.lastYear.epsilon)}</span> in{' '}
                {months.length === 12 ? 'twelve' : `these ${months.length}`}
              </p>
              <EpsilonBars months={months} />
              <p>Epsilon bounds what anybody can learn about whether one site took part. Smaller is safer.</p>
              {unbounded.length > 0 && (
                <NoNoise>
                  {unbounded.map(({ period }) => monthName(period)).join(', ')}: released by threshold alone. What it
                  reveals has no bound, and neither has the year.
                </NoNoise>
              )}
            </div>
          );
        }}
      </Content>
    </Panel>
  );
}

function EpsilonBars({ months }: { months: LedgerAnswer['entries'] }) {
  const most = Math.max(1e-9, ...months.map(({ epsilon }) => epsilon ?? 0));
  const words = months.map(({ period, epsilon }) => `${monthYear(period)} ${significant(epsilon)}`).join(', ');
  return (
    <svg width="100%" height="62" viewBox="0 0 324 62" role="img" aria-label={`Epsilon by month: ${words}`}>
      {months.map(({ period, epsilon }, i) => {
        const height = epsilon === null ? 42 : (epsilon / most) * 42;
        const look = epsilon === null ? 'b none' : i === months.length - 1 ? 'b now' : 'b';
        return (
          <g key={period}>
            <rect class={look} x={i * 27 + 3} y={44 - height} width="20" height={height} rx="2" />
            <text x={i * 27 + 13} y="58" text-anchor="middle">
              {monthShort(period).charAt(0)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function HeldPanel({ asked }: { asked: Asked<HeldAnswer> }) {
  return (
    <Panel title="Held numbers">
      <Content asked={asked} rows={3} what="Held numbers">
        {(answer) => {
          const waiting = answer.cells.filter(({ decision }) => decision === null);
          if (waiting.length === 0)
            return (
              <div class="empty">
                <Icon of={Check} size={26} />
                <b>Nothing is held</b>
                <p>No number moved more than its noise and half its size allow.</p>
              </div>
            );
          return (
            <>
              {waiting.slice(0, 2).map((cell) => (
                <HeldCard key={keyOf(cell)} held={cell} />
              ))}
              {waiting.length > 2 && (
                <p class="card">
                  <Link href="/releases/held">All {waiting.length}</Link>
                </p>
              )}
            </>
          );
        }}
      </Content>
    </Panel>
  );
}

const STEPS = ['DRAINED', 'FROZEN', 'NOISED', 'VERIFIED', 'DESTROYED', 'RELEASED'] as const;

/** A close on its way or stopped: six steps, the failed one red, its code and what to do. */
function Closing({ period, releaser, again }: { period: PeriodRow; releaser: boolean; again: () => void }) {
  const done = STEPS.indexOf(period.step as (typeof STEPS)[number]) + 1;
  const failed = period.failure !== null;
  const close = async () => {
    await send('POST', `/v1/periods/${period.period}/close`, {});
    say('The close was asked for. It goes on where it stood.');
    again();
  };
  return (
    <Panel
      title={`${monthYear(period.period)}: ${failed ? 'the close stopped' : 'closing'}`}
      badge={<StateBadge period={period} />}
    >
      <div class="card">
        <ol class="steps" aria-label={`${done} of ${STEPS.length} steps are done`}>
          {STEPS.map((step, i) => (
            <li key={step} class={i < done ? '' : i === done && failed ? 'stop' : 'todo'} title={STEP_WORDS[step]}>
              <span class="vh">
                {STEP_WORDS[step]}: {i < done ? 'done' : i === done && failed ? 'failed' : 'to do'}
              </span>
            </li>
          ))}
        </ol>
        <p class="note">
          {failed ? (
            <>
              <b>
                Stopped {done === 0 ? 'before the first step' : `after “${STEP_WORDS[STEPS[done - 1] ?? '']}”`}:{' '}
                {period.failure}.
              </b>{' '}
              {done >= 5 ? 'The facts are destroyed and' : 'Nothing was destroyed and'} nothing more was sent. It goes
              on where it stood.
            </>
          ) : (
            `${done} of ${STEPS.length} steps are done. It goes on by itself.`
          )}
        </p>
        {releaser && failed && (
          <div class="act">
            <AskAgain
              label="Close now"
              title={`Close ${monthYear(period.period)} now?`}
              confirm="Close it"
              main
              act={close}
            >
              Facts are destroyed, counts of too few sites dropped, releases made. What was done is not done again.
            </AskAgain>
            <a class="btn" href="/docs#POST-v1-periods-period-close">
              What to do
            </a>
          </div>
        )}
      </div>
    </Panel>
  );
}
