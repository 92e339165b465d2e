import Combobox from '@github/combobox-nav';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A field that offers known names as they are typed, and takes any other too. */
export function Suggest({
  id,
  name,
  value,
  set,
  known,
  required = false,
}: {
  id: string;
  name: string;
  value: string;
  set: (value: string) => void;
  known: readonly string[];
  required?: boolean;
}) {
  const [open, show] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const typed = value.trim().toLowerCase();
  const found = open ? known.filter((one) => one.toLowerCase().includes(typed) && one !== value).slice(0, 8) : [];
  useLayoutEffect(() => {
    if (!input.current || !list.current || found.length === 0) return;
    const combobox = new Combobox(input.current, list.current);
    combobox.start();
    return () => combobox.destroy();
  }, [found.join('\n')]);
  return (
    <div class="suggest">
      <input
        ref={input}
        id={id}
        name={name}
        required={required}
        autocomplete="off"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        value={value}
        onFocus={() => show(true)}
        onBlur={() => setTimeout(() => show(false), 150)}
        onInput={(event) => {
          show(true);
          set(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && open) {
            event.stopPropagation();
            show(false);
          }
        }}
      />
      <div id={`${id}-list`} ref={list} role="listbox" aria-label="Known names" hidden={found.length === 0}>
        {found.map((one) => (
          <div
            key={one}
            id={`${id}-${one.replace(/[^A-Za-z0-9]/g, '-')}`}
            role="option"
            aria-selected="false"
            class="opt"
            onClick={() => {
              set(one);
              show(false);
            }}
          >
            {one}
          </div>
        ))}
      </div>
    </div>
  );
}
