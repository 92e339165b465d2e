import { ChevronRight } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { GrowthAnswer } from '../../lib/answers.ts';
import { count, monthName } from '../../lib/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { Nothing } from '../../parts/states.tsx';

const FIRST = 7;

/** The last days, and each day that had more than the month before explains. */
export function NewSites({ answer }: { answer: GrowthAnswer }) {
  const [all, showAll] = useState(false);
  const {
    period,
    before,
    newSites: { byDay },
  } = answer;
  if (byDay.length === 0)
    return (
      <Nothing title="No day was noted.">
        From the second day of a month on, the sites of each day that is over are counted, with noise.
      </Nothing>
    );
  const days = byDay.toReversed();
  const shown = all ? days : days.filter(({ beyond }, i) => beyond || i < FIRST);
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Day of {monthName(period)}</th>
            <th scope="col" class="num">
              New sites
            </th>
            <th scope="col" class="num">
              {before === null ? 'The month before' : `In ${monthName(before)}`}
            </th>
            <th scope="col">Alike?</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.day}>
              <td>{daysOf(row, period)}</td>
              <td class="num">{count(row.sites)}</td>
              <td class="num">{count(row.before)}</td>
              <td>{row.beyond ? <span class="badge">no</span> : row.before === null ? '–' : 'yes'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {days.length > shown.length || all ? (
        <div class="pager">
          <span>
            {count(shown.length)} of {count(days.length)} days
          </span>
          <button type="button" class="quiet sp2" onClick={() => showAll(!all)}>
            {all ? 'Show the last' : 'Show all'}
            <Icon of={ChevronRight} size={14} />
          </button>
        </div>
      ) : null}
    </>
  );
}

/** A month takes reports for some days more, and what comes then has no day of it. */
function daysOf({ day, days }: { day: number; days: number }, period: string): string {
  const lastOfMonth = new Date(Date.UTC(Number(period.slice(0, 4)), Number(period.slice(5)), 0)).getUTCDate();
  if (day > lastOfMonth) return 'after its end';
  const last = Math.min(day + days - 1, lastOfMonth);
  return last === day ? String(day) : `${day} to ${last}`;
}
