import { Pin, X } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { PinAnswer, PinsAnswer } from '../../lib/answers.ts';
import { useApi } from '../../lib/use-api.ts';
import { wordsOfView } from '../../lib/views.ts';
import { Icon } from '../../parts/icon.tsx';
import { wordsOf } from '../../parts/states.tsx';
import { usePins } from '../../parts/use-pins.ts';

/** Views that the reader wants at hand. It has its room in every state: nothing below it jumps. */
export function Pinned() {
  const asked = useApi<PinsAnswer>('/v1/pins');
  const { unpin } = usePins();
  const strip = useRef<HTMLElement>(null);
  const { data, isError, error } = asked;
  const remove = async (pin: PinAnswer) => {
    await unpin(pin);
    // The button that was pressed is gone.
    strip.current?.focus();
  };
  return (
    <nav class="pinned" aria-label="Pinned" ref={strip} tabIndex={-1} aria-busy={data === undefined && !isError}>
      <span class="lead">
        <Icon of={Pin} size={14} />
        Pinned
      </span>
      {data === undefined &&
        (isError ? (
          <span role="alert">
            Could not be loaded. {wordsOf(error).detail}{' '}
            <button type="button" class="link" onClick={() => void asked.refetch()}>
              Try again
            </button>
          </span>
        ) : (
          <i class="sk" />
        ))}
      {data?.pins.length === 0 && (
        <span>Nothing yet. “Pin” on Explore, Movers, or the page of a model, maker or platform puts it here.</span>
      )}
      {data && data.pins.length > 0 && (
        <ul class={isError ? 'old' : ''}>
          {data.pins.map((pin) => (
            <PinnedView key={pin.id} of={pin} remove={remove} />
          ))}
        </ul>
      )}
    </nav>
  );
}

function PinnedView({ of: pin, remove }: { of: PinAnswer; remove: (pin: PinAnswer) => Promise<void> }) {
  const { title, months } = wordsOfView(pin.address);
  return (
    <li>
      <Link href={pin.address}>
        {title}
        {months !== '' && <small> {months}</small>}
      </Link>
      <button
        type="button"
        class="quiet x"
        aria-label={`Unpin ${title}`}
        title="Unpin"
        onClick={() => void remove(pin)}
      >
        <Icon of={X} size={14} />
      </button>
    </li>
  );
}
