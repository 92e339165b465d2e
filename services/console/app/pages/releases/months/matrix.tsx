import { Link } from 'wouter-preact';
import type { LedgerAnswer, MethodAnswer, PeriodsAnswer, ReleaseRow, ReleasesAnswer } from '../../../lib/answers.ts';
import { part } from '../../../lib/api.ts';
import { addMonths, count, day, dayTime, margin, monthYear, plural, significant } from '../../../lib/format.ts';
import { type Asked, useApi } from '../../../lib/use-api.ts';
import { Nothing } from '../../../parts/states.tsx';
import { type PeriodRow, StateBadge } from './state-badge.tsx';

export function Matrix({
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
