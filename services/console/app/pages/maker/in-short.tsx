import type { CountsAnswer } from '../../lib/answers.ts';
import { count, monthYear, percent } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { capital, many } from '../../lib/words.ts';
import { Points } from '../../parts/numbers.tsx';
import { Content } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';

/** The maker itself, as `/v1/counts` has it. */
export function InShort({
  vendor,
  category,
  period,
  compare,
}: {
  vendor: string;
  category: string;
  period: string | undefined;
  compare: string | undefined;
}) {
  const asked = useApi<CountsAnswer>(period === undefined ? undefined : '/v1/counts', {
    view: 'vendor',
    category,
    vendor,
    period,
    compare,
    limit: 1,
  });
  return (
    <section class="panel" aria-label="In short">
      <Content asked={asked} rows={2} what="The maker">
        {(found) => {
          const row = found.rows[0];
          if (!row)
            return (
              <Nothing title={`Nothing is shown of ${vendor} in ${monthYear(found.period)}.`}>
                Fewer than {found.threshold} sites have {many(category)} of it, or none: the two are not told apart.
              </Nothing>
            );
          return (
            <div class="stats four">
              <div>
                <h2>Sites</h2>
                <b>{count(row.sites)}</b>
                <p>have at least one</p>
              </div>
              <div>
                <h2>Share of sites</h2>
                <b>{percent(row.sitesShare)}</b>
                {row.change && <Points change={row.change} />}
                <p>of the sites with {many(category)}</p>
              </div>
              <div>
                <h2>{capital(many(category))}</h2>
                <b>{count(row.devices)}</b>
                <p>of models that are shown</p>
              </div>
              <div>
                <h2>Share of {many(category)}</h2>
                <b>{percent(row.devicesShare)}</b>
                {row.change && <Points change={row.change} by="devices" />}
                <p>{compare === undefined ? 'no month to compare with' : `points since ${monthYear(compare)}`}</p>
              </div>
            </div>
          );
        }}
      </Content>
    </section>
  );
}
