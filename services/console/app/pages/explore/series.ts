import { useMemo } from 'preact/hooks';
import { MOST_SERIES, makerSlots, mayStack, type Series, slotAt } from '../../charts/model.ts';
import { labelOf, seriesOf } from '../../charts/series.ts';
import type { CompareAnswer, FacetsAnswer, SeriesAnswer } from '../../lib/answers.ts';
import { cellOf } from '../../lib/links.ts';
import { type Asked, useApi } from '../../lib/use-api.ts';
import { type By, MOST_CELLS, type Question } from './question.ts';

/** The rows that are compared; none: the largest, as the API says. */
export function useSeries({ state, view, filters, by, facets, range }: Question): {
  asked: Asked<SeriesAnswer> | Asked<CompareAnswer>;
  series: Series[];
  months: readonly { period: string; provisional: boolean }[];
  params: Readonly<Record<string, unknown>>;
  path: string;
} {
  const compared = state.cells.slice(0, MOST_CELLS);
  const comparable = view === 'model' || view === 'vendor' || view === 'platform';
  const several = comparable && compared.length > 1;
  const stacks = mayStack(view, by, facets.data?.views ?? []);
  const seriesParams = { ...filters, view, by, top: stacks ? MOST_SERIES : MOST_CELLS, ...range };
  const series = useApi<SeriesAnswer>(several || !range ? undefined : '/v1/series', seriesParams);
  const compareParams = { view, cell: compared, ...range };
  const compare = useApi<CompareAnswer>(several && range ? '/v1/compare' : undefined, compareParams);
  const lines = useMemo(() => {
    if (several) return compare.data ? comparedSeries(compare.data, by, facets.data?.vendors) : [];
    return series.data ? seriesOf(series.data, facets.data?.vendors) : [];
  }, [several, compare.data, series.data, facets.data, by]);
  // What is asked is as new as the page: old lines are grey until the new ones are there.
  return several
    ? {
        asked: compare,
        series: lines,
        months: compare.data?.cells[0]?.points ?? [],
        params: compareParams,
        path: '/v1/compare',
      }
    : { asked: series, series: lines, months: series.data?.periods ?? [], params: seriesParams, path: '/v1/series' };
}

function comparedSeries(
  { cells, view }: CompareAnswer,
  by: By,
  vendors: FacetsAnswer['vendors'] | undefined,
): Series[] {
  const makers =
    view === 'vendor'
      ? makerSlots(
          cells.map(({ vendor = '' }) => vendor),
          vendors,
        )
      : undefined;
  return cells.map(({ points, ...names }, i) => ({
    key: cellOf(names),
    ...labelOf(names),
    names,
    slot: makers?.get(names.vendor ?? '') ?? slotAt(i),
    points: points.map((point) => ({
      value: point[by],
      share: by === 'sites' ? point.sitesShare : point.devicesShare,
    })),
  }));
}
