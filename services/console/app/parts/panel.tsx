import { Info } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { now } from '../lib/clock.ts';
import { age } from '../lib/format.ts';
import type { Asked } from '../lib/use-api.ts';
import { Icon } from './icon.tsx';
import { Failed, Loading } from './states.tsx';

interface PanelProps {
  readonly title: string;
  readonly sub?: preact.ComponentChildren;
  readonly badge?: preact.ComponentChildren;
  readonly tools?: preact.ComponentChildren;
  /** How the numbers were made: a line below them. */
  readonly method?: preact.ComponentChildren;
  readonly class?: string;
  readonly children: preact.ComponentChildren;
}

export function Panel({ title, sub, badge, tools, method, class: extra = '', children }: PanelProps) {
  return (
    <section class={`panel ${extra}`} aria-label={title}>
      <header>
        <div>
          <h2>{title}</h2>
          {sub !== undefined && <p>{sub}</p>}
        </div>
        {(tools !== undefined || badge !== undefined) && (
          <div class="tools">
            {badge}
            {tools}
          </div>
        )}
      </header>
      {children}
      {method !== undefined && <MethodLine>{method}</MethodLine>}
    </section>
  );
}

export function MethodLine({ children }: { children: preact.ComponentChildren }) {
  return (
    <footer class="method">
      <Icon of={Info} size={14} />
      <span>{children}</span>
    </footer>
  );
}

/**
 * What a panel shows in every state of its question: rows where numbers will be, the numbers, the old ones in grey
 * while new ones come or the server is gone, or what went wrong. Panels load, fail and are tried again alone.
 */
export function Content<T>({
  asked,
  rows = 6,
  what,
  children,
}: {
  asked: Asked<T>;
  rows?: number;
  what?: string;
  children: (answer: T) => preact.ComponentChildren;
}) {
  const { data, isError, error, refetch, isPlaceholderData } = asked;
  const drawn = useRef<preact.ComponentChildren>();
  const late = useLate(isPlaceholderData);
  if (data === undefined)
    return isError ? (
      <Failed problem={error} again={() => void refetch()} {...(what === undefined ? {} : { what })} />
    ) : (
      <Loading rows={rows} />
    );
  // Old numbers are not drawn anew while new ones come: the same elements cost nothing, a hundred rows a whole answer's time.
  if (!isPlaceholderData || drawn.current === undefined) drawn.current = children(data);
  return (
    <div class={late || isError ? 'old' : 'fresh'} aria-busy={isPlaceholderData}>
      {drawn.current}
    </div>
  );
}

const LATE_MS = 120;

/** Whether it has been so for a while: numbers that come at once do not flicker, and cost no fade. */
function useLate(is: boolean): boolean {
  const [late, set] = useState(false);
  useEffect(() => {
    if (!is) return;
    const timer = setTimeout(() => set(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      set(false);
    };
  }, [is]);
  return is && late;
}

/** How old the numbers are when the server has gone. */
export function Stale({ asked }: { asked: Pick<Asked<unknown>, 'data' | 'isError' | 'dataUpdatedAt'> }) {
  if (asked.data === undefined || !asked.isError) return null;
  return <span class="badge prov">{age(now() - asked.dataUpdatedAt)} old</span>;
}
