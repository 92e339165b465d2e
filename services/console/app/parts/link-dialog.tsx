import { useQueryClient } from '@tanstack/preact-query';
import { Copy, Share2 } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { NewViewLinkAnswer } from '../lib/answers.ts';
import { send } from '../lib/api.ts';
import { copy } from '../lib/export.ts';
import { dayYear } from '../lib/format.ts';
import { isPerson, useSession } from '../lib/session.ts';
import { wordsOfView } from '../lib/views.ts';
import { Icon } from './icon.tsx';
import { wordsOf } from './states.tsx';
import { say } from './toast.tsx';
import { ViewLinks } from './view-links.tsx';

const USUAL_DAYS = 30;
const MOST_DAYS = 90;
/** Of somebody without a key: the provider is asked only when they sign in. */
const MOST_DAYS_OF_A_PERSON = 30;

/** A link that shows this view to somebody without a key, and those that were made before. */
export function LinkDialog({ address, not }: { address: string; not: string | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<NewViewLinkAnswer>();
  const show = () => {
    setMade(undefined);
    setOpen(true);
    dialog.current?.showModal();
  };
  return (
    <>
      <button
        type="button"
        class="btn"
        disabled={not !== undefined}
        title={not ?? 'A link to this view for somebody without a key'}
        onClick={show}
      >
        <Icon of={Share2} />
        Share
      </button>
      <dialog ref={dialog} class="card-dialog" aria-labelledby="link-title" onClose={() => setOpen(false)}>
        {open && (
          <>
            <h2 id="link-title">A link to this view alone</h2>
            {made ? <Made of={made} /> : <Order address={address} done={setMade} />}
            <h3>Links to views</h3>
            <ViewLinks />
            <div class="act">
              <button class="btn" type="button" onClick={() => dialog.current?.close()}>
                Close
              </button>
            </div>
          </>
        )}
      </dialog>
    </>
  );
}

function Order({ address, done }: { address: string; done: (made: NewViewLinkAnswer) => void }) {
  const client = useQueryClient();
  const { data: session } = useSession(false);
  const keyless = isPerson(session);
  const most = keyless ? MOST_DAYS_OF_A_PERSON : MOST_DAYS;
  const [fault, setFault] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const days = Number(new FormData(event.currentTarget as HTMLFormElement).get('days'));
    try {
      done(await send<NewViewLinkAnswer>('POST', '/v1/view-links', { address, days }));
      await client.invalidateQueries({ queryKey: ['api', '/v1/view-links'] });
    } catch (thrown) {
      setFault(wordsOf(thrown).detail);
    }
  };
  return (
    <form class="fields" onSubmit={submit}>
      <p class="note">
        Whoever has it sees <b>{wordsOfView(address).title}</b> without a key: chart and table of final months as they
        are now, from the threshold on, with their shares. Its numbers are exact: give it to those alone who may have
        them. That you made it is in the audit.
      </p>
      <div>
        <label for="link-days">Ends after days</label>
        <input id="link-days" name="days" type="number" min={1} max={most} required defaultValue={USUAL_DAYS} />
        <p class="hint">
          At most {most}.{' '}
          {keyless
            ? 'It ends too when you sign in and your organisation no longer opens these numbers to you. You can revoke it.'
            : 'It ends with your key too, and you can revoke it.'}
        </p>
      </div>
      {fault !== undefined && (
        <p class="err" role="alert">
          {fault}
        </p>
      )}
      <div>
        <button class="btn main" type="submit">
          Make the link
        </button>
      </div>
    </form>
  );
}

function Made({ of: { link, expiresAt } }: { of: NewViewLinkAnswer }) {
  const address = `${location.origin}/view#link=${link}`;
  return (
    <>
      <p class="note" role="status">
        It lasts until {dayYear(expiresAt)}, is shown this once, and stored nowhere. Copy it now.
      </p>
      <div class="secret">
        <code>{address}</code>
        <button
          type="button"
          class="btn"
          onClick={async () => say((await copy(address)) ? 'The link is copied.' : 'Select it and copy it by hand.')}
        >
          <Icon of={Copy} />
          Copy
        </button>
      </div>
    </>
  );
}
