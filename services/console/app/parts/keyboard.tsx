import { useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { chooseSingleKeys, nextTheme, singleKeys } from '../lib/local.ts';
import { pagesOf, useSession } from '../lib/session.ts';
import { useSignal } from '../lib/signal.ts';
import { openSearch } from './search.tsx';

type Act = () => void;
/** What the page that is shown makes of keys of its own. */
const bound = new Map<string, Act[]>();

/**
 * While the component is there, the key does this. Of two that want it, the one that came last. From the moment that it is drawn, not a
 * frame later: who is fast would have pressed in vain.
 */
export function useKey(key: string, act: Act | undefined): void {
  const latest = useRef(act);
  latest.current = act;
  useLayoutEffect(() => {
    if (act === undefined) return;
    const call = () => latest.current?.();
    bound.set(key, [...(bound.get(key) ?? []), call]);
    return () =>
      void bound.set(
        key,
        (bound.get(key) ?? []).filter((one) => one !== call),
      );
  }, [key, act === undefined]);
}

let showHelp: Act = () => {};
export const openHelp = (): void => showHelp();

const FIELDS = new Set(['INPUT', 'TEXTAREA', 'SELECT']);
const AFTER_G_MS = 1_200;

/** Single keys, off in fields, inside dialogs and by a switch. `g` waits for the letter of a page. */
export function Keyboard() {
  const { data: session } = useSession(false);
  const [, navigate] = useLocation();
  const going = useRef(0);
  useLayoutEffect(() => {
    const heard = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const busy = FIELDS.has(target.tagName) && (target as HTMLInputElement).type !== 'checkbox';
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || busy) return;
      if (!singleKeys.value || document.querySelector('dialog[open]')) return;
      const page = pagesOf(session).find(({ key }) => key === event.key);
      const waits = event.timeStamp - going.current < AFTER_G_MS;
      going.current = event.key === 'g' && !waits ? event.timeStamp : 0;
      const act = waits && page ? () => navigate(page.path) : actOf(event.key);
      if (!act || event.key === 'g') return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', heard);
    return () => document.removeEventListener('keydown', heard);
  }, [session, navigate]);
  return <Help />;
}

function actOf(key: string): Act | undefined {
  const own = bound.get(key)?.at(-1);
  if (own) return own;
  if (key === '/') return openSearch;
  if (key === 't') return nextTheme;
  if (key === '?') return openHelp;
  return undefined;
}

const KEYS: readonly (readonly [string, string, string?])[] = [
  ['search', '/'],
  ['Overview', 'g o'],
  ['Explore', 'g e'],
  ['Movers', 'g m'],
  ['Unlisted', 'g u'],
  ['Releases', 'g r'],
  ['Access', 'g a'],
  ['earlier, later month', 'p n'],
  ['compare: month, quarter, year', '1 3 y'],
  ['sites, devices', 's d'],
  ['compare the row', 'x'],
  ['next, previous name', 'j k'],
  ['month under the cursor', '← →'],
  ['export', '.'],
  ['method', 'i'],
  ['light, dark, system', 't'],
  ['close', 'Esc'],
  ['this list', '?'],
];

function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const on = useSignal(singleKeys);
  useLayoutEffect(() => {
    showHelp = () => dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="card-dialog" aria-labelledby="keyboard-title">
      <form method="dialog">
        <h2 id="keyboard-title">Keyboard</h2>
        <dl class="keys">
          {KEYS.map(([does, keys]) => (
            <div key={does}>
              <dt>{does}</dt>
              <dd>
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <label class="check-row">
          <input type="checkbox" checked={on} onChange={(event) => chooseSingleKeys(event.currentTarget.checked)} />
          Single keys work. Switch them off if you speak to your computer or use a screen reader of your own keys.
        </label>
        <div class="act">
          <button class="btn main" type="submit">
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}
