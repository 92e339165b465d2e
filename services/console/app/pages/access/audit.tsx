import { useEffect, useState } from 'preact/hooks';
import type { AuditAnswer } from '../../lib/answers.ts';
import { chainHolds } from '../../lib/audit-chain.ts';
import { count, dayTime, plural } from '../../lib/format.ts';
import { useQueryState } from '../../lib/query-state.ts';
import { useApi } from '../../lib/use-api.ts';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';

const PAGE = 50;

/** Newest first. The chain of what is shown is worked out here, in the browser. */
export function Audit() {
  const { state, set } = useQueryState();
  const { before } = state;
  const params = { order: 'desc', limit: PAGE, before };
  const asked = useApi<AuditAnswer>('/v1/audit', params);
  return (
    <Panel
      title="Who did what"
      sub={asked.data && asked.data.entries.length > 0 ? <Chain entries={asked.data.entries} /> : undefined}
      method="Entries name a key by its public id, never a secret, a report or an address. Each holds the hash of the one before."
    >
      <Content asked={asked} rows={8} what="The audit">
        {({ entries, next }) =>
          entries.length === 0 ? (
            <Nothing title="Nothing was done yet.">
              Signing in, keys, decisions and agreements are written down here.
            </Nothing>
          ) : (
            <>
              <div class="scroll" role="group" aria-label="Who did what" tabIndex={0}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col" class="num">
                        No.
                      </th>
                      <th scope="col">When</th>
                      <th scope="col">Key</th>
                      <th scope="col">What</th>
                      <th scope="col">Of</th>
                    </tr>
                  </thead>
                  <tbody>
                    {entries.map((entry) => (
                      <tr key={entry.seq}>
                        <td class="num muted">{count(entry.seq)}</td>
                        <td>{dayTime(entry.at)}</td>
                        <td>
                          <code>{entry.actor}</code>
                        </td>
                        <td>{entry.action}</td>
                        <td>{entry.object === '' ? <span class="muted">–</span> : entry.object}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <div class="pager">
                <span>
                  {count(entries[0]?.seq)} to {count(entries.at(-1)?.seq)}
                </span>
                <button
                  type="button"
                  class="quiet sp2"
                  disabled={before === undefined}
                  onClick={() => set({ before: undefined })}
                >
                  Newest
                </button>
                <button
                  type="button"
                  class="quiet"
                  disabled={next === null}
                  onClick={() => set({ before: String(next) })}
                >
                  Earlier
                </button>
              </div>
            </>
          )
        }
      </Content>
    </Panel>
  );
}

function Chain({ entries }: { entries: AuditAnswer['entries'] }) {
  const [holds, set] = useState<boolean | 'unknown'>();
  useEffect(() => {
    let current = true;
    void chainHolds(entries).then((result) => current && set(result));
    return () => {
      current = false;
    };
  }, [entries]);
  if (holds === undefined) return <>Checking the chain</>;
  if (holds === 'unknown')
    return <>The chain is checked over https or on this machine; anywhere by “rollcall audit verify”.</>;
  return holds ? (
    <>The chain of these {plural(entries.length, 'entry', 'entries')} holds: worked out in this browser.</>
  ) : (
    <b class="bad-text">The chain does not hold: an entry was changed or taken out.</b>
  );
}
