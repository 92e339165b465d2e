import { useMemo, useRef, useState } from 'preact/hooks';
import { Chart } from './chart.tsx';
import type { Kind, Month, Series } from './model.ts';
import { ReadOut } from './read-out.tsx';

/** A chart with the row that says its numbers; one series alone when the address says so. */
export function ChartWithReadOut({
  kind,
  months,
  series,
  of,
  name,
  unit,
  height,
  only,
  isolate,
  remove,
  svgRef,
  threshold,
}: {
  kind: Kind;
  months: readonly Month[];
  series: readonly Series[];
  of: 'share' | 'value';
  name: string;
  unit: string;
  height?: number;
  only?: string | undefined;
  isolate?: ((key: string | undefined) => void) | undefined;
  remove?: ((key: string) => void) | undefined;
  svgRef?: preact.RefObject<SVGSVGElement>;
  threshold?: number;
}) {
  const [cursor, move] = useState<number | null>(null);
  const own = useRef<SVGSVGElement>(null);
  const shown = useMemo(
    () =>
      only !== undefined && series.some(({ key }) => key === only) ? series.filter(({ key }) => key === only) : series,
    [series, only],
  );
  const lastFinal = months.findLastIndex(({ provisional }) => !provisional);
  const at = Math.min(cursor ?? (lastFinal < 0 ? months.length - 1 : lastFinal), months.length - 1);
  const toggle = isolate && ((key: string) => isolate(only === key ? undefined : key));
  return (
    <>
      <div class="plot">
        <Chart
          kind={kind}
          months={months}
          series={shown}
          of={of}
          name={name}
          {...(height === undefined ? {} : { height })}
          cursor={cursor === null ? null : at}
          move={move}
          isolate={toggle}
          svgRef={svgRef ?? own}
          threshold={threshold}
        />
      </div>
      <ReadOut
        months={months}
        series={series}
        cursor={at}
        unit={unit}
        only={only}
        isolate={series.length > 1 ? toggle : undefined}
        remove={remove}
      />
    </>
  );
}
