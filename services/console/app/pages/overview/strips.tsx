import { Clock } from 'lucide-preact';
import { Link } from 'wouter-preact';
import type { OverviewAnswer } from '../../lib/answers.ts';
import { monthName, plural } from '../../lib/format.ts';
import { Icon } from '../../parts/icon.tsx';

export function FillingStrip({ answer, look }: { answer: OverviewAnswer; look: () => void }) {
  const { open, total } = answer;
  if (!open) return null;
  const part =
    open.sites !== null && total.all.sites
      ? `, ${Math.round((open.sites / total.all.sites) * 100)}\u202f% of ${monthName(answer.period)}`
      : '';
  return (
    <div class="strip">
      <Icon of={Clock} />
      <span>
        <b>{monthName(open.period)} is still filling.</b>{' '}
        {open.sites === null ? 'Too few sites so far' : `${plural(open.sites, 'site')} so far${part}`}. Its numbers can
        change until it is closed.
      </span>
      <button type="button" class="link" onClick={look}>
        Look at {monthName(open.period)}
      </button>
    </div>
  );
}

export function ProvisionalStrip({ answer }: { answer: OverviewAnswer }) {
  return (
    <div class="strip">
      <Icon of={Clock} />
      <span>
        <b>{monthName(answer.period)} is still filling.</b> Its numbers can change until it is closed. A number changes
        only when at least {answer.threshold} sites changed it.
      </span>
      <Link href="/">Look at the newest final month</Link>
    </div>
  );
}
