import type { OverviewAnswer, Row } from '../../lib/answers.ts';
import { count, percent } from '../../lib/format.ts';
import { EmptyMonth } from '../../parts/empty-month.tsx';
import { Delta, Name, Points, Since } from '../../parts/numbers.tsx';
import { Spark } from '../../parts/spark.tsx';
import type { Keep } from './list.ts';

export function Glance({
  answer,
  keep,
  look,
}: {
  answer: OverviewAnswer;
  keep: Keep;
  /** Goes to another month. */
  look: (period: string) => void;
}) {
  const { total, before, months, models, provisional } = answer;
  const moved = (now: number | null, then: number | null | undefined) =>
    now === null || !then || provisional ? null : ((now - then) / then) * 100;
  if (total.all.sites === null) return <EmptyMonth period={answer.period} threshold={answer.threshold} look={look} />;
  const upTo = months.filter(({ period }) => period <= answer.period || period === answer.open?.period);
  return (
    <div class="hero-grid">
      <Figure
        title="Sites that reported"
        value={total.all.sites}
        change={moved(total.all.sites, before?.all.sites)}
        points={upTo.map((m) => ({ provisional: m.provisional, value: m.all.sites }))}
      />
      <Figure
        title="Devices they have"
        value={total.all.devices}
        change={moved(total.all.devices, before?.all.devices)}
        points={upTo.map((m) => ({ provisional: m.provisional, value: m.all.devices }))}
      />
      <div>
        <h2>On most sites</h2>
        <Few
          rows={(models ?? []).slice(0, 3)}
          none="No model is shown."
          keep={keep}
          number={(row) => percent(row.sitesShare)}
        />
      </div>
      <div>
        <h2>Rising: support next</h2>
        <Few
          rows={rose(answer)}
          none={provisional ? 'Not while the month is filling.' : 'Nothing rose clearly.'}
          keep={keep}
          number={(row) => <Since row={row} compare={answer.compare} />}
        />
      </div>
      <div>
        <h2>Fading</h2>
        <Few
          rows={fell(answer)}
          none={provisional ? 'Not while the month is filling.' : 'Nothing fell clearly.'}
          keep={keep}
          number={(row) => <Points change={row.change} />}
        />
      </div>
    </div>
  );
}

/** Models first, those that were not shown then among them: all that they have is their rise. What else rose after them. */
function rose({ rising, models, compare }: OverviewAnswer): readonly Row[] {
  const all = rising ?? [];
  const fresh = compare === null ? [] : (models ?? []).filter(({ before }) => before === null);
  const riseOf = ({ before, change, sitesShare }: Row) => (before === null ? sitesShare : change?.sitesShare) ?? 0;
  const risen = [...all.filter(({ view }) => view === 'model'), ...fresh].sort((a, b) => riseOf(b) - riseOf(a));
  return [...risen, ...all.filter(({ view }) => view !== 'model')].slice(0, 3);
}

/** Models and platforms, then the largest makers: a maker can fade while none of its models does. */
function fell({ fading, makers }: OverviewAnswer): readonly Row[] {
  const fallOf = ({ change }: Row) => (change?.clear ? (change.sitesShare ?? 0) : 0);
  const fallen = (makers ?? []).filter((row) => fallOf(row) < 0).sort((a, b) => fallOf(a) - fallOf(b));
  return [...(fading ?? []), ...fallen].slice(0, 3);
}

function Figure({
  title,
  value,
  change,
  points,
}: {
  title: string;
  value: number | null;
  change: number | null;
  points: readonly { provisional: boolean; value: number | null }[];
}) {
  return (
    <div>
      <h2>{title}</h2>
      <div class="fig">
        <b>{count(value)}</b>
        {change !== null && <Delta value={change} unit={'\u202f%'} />}
      </div>
      <Spark points={points} width={190} height={34} />
    </div>
  );
}

function Few({
  rows,
  none,
  keep,
  number,
}: {
  rows: readonly Row[];
  none: string;
  keep: Keep;
  number: (row: Row) => preact.ComponentChildren;
}) {
  if (rows.length === 0) return <p class="none-yet">{none}</p>;
  return (
    <ol>
      {rows.map((row) => (
        <li key={`${row.platform}${row.vendor}${row.model}`}>
          <span class="nm">
            <Name names={row} keep={keep} />
          </span>
          <span>{number(row)}</span>
        </li>
      ))}
    </ol>
  );
}
