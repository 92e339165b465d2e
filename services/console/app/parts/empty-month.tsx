import { useFacets } from '../lib/facets.ts';
import { monthYear } from '../lib/format.ts';
import { Nothing } from './states.tsx';

/** A month that shows no number yet: when they begin, and a way to the last final month, which has some. */
export function EmptyMonth({
  period,
  threshold,
  look,
}: {
  period: string;
  threshold: number;
  look: (period: string) => void;
}) {
  const facets = useFacets();
  const last = facets.data?.periods.find(({ provisional }) => !provisional)?.period;
  return (
    <Nothing
      title="Nothing to show yet."
      action={
        last !== undefined &&
        last !== period && (
          <button class="btn" type="button" onClick={() => look(last)}>
            Look at {monthYear(last)}
          </button>
        )
      }
    >
      The first numbers of {monthYear(period)} appear when {threshold} sites have reported.
    </Nothing>
  );
}
