import type { FacetsAnswer } from './answers.ts';
import { addMonths } from './format.ts';
import { COUNTS, may, useSession } from './session.ts';
import { useApi } from './use-api.ts';

/** What can be asked for: months, makers, platforms, categories. One answer serves every page. */
export function useFacets() {
  const { data: session } = useSession(false);
  return useApi<FacetsAnswer>(may(session, COUNTS) ? '/v1/facets' : undefined);
}

/** The newest final month; the newest of all while none is final. */
export function newestFinal(facets: FacetsAnswer | undefined): string | undefined {
  return (facets?.periods.find(({ provisional }) => !provisional) ?? facets?.periods[0])?.period;
}

/** A year before, or the first final month there is; none for an open month, and none for the first. */
export function defaultCompare(period: string | undefined, facets: FacetsAnswer | undefined): string | undefined {
  const of = facets?.periods.find((one) => one.period === period);
  if (!of || of.provisional) return undefined;
  const yearBefore = `${Number(of.period.slice(0, 4)) - 1}${of.period.slice(4)}`;
  const earlier = (facets?.periods ?? []).filter(
    (one) => !one.provisional && one.period < of.period && one.period >= yearBefore,
  );
  return earlier.at(-1)?.period;
}

export interface Range {
  readonly from: string;
  readonly to: string;
}

const A_YEAR = 12;

/** What charts draw: the newest month that was counted, and the year before it, so that both ends of a year are seen. */
export function yearAndMonth(facets: FacetsAnswer | undefined): Range | undefined {
  const newest = facets?.periods.find(({ snapshotAt }) => snapshotAt !== null) ?? facets?.periods[0];
  return newest && { from: addMonths(newest.period, -A_YEAR), to: newest.period };
}
