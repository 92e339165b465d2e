import type { HeldAnswer, LedgerAnswer, PeriodsAnswer, ReleasesAnswer } from '../../lib/answers.ts';
import { useApi } from '../../lib/use-api.ts';
import { Content, Panel } from '../../parts/panel.tsx';
import { ALL_HELD } from './held.tsx';
import { Closing } from './months/closing.tsx';
import { HeldPanel } from './months/held-panel.tsx';
import { Matrix } from './months/matrix.tsx';
import { Spent } from './months/spent.tsx';

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
