import { useRef, useState } from 'preact/hooks';
import { wordsOf } from './states.tsx';

/** A deed that cannot be taken back asks once more, and says what went wrong if it did. */
export function AskAgain({
  label,
  title,
  children,
  confirm,
  danger = false,
  main = false,
  act,
}: {
  label: string;
  title: string;
  children: preact.ComponentChildren;
  confirm: string;
  danger?: boolean;
  main?: boolean;
  act: () => Promise<unknown>;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const go = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await act();
      dialog.current?.close();
    } catch (thrown) {
      setFault(wordsOf(thrown).detail);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class={`btn ${main ? 'main' : ''}`} onClick={() => dialog.current?.showModal()}>
        {label}
      </button>
      <dialog ref={dialog} class="card-dialog" aria-label={title}>
        <h2>{title}</h2>
        <div class="note">{children}</div>
        {fault !== undefined && (
          <p class="err" role="alert">
            {fault}
          </p>
        )}
        <div class="act">
          <button type="button" class={`btn ${danger ? 'danger' : 'main'}`} disabled={busy} onClick={go}>
            {confirm}
          </button>
          <button type="button" class="btn" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </dialog>
    </>
  );
}
