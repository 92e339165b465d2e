import { useQueryClient } from '@tanstack/preact-query';
import { Copy, Plus } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AuditAnswer, KeyRow, KeysAnswer } from '../lib/answers.ts';
import { ApiProblem, part, send } from '../lib/api.ts';
import { chainHolds } from '../lib/audit-chain.ts';
import { copy } from '../lib/export.ts';
import { count, dayTime, dayYear, plural } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { AskAgain } from '../parts/ask-again.tsx';
import { Icon } from '../parts/icon.tsx';
import { Content, Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';
import { say } from '../parts/toast.tsx';
import { ViewLinks } from '../parts/view-links.tsx';

/** Who has a key, and who did what. */
export default function Access() {
  useTitle('Access');
  return (
    <>
      <div class="title">
        <div>
          <h1>Access</h1>
          <p>Who has a key, and who did what</p>
        </div>
      </div>
      <Keys />
      <Panel
        title="Links to views"
        sub="What somebody without a key may see"
        method="Each shows one view of final months, ends by itself, and with the key that made it. Its token is stored nowhere."
      >
        <ViewLinks whole />
      </Panel>
      <Audit />
    </>
  );
}

function Keys() {
  const asked = useApi<KeysAnswer>('/v1/keys');
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['api'] });
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

const SCOPES = [
  ['reader', 'sees counts, trends and movers'],
  ['curator', 'also says what unknown names are'],
  ['releaser', 'also looks after releases and held numbers'],
  ['admin', 'everything'],
] as const;

function NewKey({ done }: { done: () => Promise<unknown> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [made, setMade] = useState<{ key: string; owner: string }>();
  const [fault, setFault] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const maker = String(form.get('manufacturer') ?? '').trim();
    const days = Number(form.get('days'));
    const scopes = maker === '' ? form.getAll('scope').map(String) : [`manufacturer:${maker}`];
    try {
      const key = await send<KeyRow & { key: string }>('POST', '/v1/keys', {
        owner: String(form.get('owner')).trim(),
        scopes,
        ...(days > 0 ? { expiresInDays: days } : {}),
      });
      setFault(undefined);
      setMade({ key: key.key, owner: key.owner });
      await done();
    } catch (thrown) {
      setFault(
        thrown instanceof ApiProblem
          ? [thrown.message, ...thrown.errors.map(({ pointer, reason }) => `${pointer ?? ''}: ${reason}`)].join(' ')
          : 'Something went wrong in this page.',
      );
    }
  };
  const open = () => {
    setMade(undefined);
    setFault(undefined);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" class="btn" onClick={open}>
        <Icon of={Plus} />
        New key
      </button>
      <dialog ref={dialog} class="card-dialog" aria-labelledby="key-title" onClose={() => setMade(undefined)}>
        {made ? (
          <ShownOnce made={made} close={() => dialog.current?.close()} />
        ) : (
          <>
            <h2 id="key-title">New key</h2>
            <form class="fields" onSubmit={submit}>
              <div>
                <label for="nk-owner">Owner</label>
                <input id="nk-owner" name="owner" required maxLength={64} />
                <p class="hint">A person or a program.</p>
              </div>
              <fieldset>
                <legend>What it opens</legend>
                {SCOPES.map(([scope, what]) => (
                  <label key={scope} title={what}>
                    <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'reader'} />
                    {scope}
                  </label>
                ))}
              </fieldset>
              <div class="pair">
                <div>
                  <label for="nk-maker">Or the releases of one manufacturer</label>
                  <input id="nk-maker" name="manufacturer" maxLength={64} />
                  <p class="hint">Then it opens nothing else.</p>
                </div>
                <div>
                  <label for="nk-days">Ends after days</label>
                  <input id="nk-days" name="days" type="number" min={1} max={3660} />
                  <p class="hint">Empty: not by itself.</p>
                </div>
              </div>
              {fault !== undefined && (
                <p class="err" role="alert">
                  {fault}
                </p>
              )}
              <div class="act">
                <button class="btn main" type="submit">
                  Make the key
                </button>
                <button class="btn" type="button" onClick={() => dialog.current?.close()}>
                  Cancel
                </button>
              </div>
            </form>
          </>
        )}
      </dialog>
    </>
  );
}

function ShownOnce({ made, close }: { made: { key: string; owner: string }; close: () => void }) {
  return (
    <>
      <h2 id="key-title">The key of {made.owner}</h2>
      <p class="note">It is shown this once, and stored nowhere. Copy it now.</p>
      <div class="secret">
        <code>{made.key}</code>
        <button
          type="button"
          class="btn"
          onClick={async () => say((await copy(made.key)) ? 'The key is copied.' : 'Select it and copy it by hand.')}
        >
          <Icon of={Copy} />
          Copy
        </button>
      </div>
      <div class="act">
        <button class="btn main" type="button" onClick={close}>
          I have it
        </button>
      </div>
    </>
  );
}

const PAGE = 50;

/** Newest first. The chain of what is shown is worked out here, in the browser. */
function Audit() {
  const [before, setBefore] = useState<number>();
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
                  onClick={() => setBefore(undefined)}
                >
                  Newest
                </button>
                <button
                  type="button"
                  class="quiet"
                  disabled={next === null}
                  onClick={() => setBefore(entries.at(-1)?.seq)}
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
