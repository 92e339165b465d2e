import { navigate } from 'wouter-preact/use-browser-location';

/** A link to a page of the console, for lists: the router's own follows the address, a hundred times in a table. */
export function PageLink({ href, children }: { href: string; children: preact.ComponentChildren }) {
  return (
    <a href={href} onClick={follow}>
      {children}
    </a>
  );
}

function follow(event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate((event.currentTarget as HTMLAnchorElement).getAttribute('href') ?? '/');
}
