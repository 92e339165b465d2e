import { useMemo, useState } from 'preact/hooks';
import type { UnlistedAnswer } from '../lib/answers.ts';
import { monthYear, plural } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { ExportMenu } from '../parts/export-menu.tsx';
import { useKey } from '../parts/keyboard.tsx';
import { Content, Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Mappings } from './unlisted/mappings.tsx';
import { keyOf } from './unlisted/name.ts';
import { NameForm } from './unlisted/name-form.tsx';
import { Empty, Queue } from './unlisted/queue.tsx';

const MOST = 200;

/** Names that no rule knows: a queue, and beside it one form. j and k walk, so that twenty take minutes. */
export default function Unlisted() {
  const asked = useApi<UnlistedAnswer>('/v1/catalog/unlisted', { limit: MOST });
  const [chosen, choose] = useState<string>();
  useTitle('Unlisted');
  const rows = useMemo(
    () =>
      [...(asked.data?.rows ?? [])].sort(
        (a, b) => Number(a.mappedTo !== null) - Number(b.mappedTo !== null) || b.sites - a.sites,
      ),
    [asked.data],
  );
  const at = Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === chosen),
  );
  const row = rows[at];
  const walk = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) choose(keyOf(next));
  };
  useKey('j', rows.length > 1 ? () => walk(1) : undefined);
  useKey('k', rows.length > 1 ? () => walk(-1) : undefined);
  const open = rows.filter(({ mappedTo }) => mappedTo === null).length;
  return (
    <>
      <div class="title">
        <div>
          <h1>Unlisted names</h1>
          <p>
            Names that the catalogue does not know{asked.data ? `, in ${monthYear(asked.data.period)}` : ''}.{' '}
            <kbd>j</kbd> and <kbd>k</kbd> walk.
          </p>
        </div>
        <div class="ctl">
          <ExportMenu
            of={{ path: '/v1/catalog/unlisted', params: { limit: MOST } }}
            rows={asked.data?.rows.length}
            page
          />
        </div>
      </div>
      <div class="queue">
        <Panel
          title="The queue"
          sub={asked.data ? `${plural(open, 'name')} ${open === 1 ? 'waits' : 'wait'}` : undefined}
          method={
            asked.data
              ? `A name is shown from ${asked.data.threshold} sites on. Below that it could be somebody’s own.`
              : undefined
          }
        >
          <Content asked={asked} rows={8} what="The queue">
            {() =>
              rows.length === 0 ? (
                <Empty threshold={asked.data?.threshold ?? 20} />
              ) : (
                <Queue rows={rows} at={at} choose={choose} />
              )
            }
          </Content>
        </Panel>
        <div class="stack sticky">{row && <NameForm key={keyOf(row)} row={row} next={() => walk(1)} />}</div>
      </div>
      <Mappings />
    </>
  );
}
