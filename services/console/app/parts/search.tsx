import Combobox from '@github/combobox-nav';
import { Search } from 'lucide-preact';
import { flushSync } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import type { Names, SearchAnswer } from '../lib/answers.ts';
import { plural } from '../lib/format.ts';
import { cellOf, nameOf, pageOf } from '../lib/links.ts';
import { pagesOf, useSession } from '../lib/session.ts';
import { useApi } from '../lib/use-api.ts';
import { capital } from '../lib/words.ts';
import { Icon } from './icon.tsx';

let show: () => void = () => {};
export const openSearch = (): void => show();

const AFTER_TYPING_MS = 120;
const KINDS = [
  ['model', 'Models'],
  ['vendor', 'Makers'],
  ['platform', 'Platforms'],
] as const;

/** Models, makers and platforms by name, then pages. One input and one list; Shift and Enter puts a model into the comparison. */
export function SearchDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    show = () => {
      // The field first: the dialog gives it the focus, so that what is typed right behind the key goes there.
      flushSync(() => setOpen(true));
      dialog.current?.showModal();
    };
    return () => {
      show = () => {};
    };
  }, []);
  return (
    <dialog ref={dialog} class="palette" aria-label="Search" onClose={() => setOpen(false)} onClick={closeOutside}>
      {open && <Palette close={() => dialog.current?.close()} />}
    </dialog>
  );
}

function closeOutside(event: MouseEvent): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}

function Palette({ close }: { close: () => void }) {
  const [text, setText] = useState('');
  const asked = useLater(text.trim(), AFTER_TYPING_MS);
  const { data, isPlaceholderData, isError } = useApi<SearchAnswer>(asked === '' ? undefined : '/v1/search', {
    q: asked,
    limit: 12,
  });
  const results = asked === '' ? [] : (data?.results ?? []);
  // What stands in the list is of these words, and not of those that were typed before them.
  const listed = asked === text.trim() && (asked === '' || isError || (data !== undefined && !isPlaceholderData));
  const { data: session } = useSession(false);
  const pages = pagesOf(session).filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()));
  /** What stands in the list, in its order: asked anew for the same it keeps what was chosen in it. */
  const hrefs = [...results.map((one) => pageOf(namesOf(one))), ...pages.map(({ path }) => path)].join(' ');
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [, navigate] = useLocation();
  const entered = useRef<{ readonly shift: boolean }>();
  const combobox = useRef<Combobox>();
  useLayoutEffect(() => {
    if (!input.current || !list.current) return;
    const started = new Combobox(input.current, list.current, {
      firstOptionSelectionMode: 'active',
      tabInsertsSuggestions: false,
      scrollIntoViewOptions: { block: 'nearest' },
    });
    started.start();
    combobox.current = started;
    return () => started.destroy();
  }, []);
  const take = (chosen: HTMLElement | null | undefined, shift: boolean) => {
    const { href, cell } = chosen?.dataset ?? {};
    const to = shift && cell ? comparing(cell) : href;
    if (to === undefined) return;
    close();
    if (to === '/privacy') location.assign(to);
    else navigate(to);
  };
  useLayoutEffect(() => {
    combobox.current?.resetSelection();
    if (!listed || !entered.current) return;
    take(list.current?.querySelector<HTMLElement>('[role=option]'), entered.current.shift);
    entered.current = undefined;
  }, [hrefs, asked, listed]);
  const enter = (event: KeyboardEvent) => {
    entered.current = undefined;
    // Some browsers send the Enter that ends an input method as this number and nothing else.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || composing || event.metaKey || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    // The list's own key takes what stands there; whoever types faster than the list comes means the list that comes.
    event.stopImmediatePropagation();
    const pointed = list.current?.querySelector<HTMLElement>('[aria-selected=true]');
    if (pointed || listed) take(pointed ?? list.current?.querySelector<HTMLElement>('[role=option]'), event.shiftKey);
    else entered.current = { shift: event.shiftKey };
  };
  return (
    <>
      <div class="q">
        <Icon of={Search} />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Model, maker or platform"
          aria-expanded="true"
          aria-controls="found"
          placeholder="Model, maker or platform"
          autocomplete="off"
          maxLength={64}
          spellcheck={false}
          value={text}
          onInput={(event) => {
            entered.current = undefined;
            setText(event.currentTarget.value);
          }}
          onKeyDown={enter}
        />
      </div>
      <div
        class="found"
        role="listbox"
        id="found"
        ref={list}
        aria-label="What was found"
        onClick={(event) => take((event.target as HTMLElement).closest<HTMLElement>('[role=option]'), event.shiftKey)}
      >
        {KINDS.map(([kind, title]) => {
          const of = results.filter((one) => one.kind === kind);
          return (
            of.length > 0 && (
              <div key={kind} role="group" aria-label={title}>
                <p class="grp" aria-hidden="true">
                  {title}
                </p>
                {of.map((one) => (
                  <Option key={cellOf(namesOf(one))} names={namesOf(one)} sites={one.sites} words={asked} />
                ))}
              </div>
            )
          );
        })}
        {pages.length > 0 && (
          <div role="group" aria-label="Go to">
            <p class="grp" aria-hidden="true">
              Go to
            </p>
            {pages.map(({ path, label }) => (
              <div
                key={path}
                role="option"
                id={`to${path.replace('/', '-')}`}
                aria-selected="false"
                class="opt"
                data-href={path}
              >
                {label}
              </div>
            ))}
          </div>
        )}
      </div>
      {asked !== '' && data && results.length === 0 && (
        <p class="none">Nothing is called “{asked}”. A name that fewer than ten sites have is not found.</p>
      )}
      <p class="vh" role="status">
        {asked === '' || !data ? '' : `${plural(results.length, 'result')}`}
      </p>
      <div class="hints">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>↵</kbd> open
        </span>
        <span>
          <kbd>⇧</kbd> <kbd>↵</kbd> compare
        </span>
        <span>
          <kbd>esc</kbd>
        </span>
      </div>
    </>
  );
}

const namesOf = ({ kind: _kind, sites: _sites, ...names }: SearchAnswer['results'][number]): Names => names;

function Option({ names, sites, words }: { names: Names; sites: number; words: string }) {
  const { small, main } = nameOf(names);
  const cell = names.model !== undefined ? cellOf(names) : undefined;
  return (
    <div
      role="option"
      id={`f-${cellOf(names).replace(/[^A-Za-z0-9]/g, '-')}`}
      aria-selected="false"
      class="opt"
      data-href={pageOf(names)}
      {...(cell === undefined ? {} : { 'data-cell': cell })}
    >
      <span class="nm">
        {small !== '' && <small>{small}</small>} <Marked text={main} words={words} />
        {names.model === undefined && names.category !== undefined && <small> {capital(names.category)}</small>}
      </span>
      <span class="n">{plural(sites, 'site')}</span>
    </div>
  );
}

/** The text with the words that were typed marked. */
function Marked({ text, words }: { text: string; words: string }) {
  const longest = words.split(/\s+/).sort((a, b) => b.length - a.length)[0] ?? '';
  const at = longest === '' ? -1 : text.toLowerCase().indexOf(longest.toLowerCase());
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + longest.length)}</mark>
      {text.slice(at + longest.length)}
    </>
  );
}

/** Explore with the cell among those that are compared. */
function comparing(cell: string): string {
  const params = new URLSearchParams(location.pathname === '/explore' ? location.search : '');
  const cells = new Set([...params.getAll('cell'), cell]);
  params.delete('cell');
  params.delete('view');
  for (const one of [...cells].slice(-5)) params.append('cell', one);
  params.sort();
  return `/explore?${params}`;
}

function useLater<T>(value: T, ms: number): T {
  const [late, follow] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => follow(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}
