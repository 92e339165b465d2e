import { Info } from 'lucide-preact';
import { Link } from 'wouter-preact';
import type { LedgerAnswer } from '../../../lib/answers.ts';
import { monthName, monthShort, monthYear, significant } from '../../../lib/format.ts';
import type { Asked } from '../../../lib/use-api.ts';
import { Icon } from '../../../parts/icon.tsx';
import { Content, Panel } from '../../../parts/panel.tsx';
import { NoNoise, Nothing } from '../../../parts/states.tsx';

/** The budget that was spent, month by month. A month without noise has no bar: its bound is none. */
export function Spent({ asked }: { asked: Asked<LedgerAnswer> }) {
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
