import { useEffect, useRef, useState } from 'preact/hooks';

/** Drawn below what is in view, for whoever scrolls at once. */
const MARGIN = 8;

/**
 * The rows of a long list. When its numbers change, rows in view are drawn at once; those below follow as soon as these
 * were painted, and are the ones of before until then, so that nothing jumps.
 */
export function RowsInView<T>({
  rows,
  draw,
  children,
}: {
  rows: readonly T[];
  draw: (row: T, place: number) => preact.VNode;
  /** What stands after them. */
  children?: preact.ComponentChildren;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const before = useRef<readonly (preact.VNode | undefined)[]>([]);
  const [whole, setWhole] = useState(rows);
  const end = whole === rows ? rows.length : placesInView(body.current);
  const drawn = rows.map((row, place) => (place < end ? draw(row, place) : before.current[place]));
  useEffect(() => {
    before.current = drawn;
    setWhole(rows);
  });
  return (
    <tbody ref={body} aria-busy={end < rows.length}>
      {drawn}
      {children}
    </tbody>
  );
}

/** Up to where the list is in view, by the layout that there is. */
function placesInView(body: HTMLTableSectionElement | null): number {
  if (!body || body.rows.length === 0) return Number.POSITIVE_INFINITY;
  const { top, height } = body.getBoundingClientRect();
  return Math.max(0, Math.ceil(((innerHeight - top) * body.rows.length) / height)) + MARGIN;
}
