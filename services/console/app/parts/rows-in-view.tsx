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
  const inView = usePlacesInView(body);
  const before = useRef<readonly (preact.VNode | undefined)[]>([]);
  const [whole, setWhole] = useState(rows);
  const end = whole === rows ? rows.length : inView.current + MARGIN;
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

/** Up to which row the list is in view. It is measured when nothing waits for a layout, never while rows are drawn. */
function usePlacesInView(of: preact.RefObject<HTMLTableSectionElement>): { readonly current: number } {
  const places = useRef(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const measure = () => {
      if (!of.current || of.current.rows.length === 0) return;
      const { top, height } = of.current.getBoundingClientRect();
      places.current = Math.max(0, Math.ceil(((innerHeight - top) * of.current.rows.length) / height));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [of]);
  return places;
}
