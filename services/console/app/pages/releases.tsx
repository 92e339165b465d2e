import { Link } from 'wouter-preact';
import type { HeldAnswer } from '../lib/answers.ts';
import { may, useSession } from '../lib/session.ts';
import { useApi } from '../lib/use-api.ts';
import { ExportMenu } from '../parts/export-menu.tsx';
import { useTitle } from '../parts/shell.tsx';
import { NotAllowed, NotFound } from '../parts/states.tsx';
import { Agreements } from './releases/agreements.tsx';
import { ALL_HELD, HeldNumbers } from './releases/held.tsx';
import { Months } from './releases/months.tsx';
import { Profile } from './releases/profile.tsx';

const TABS = [
  { tab: 'months', path: '/releases', label: 'Months' },
  { tab: 'held', path: '/releases/held', label: 'Held numbers' },
  { tab: 'agreements', path: '/releases/agreements', label: 'Agreements' },
  { tab: 'profile', path: '/releases/profile', label: 'Noise or threshold' },
] as const;

/** Who was given what, what it can reveal, and what waits for a decision. */
export default function Releases({ tab }: { tab: string }) {
  const { data: session } = useSession();
  const releaser = may(session, ['releaser']);
  const held = useApi<HeldAnswer>(releaser ? '/v1/held' : undefined, ALL_HELD);
  useTitle('Releases');
  const shown = TABS.filter((one) => releaser || one.tab === 'months' || one.tab === 'profile');
  const waiting = held.data?.cells.filter(({ decision }) => decision === null).length;
  return (
    <>
      <div class="title">
        <div>
          <h1>Releases</h1>
          <p>What manufacturers were given, what it can reveal, and what waits for a decision</p>
        </div>
        <div class="ctl">
          <ExportMenu of={{ path: '/v1/ledger', params: {} }} page />
        </div>
      </div>
      <nav class="tabs" aria-label="Parts of this page">
        {shown.map((one) => (
          <Link key={one.tab} href={one.path} {...(one.tab === tab ? { 'aria-current': 'page' as const } : {})}>
            {one.label}
            {one.tab === 'held' && waiting !== undefined && ` ${waiting}`}
          </Link>
        ))}
      </nav>
      <Tab tab={tab} releaser={releaser} />
    </>
  );
}

function Tab({ tab, releaser }: { tab: string; releaser: boolean }) {
  if (tab === 'months') return <Months releaser={releaser} />;
  if (tab === 'profile') return <Profile />;
  if (!TABS.some((one) => one.tab === tab)) return <NotFound />;
  if (!releaser) return <NotAllowed roles={['releaser']} page="This part" />;
  return tab === 'held' ? <HeldNumbers /> : <Agreements />;
}
