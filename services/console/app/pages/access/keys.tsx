import type { KeyRow, KeysAnswer } from '../../lib/answers.ts';
import { part, send } from '../../lib/api.ts';
import { dayYear, plural } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { useRenew } from '../../lib/use-renew.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { say } from '../../parts/toast.tsx';
import { NewKey } from './new-key.tsx';

export function Keys() {
  const asked = useApi<KeysAnswer>('/v1/keys');
  const renew = useRenew();
  const revoke = async (id: string) => {
    await send('DELETE', `/v1/keys/${part(id)}`);
    say('Revoked, on every process within two seconds.');
    await renew();
  };
  return (
    <Panel
      title="Keys"
      sub={asked.data ? plural(asked.data.keys.filter(({ state }) => state === 'live').length, 'live key') : undefined}
      tools={<NewKey done={renew} />}
      method="A key is shown once, when it is made. Two live keys of one owner are enough to change from one to the next."
    >
      <Content asked={asked} rows={5} what="Keys">
        {({ keys }) => (
          <div class="scroll" role="group" aria-label="Keys" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Owner</th>
                  <th scope="col">Key</th>
                  <th scope="col">Opens</th>
                  <th scope="col">State</th>
                  <th scope="col">Last used</th>
                  <th scope="col" class="w">
                    Made
                  </th>
                  <th scope="col" class="w">
                    Ends
                  </th>
                  <th scope="col">
                    <span class="vh">Revoke</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {[...keys].sort(byState).map((key) => (
                  <KeyLine key={key.id} of={key} revoke={revoke} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Content>
    </Panel>
  );
}

function byState(a: KeyRow, b: KeyRow): number {
  return Number(a.state !== 'live') - Number(b.state !== 'live') || b.createdAt.localeCompare(a.createdAt);
}

const BADGE = { live: 'badge final', expired: 'badge', revoked: 'badge bad' } as const;

function KeyLine({
  of: { id, owner, scopes, state, lastUsedDay, createdAt, createdBy, expiresAt },
  revoke,
}: {
  of: KeyRow;
  revoke: (id: string) => Promise<void>;
}) {
  return (
    <tr class={state === 'live' ? '' : 'gone-row'}>
      <th scope="row" class="strong">
        {owner}
      </th>
      <td>
        <code>{id}</code>
      </td>
      <td>{scopes.join(', ')}</td>
      <td>
        <span class={BADGE[state]}>{state}</span>
      </td>
      <td>{lastUsedDay === null ? <span class="muted">never</span> : dayYear(`${lastUsedDay}T00:00:00Z`)}</td>
      <td class="w">
        {dayYear(createdAt)} <span class="muted">by {createdBy}</span>
      </td>
      <td class="w">{expiresAt === null ? <span class="muted">not by itself</span> : dayYear(expiresAt)}</td>
      <td class="num">
        {state === 'live' && id !== 'admin' && (
          <AskAgain
            label="Revoke"
            title={`Revoke the key of ${owner}?`}
            confirm="Revoke it"
            danger
            act={() => revoke(id)}
          >
            Whoever has it is out within two seconds, on every process. It cannot be taken back.
          </AskAgain>
        )}
      </td>
    </tr>
  );
}
