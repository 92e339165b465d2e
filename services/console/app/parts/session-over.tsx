import { useQueryClient } from '@tanstack/preact-query';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../lib/api.ts';
import type { Session } from '../lib/session.ts';
import { KeyForm } from './key-form.tsx';

/** A dialog over the page when the session is over: signing in goes on where it was. */
export function SessionOver() {
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [over, setOver] = useState(false);
  const whose = client.getQueryData<Session>(['session'])?.keyId;
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        const { error } = event.query.state;
        if (event.type === 'updated' && error instanceof ApiProblem && error.status === 401) setOver(true);
      }),
    [client],
  );
  useEffect(() => {
    if (over) dialog.current?.showModal();
    else dialog.current?.close();
  }, [over]);
  return (
    <dialog ref={dialog} class="card-dialog" aria-labelledby="over-title" onCancel={(event) => event.preventDefault()}>
      <h2 id="over-title">Your session is over.</h2>
      <p class="note">Sign in again and go on where you were. Nothing on the page is lost.</p>
      {over && (
        <KeyForm
          done={() => {
            // Another key may see less: nothing stays that was drawn for the one before.
            if (whose !== client.getQueryData<Session>(['session'])?.keyId) return location.reload();
            setOver(false);
            void client.refetchQueries({ queryKey: ['api'] });
          }}
        />
      )}
    </dialog>
  );
}
