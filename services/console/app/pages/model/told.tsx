import { Lock } from 'lucide-preact';
import { Link } from 'wouter-preact';
import type { ModelAnswer } from '../../lib/answers.ts';
import { part } from '../../lib/api.ts';
import { count, margin } from '../../lib/format.ts';
import { capital, EXACT, many } from '../../lib/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { MarginBar } from '../../parts/numbers.tsx';
import { Panel } from '../../parts/panel.tsx';

/** What its manufacturer was given, beside the exact numbers that stay here. */
export function Told({ answer }: { answer: ModelAnswer }) {
  const { released, row, period, category } = answer;
  if (!released) return null;
  const most = Math.max(released.sites + released.sitesMargin, row?.sites ?? 0) * 1.25;
  const things = capital(many(category));
  return (
    <Panel title={`What ${released.party} was told`} badge={<span class="badge final">Released</span>}>
      <div class="given-card">
        <MarginBar value={released.sites} margin={released.sitesMargin} most={most} />
        <dl>
          <dt>Sites, {released.sitesMargin > 0 ? 'with noise' : 'without noise'}</dt>
          <dd>
            {count(released.sites)} <small>{margin(released.sitesMargin)}</small>
          </dd>
          <dt>Sites, exact (staff only)</dt>
          <dd>{count(row?.sites)}</dd>
          <dt>{things}, with noise</dt>
          <dd>
            {count(released.phones)} <small>{margin(released.phonesMargin)}</small>
          </dd>
          <dt>{things}, exact (staff only)</dt>
          <dd>{count(row?.devices)}</dd>
        </dl>
        <p class="note">
          <Icon of={Lock} size={14} class="inline" /> {EXACT}
        </p>
        <p class="note">
          <Link href={`/releases/${period}/${part(released.party)}`}>The whole release</Link>
        </p>
      </div>
    </Panel>
  );
}
