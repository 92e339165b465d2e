/** The icons the console uses, at the sizes and weight of its type. */

import type { LucideProps } from 'lucide-preact';
import type { FunctionComponent } from 'preact';

type Size = 12 | 14 | 16 | 18 | 26;

export function Icon({
  of: Drawn,
  size = 16,
  class: extra = '',
}: {
  of: FunctionComponent<LucideProps>;
  size?: Size;
  class?: string;
}) {
  return <Drawn size={size} strokeWidth={size > 16 ? 1.75 : 2} class={`ic ${extra}`} aria-hidden="true" />;
}

export function Logo() {
  return (
    <svg class="logo" width="26" height="22" viewBox="0 0 26 22" aria-hidden="true">
      <path d="M5 4v14M10 4v14M15 4v14M20 4v14M2 15.5 23.5 6.5" />
    </svg>
  );
}
