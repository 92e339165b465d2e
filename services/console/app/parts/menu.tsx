import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface MenuProps {
  /** What stands on the button. */
  readonly label: preact.ComponentChildren;
  readonly name?: string;
  readonly class: string;
  readonly wide?: boolean;
  readonly opens?: (open: () => void) => void;
  readonly children: (close: () => void) => preact.ComponentChildren;
}

/** A button with a list of buttons below it: Tab walks, Escape closes and gives focus back. */
export function Menu({ label, name, class: look, children, opens, wide = false }: MenuProps) {
  const [open, show] = useState(false);
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    opens?.(() => {
      button.current?.focus();
      show(true);
    });
  }, [opens]);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!around.current?.contains(event.target as Node)) show(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [open]);
  const close = () => {
    show(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    close();
  };
  return (
    <div class={`menu-around ${look.includes('grow') ? 'grow' : ''}`} ref={around} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={look}
        aria-expanded={open}
        aria-controls={id}
        {...(name === undefined ? {} : { 'aria-label': name })}
        onClick={() => show(!open)}
      >
        {label}
      </button>
      {open && (
        <div id={id} class={`menu ${wide ? 'wide' : ''}`}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

/** The last item of every export. */
export function PrintItem({ close }: { close: () => void }) {
  return (
    <button
      type="button"
      class="menu-item"
      onClick={() => {
        close();
        window.print();
      }}
    >
      Print the page
    </button>
  );
}
