import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { count, monthShort, monthYear, oneDecimal, percent, yearOf } from '../lib/format.ts';
import { type Kind, type Month, pushApart, type Series } from './model.ts';

interface ChartProps {
  readonly kind: Kind;
  readonly months: readonly Month[];
  /** The largest first; Other last. */
  readonly series: readonly Series[];
  /** What lines and layers are drawn of. `percent` layers are always shares. */
  readonly of: 'share' | 'value';
  /** What the chart shows, in a sentence. */
  readonly name: string;
  readonly height?: number;
  /** Where the cursor stands, and what moves it. */
  readonly cursor: number | null;
  readonly move: (index: number | null) => void;
  readonly isolate?: ((key: string) => void) | undefined;
  readonly svgRef: preact.RefObject<SVGSVGElement>;
  /** Fewest sites that are shown: below it nothing is drawn, and that is said. */
  readonly threshold?: number | undefined;
}

/** Below this there is no room for labels at the lines: a legend says them. */
export const NARROW = 560;
const GAP = 17;
const BOTTOM = 34;
const TOP = 10;

/** Drawn at its real width, so that type never scales. One tab stop; arrow keys move the month. */
export function Chart(props: ChartProps) {
  const { months, series, name, cursor, move } = props;
  const around = useRef<HTMLDivElement>(null);
  const width = useWidth(around);
  const at = cursor ?? months.length - 1;
  const month = months[at];
  const said = month ? `${monthYear(month.period)}: ${series.map((one) => sentence(one, at)).join(', ')}` : '';
  const step = (by: number) => move(Math.max(0, Math.min(months.length - 1, at + by)));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -months.length, End: months.length }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(by);
  };
  return (
    <div
      ref={around}
      class="chart-around"
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, months.length - 1)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={said}
      onKeyDown={onKeyDown}
    >
      {width > 0 && months.length > 0 && <Drawing {...props} width={width} />}
    </div>
  );
}

function sentence({ label, points }: Series, at: number): string {
  const point = points[at];
  if (point?.value === null || point?.value === undefined) return `${label} not shown`;
  return `${label} ${percent(point.share)}, ${count(point.value)}`;
}

function useWidth(of: preact.RefObject<HTMLElement>): number {
  const [width, set] = useState(0);
  useEffect(() => {
    if (!of.current) return;
    set(Math.floor(of.current.clientWidth));
    const watch = new ResizeObserver(([entry]) => set(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(of.current);
    return () => watch.disconnect();
  }, [of]);
  return width;
}

/** Wide charts are taller, so that slopes stay slopes. */
const heightAt = (width: number): number => (width < NARROW ? 250 : width < 1150 ? 330 : 440);

type Geometry = ReturnType<typeof geometryOf>;

function geometryOf({ kind, months, series, of, height: wanted }: ChartProps, width: number) {
  const height = wanted ?? heightAt(width);
  const narrow = width < NARROW;
  const right = narrow || series.length === 1 ? 16 : 12 + Math.max(...series.map((one) => labelWidth(one.label)), 40);
  const left = 46;
  const values = series.map(({ points }) =>
    points.map((point) => (kind === 'percent' || of === 'share' ? point.share : point.value)),
  );
  const stacked = kind !== 'lines';
  const sums = months.map((_, i) => values.reduce((sum, one) => sum + (one[i] ?? 0), 0));
  const most =
    kind === 'percent'
      ? 1
      : Math.max(stacked ? Math.max(...sums, 0) : Math.max(...values.flat().map((v) => v ?? 0), 0), 1e-9);
  const y = scaleLinear([0, most], [height - BOTTOM, TOP]);
  if (kind !== 'percent') y.nice(5);
  const x = scaleLinear([0, Math.max(1, months.length - 1)], [left, width - right]);
  return { narrow, left, right, values, stacked, y, x, width, height, bottom: height - BOTTOM };
}

/** Of Inter at 12.5 px, with the share behind it; generous. */
const labelWidth = (label: string): number => Math.min(220, label.length * 7.1 + 66);

function Drawing(props: ChartProps & { width: number }) {
  const { kind, months, series, width, cursor, move, svgRef, isolate } = props;
  const g = geometryOf(props, width);
  const hatch = useId();
  const firstOpen = months.findIndex(({ provisional }) => provisional);
  const hatchFrom = firstOpen < 0 ? undefined : g.x(Math.max(0, firstOpen - 1));
  const onMove = (event: PointerEvent) => {
    const box = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
    const near = Math.round(g.x.invert(event.clientX - box.left));
    move(Math.max(0, Math.min(months.length - 1, near)));
  };
  return (
    <svg
      ref={svgRef}
      class={`chart ${kind}`}
      width={width}
      height={g.height}
      viewBox={`0 0 ${width} ${g.height}`}
      aria-hidden="true"
      onPointerMove={onMove}
      onPointerDown={onMove}
    >
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V5" class={g.stacked ? 'hatch' : 'hatch2'} />
        </pattern>
      </defs>
      {!g.stacked && hatchFrom !== undefined && <Hatch g={g} from={hatchFrom} id={hatch} />}
      <YAxis g={g} percentages={kind === 'percent' || props.of === 'share'} whole={kind === 'percent'} />
      {g.stacked ? (
        <Layers g={g} series={series} />
      ) : (
        <Lines g={g} series={series} firstOpen={firstOpen} cursor={cursor} />
      )}
      {g.stacked && hatchFrom !== undefined && <Hatch g={g} from={hatchFrom} id={hatch} />}
      <XAxis g={g} months={months} />
      {cursor !== null && <line class="cursor" x1={g.x(cursor)} x2={g.x(cursor)} y1={TOP} y2={g.bottom} />}
      {!g.stacked && cursor !== null && <CursorMarks g={g} series={series} cursor={cursor} />}
      {!g.narrow && series.length > 1 && <Labels g={g} series={series} isolate={isolate} at={months.length - 1} />}
    </svg>
  );
}

function Hatch({ g, from, id }: { g: Geometry; from: number; id: string }) {
  return (
    <rect
      class="open-months"
      x={from}
      y={TOP}
      width={Math.max(0, g.width - g.right - from)}
      height={g.bottom - TOP}
      fill={`url(#${id})`}
    />
  );
}

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** `whole`: layers that fill everything, up to all of it. */
function YAxis({ g, percentages, whole }: { g: Geometry; percentages: boolean; whole: boolean }) {
  const ticks = whole ? QUARTERS : g.y.ticks(5);
  const top = ticks.at(-1);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const text = (tick: number) => {
    if (!percentages) return count(tick);
    const scaled = tick * 100;
    return `${step < 0.01 ? oneDecimal(scaled) : Math.round(scaled)}${tick === top ? '\u202f%' : ''}`;
  };
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            class={g.stacked ? 'tick' : 'grid'}
            x1={g.stacked ? g.left - 5 : g.left}
            x2={g.stacked ? g.left : g.width - g.right}
            y1={g.y(tick)}
            y2={g.y(tick)}
          />
          <text class="ax" x={g.left - 9} y={g.y(tick) + 4} text-anchor="end">
            {text(tick)}
          </text>
        </g>
      ))}
    </>
  );
}

function XAxis({ g, months }: { g: Geometry; months: readonly Month[] }) {
  const room = (g.x(1) - g.x(0)) / 34;
  const every = room >= 1 ? 1 : room >= 0.5 ? 2 : room >= 0.33 ? 3 : 6;
  return (
    <>
      {months.map(({ period }, i) => {
        const shown = i % every === 0;
        const year = i === 0 || period.endsWith('-01');
        return (
          shown && (
            <g key={period}>
              <text class="ax" x={g.x(i)} y={g.bottom + 19} text-anchor="middle">
                {monthShort(period)}
              </text>
              {(year || (every > 1 && i > 0 && yearOf(months[i - every]?.period ?? period) !== yearOf(period))) && (
                <text class="ax yr" x={g.x(i)} y={g.bottom + 32} text-anchor="middle">
                  {yearOf(period)}
                </text>
              )}
            </g>
          )
        );
      })}
    </>
  );
}

/** The lower and upper edge of every layer in every month; undefined where it is not shown. */
function stackOf(values: readonly (readonly (number | null)[])[]): (readonly [number, number] | undefined)[][] {
  const base: number[] = [];
  return values.map((row) =>
    row.map((value, i) => {
      const from = base[i] ?? 0;
      base[i] = from + (value ?? 0);
      return value === null ? undefined : ([from, base[i] ?? 0] as const);
    }),
  );
}

function Layers({ g, series }: { g: Geometry; series: readonly Series[] }) {
  const drawn = area<readonly [number, number] | undefined>()
    .defined((edges) => edges !== undefined)
    .x((_, i) => g.x(i))
    .y0((edges) => g.y(edges?.[0] ?? 0))
    .y1((edges) => g.y(edges?.[1] ?? 0));
  return (
    <>
      {stackOf(g.values).map((edges, i) => (
        <path key={series[i]?.key} class={`a ${series[i]?.slot}`} d={drawn(edges) ?? ''} data-series={series[i]?.key} />
      ))}
    </>
  );
}

/** A line ends where its number is held back; hollow marks stand at the bottom of those months. */
function Lines({
  g,
  series,
  firstOpen,
  cursor,
}: {
  g: Geometry;
  series: readonly Series[];
  firstOpen: number;
  cursor: number | null;
}) {
  const drawn = line<number | null>()
    .defined((value) => value !== null)
    .x((_, i) => g.x(i))
    .y((value) => g.y(value ?? 0));
  return (
    <>
      {series.map(({ key, slot }, at) => {
        const values = g.values[at] ?? [];
        const end = firstOpen < 0 ? values.length : firstOpen;
        const closed = values.map((value, i) => (i < end ? value : null));
        const open = values.map((value, i) => (i >= end - 1 ? value : null));
        const last = closed.findLastIndex((value) => value !== null);
        return (
          <g key={key} data-series={key}>
            {firstOpen >= 0 && <path class={`l open ${slot}`} d={drawn(open) ?? ''} />}
            <path class={`l ${slot}`} d={drawn(closed) ?? ''} />
            {last >= 0 && cursor === null && <circle class={slot} cx={g.x(last)} cy={g.y(closed[last] ?? 0)} r="3" />}
            {values.map(
              (value, i) => value === null && <circle key={g.x(i)} class="ns" cx={g.x(i)} cy={g.bottom - 7} r="3" />,
            )}
          </g>
        );
      })}
    </>
  );
}

function CursorMarks({ g, series, cursor }: { g: Geometry; series: readonly Series[]; cursor: number }) {
  return (
    <>
      {series.map(({ key, slot }, at) => {
        const value = g.values[at]?.[cursor] ?? null;
        return value !== null && <circle key={key} class={`${slot} hov`} cx={g.x(cursor)} cy={g.y(value)} r="4" />;
      })}
    </>
  );
}

/** At the right end, in the order of the layers, pushed apart. Clicking one isolates it. */
function Labels({
  g,
  series,
  isolate,
  at,
}: {
  g: Geometry;
  series: readonly Series[];
  isolate: ChartProps['isolate'];
  at: number;
}) {
  const stack = g.stacked ? stackOf(g.values) : undefined;
  const placed = series.flatMap((one, i) => {
    const last = g.values[i]?.findLastIndex((value) => value !== null) ?? -1;
    if (last < 0 || (stack && !stack[i]?.[at])) return [];
    const edges = stack?.[i]?.[at];
    const y = edges ? (g.y(edges[0]) + g.y(edges[1])) / 2 : g.y(g.values[i]?.[last] ?? 0);
    return [{ one, y, x: g.x(stack ? at : last), value: one.points[stack ? at : last] }];
  });
  const ys = pushApart(
    placed.map(({ y }) => y),
    GAP,
    TOP + 4,
    g.bottom - 2,
  );
  const x = g.width - g.right + 17;
  return (
    <>
      {placed.map(({ one, y, x: from, value }, i) => (
        <g key={one.key} class={isolate ? 'label' : ''} onClick={() => isolate?.(one.key)}>
          <path
            class={`lead ${one.slot}`}
            d={`M${Math.max(from, g.width - g.right) + 3} ${y.toFixed(1)}L${x - 4} ${(ys[i] ?? y).toFixed(1)}`}
          />
          <text class="lab" x={x} y={(ys[i] ?? y) + 4}>
            {short(one.label)}{' '}
            <tspan class="num">
              {value?.share === null || value === undefined ? count(value?.value) : percent(value.share)}
            </tspan>
          </text>
        </g>
      ))}
    </>
  );
}

const short = (label: string): string => (label.length > 21 ? `${label.slice(0, 20)}…` : label);
