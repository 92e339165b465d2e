import { Clock } from 'lucide-preact';
import type { PeriodsAnswer } from '../../../lib/answers.ts';
import { Icon } from '../../../parts/icon.tsx';

export type PeriodRow = PeriodsAnswer['periods'][number];

export function StateBadge({ period }: { period: PeriodRow }) {
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
