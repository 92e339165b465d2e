import { Copy, Plus } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { KeyRow } from '../../lib/answers.ts';
import { send } from '../../lib/api.ts';
import { copy } from '../../lib/export.ts';
import { FormEnd, faultOf } from '../../parts/form-end.tsx';
import { Icon } from '../../parts/icon.tsx';
import { say } from '../../parts/toast.tsx';

const SCOPES = [
  ['reader', 'sees counts, trends and movers'],
  ['curator', 'also says what unknown names are'],
  ['releaser', 'also looks after releases and held numbers'],
  ['admin', 'everything'],
] as const;

export function NewKey({ done }: { done: () => Promise<unknown> }) {
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
      setFault(faultOf(thrown));
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
              <FormEnd fault={fault} submit="Make the key" cancel={() => dialog.current?.close()} />
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
