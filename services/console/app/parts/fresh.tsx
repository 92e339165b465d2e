import { Info } from 'lucide-preact';
import { Link, useLocation } from 'wouter-preact';
import type { MethodAnswer, OverviewAnswer } from '../lib/answers.ts';
import { addMonths, day, dayTime, list, monthName, monthShort, monthYear, plural } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { Icon } from './icon.tsx';
import { useKey } from './keyboard.tsx';
import { Panel } from './panel.tsx';

const MONTHS = 12;

/** When a month is closed: its end and the hours after it. */
function closesAt(period: string, hours: number): string {
  return new Date(Date.parse(`${addMonths(period, 1)}-01T00:00:00Z`) + hours * 3_600_000).toISOString();
}

/** How fresh the numbers are, and how sure. */
export function Fresh({ answer }: { answer: OverviewAnswer | undefined }) {
  const method = useApi<MethodAnswer>('/v1/method');
  const [, navigate] = useLocation();
  useKey('i', () => navigate('/method'));
  const months = answer?.months.slice(-MONTHS) ?? [];
  const final = months.filter(({ provisional }) => !provisional);
  const held = answer ? heldBack(answer) : '';
  const hours = method.data?.closesAfterHours;
  return (
    <Panel
      title="How fresh, how sure"
      class="c4 fresh-panel"
      tools={
        <Link class="quiet" href="/method">
          <Icon of={Info} size={14} />
          Method
        </Link>
      }
    >
      <ol class="months" aria-label="Months">
        {months.map(({ period, provisional }) => (
          <li key={period} class={provisional ? 'op' : ''}>
            <i />
            <span aria-hidden="true">{monthShort(period).charAt(0)}</span>
            <span class="vh">
              {monthYear(period)}, {provisional ? 'still filling' : 'final'}
            </span>
          </li>
        ))}
      </ol>
      <dl class="facts">
        <dt>Final</dt>
        <dd>
          {final.length === 0
            ? 'no month yet'
            : `${plural(final.length, 'month')}, to ${monthYear(final.at(-1)?.period ?? '')}`}
        </dd>
        {answer?.open && (
          <>
            <dt>Still filling</dt>
            <dd>
              {monthName(answer.open.period)}
              {hours !== undefined && `, until ${day(closesAt(answer.open.period, hours))}`}
            </dd>
          </>
        )}
        <dt>Counted last</dt>
        <dd>{answer?.snapshotAt ? dayTime(answer.snapshotAt) : '–'}</dd>
        <dt>Shown from</dt>
        <dd>{answer ? `${plural(answer.threshold, 'site')} on` : '–'}</dd>
        <dt>Held back{answer ? ` in ${monthName(answer.period)}` : ''}</dt>
        <dd>{held}</dd>
        <dt>For staff, exact</dt>
        <dd>no noise is added here</dd>
      </dl>
    </Panel>
  );
}

function heldBack({ suppressed }: OverviewAnswer): string {
  const parts = [
    suppressed.makers > 0 && plural(suppressed.makers, 'maker'),
    suppressed.models > 0 && plural(suppressed.models, 'model'),
    suppressed.platforms > 0 && plural(suppressed.platforms, 'platform'),
  ].filter((one) => one !== false);
  return parts.length === 0 ? 'nothing' : list(parts);
}
