interface Value {
  readonly provisional: boolean;
  readonly value: number | null;
}

/** Where a month and a value are drawn, to a hundredth of a pixel. */
interface Scales {
  x(place: number): number;
  y(value: number): number;
}

/** The span is at least a third of the highest value, so that small moves look small. Open months are dotted; a gap is a gap. */
export function Spark({
  points,
  width = 88,
  height = 24,
}: {
  points: readonly Value[];
  width?: number;
  height?: number;
}) {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return <span class="muted">–</span>;
  const scales = scalesOf(values, points.length, width, height);
  const firstOpen = points.findIndex(({ provisional }) => provisional);
  const end = firstOpen < 0 ? points.length : firstOpen;
  const lastClosed = points.findLastIndex(({ value }, i) => i < end && value !== null);
  // What was seen in one open month alone has no line to be seen by.
  const alone = lastClosed < 0 && values.length === 1;
  const last = alone ? points.findLastIndex(({ value }) => value !== null) : lastClosed;
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={lineOf(points, 0, end, scales)} />
      {firstOpen >= 0 && <path class="open" d={lineOf(points, end - 1, points.length, scales)} />}
      {last >= 0 && <circle cx={scales.x(last)} cy={scales.y(points[last]?.value ?? 0)} r="2.4" />}
    </svg>
  );
}

function scalesOf(values: readonly number[], months: number, width: number, height: number): Scales {
  const [high, low] = [Math.max(...values), Math.min(...values)];
  const middle = (high + low) / 2;
  const span = Math.max(high - Math.min(low, (high * 2) / 3), high / 3, 1e-9);
  return {
    x: (place) => hundredths(2 + (place * (width - 6)) / Math.max(1, months - 1)),
    y: (value) => hundredths(height / 2 - ((value - middle) / span) * (height - 8)),
  };
}

const hundredths = (n: number): number => Math.round(n * 100) / 100;

/** Through the points from one place up to another; a table has a hundred of these, so no chart's scales are made for each. */
function lineOf(points: readonly Value[], from: number, to: number, { x, y }: Scales): string {
  let path = '';
  let drawing = false;
  for (let i = Math.max(0, from); i < to; i++) {
    const value = points[i]?.value ?? null;
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(i)},${y(value)}`;
    drawing = value !== null;
  }
  return path;
}
