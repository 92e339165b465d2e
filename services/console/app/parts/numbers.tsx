import type { Change, Names, Row, RowPoint } from '../lib/answers.ts';
import { monthYear, signed } from '../lib/format.ts';
import { nameOf, pageOf } from '../lib/links.ts';
import { PageLink } from './page-link.tsx';
import { Spark } from './spark.tsx';

/** A direction by shape, sign and colour: neither is good or bad. */
export function Arrow({ up }: { up: boolean }) {
  return (
    <svg class="arrow" width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
      <path d={up ? 'M4 1 7.4 7H.6Z' : 'M4 7 .6 1h6.8Z'} />
    </svg>
  );
}

/** A difference. Grey where it is within chance. */
export function Delta({
  value,
  faint = false,
  digits = 1,
  unit = '',
}: {
  value: number;
  faint?: boolean;
  digits?: number;
  unit?: string;
}) {
  const text = signed(value, digits);
  const flat = !/^[+\u2212]/.test(text);
  if (flat)
    return (
      <span class="chg flat">
        {text}
        {unit}
      </span>
    );
  return (
    <span class={`chg ${value > 0 ? 'up' : 'down'} ${faint ? 'faint' : ''}`}>
      <Arrow up={value > 0} />
      {text}
      {unit}
    </span>
  );
}

/** The change of a row's share, a fraction, in percentage points; a dash where none is shown. */
export function Points({ change, by = 'sites' }: { change: Change; by?: 'sites' | 'devices' }) {
  const value = by === 'sites' ? change?.sitesShare : change?.devicesShare;
  if (value === null || value === undefined) return <span class="chg none">–</span>;
  const faint = by === 'devices' || !change?.clear;
  return (
    <span title={change?.few ? 'few sites: under 30 in one of the two months' : faint ? 'within chance' : 'clear'}>
      <Delta value={value * 100} faint={faint} />
      <span class="vh">{change?.few ? ', few sites' : faint ? ', within chance' : ', clear'}</span>
    </span>
  );
}

/** What changed of a row since the month that is compared with; one that was not shown then is called new. */
export function Since({
  row: { before, change },
  compare,
  by = 'sites',
}: {
  row: Pick<Row, 'before' | 'change'>;
  compare: string | null | undefined;
  by?: 'sites' | 'devices';
}) {
  if (before !== null || !compare) return <Points change={change} by={by} />;
  return (
    <span class="chg fresh" title={`Not shown in ${monthYear(compare)}: too few sites then, or none`}>
      new
    </span>
  );
}

/** `part` is 0 to 1 of the longest bar. Pale: the change beside it rests on few sites. */
export function Bar({ part, pale = false }: { part: number; pale?: boolean }) {
  return (
    <svg class={`bar ${pale ? 'pale' : ''}`} width="100%" height="8" aria-hidden="true">
      <rect class="t" width="100%" height="8" rx="2" />
      <rect class="v" width={`${(Math.max(0, Math.min(1, part)) * 100).toFixed(2)}%`} height="8" rx="2" />
    </svg>
  );
}

/** A bar with the two ends of its margin marked. All are parts of the same longest. */
export function MarginBar({ value, margin, most }: { value: number; margin: number; most: number }) {
  const at = (n: number) => `${(Math.max(0, Math.min(1, n / most)) * 100).toFixed(2)}%`;
  const [low, high] = [Math.max(0, value - margin), Math.min(most, value + margin)];
  return (
    <svg class="dbt" width="100%" height="16" aria-hidden="true">
      <rect class="t" y="4" width="100%" height="8" rx="2" />
      <rect class="v" y="4" width={at(value)} height="8" rx="2" />
      <rect class="m" x={at(low)} y="4" width={at(high - low)} height="8" />
      <line x1={at(low)} x2={at(low)} y1="1" y2="15" />
      <line x1={at(high)} x2={at(high)} y1="1" y2="15" />
    </svg>
  );
}

/** What was gained to the right, what was lost to the left of the middle. */
export function Diverging({ value, most, faint }: { value: number; most: number; faint: boolean }) {
  const width = most === 0 ? 0 : (Math.min(1, Math.abs(value) / most) * 50).toFixed(2);
  const x = value < 0 ? 50 - Number(width) : 50;
  return (
    <svg class="dv" width="100%" height="12" aria-hidden="true">
      <rect
        class={`${value < 0 ? 'd' : 'u'} ${faint ? 'f' : ''}`}
        x={`${x}%`}
        y="2"
        width={`${width}%`}
        height="8"
        rx="1.5"
      />
      <line x1="50%" x2="50%" y1="0" y2="12" />
    </svg>
  );
}

export function Trend({
  points,
  by = 'sitesShare',
}: {
  points: readonly RowPoint[];
  by?: 'sitesShare' | 'devicesShare' | 'sites' | 'devices';
}) {
  return <Spark points={points.map((point) => ({ provisional: point.provisional, value: point[by] }))} />;
}

/** A name that leads to its page where it has one. */
export function Name({
  names,
  keep,
  short = false,
}: {
  names: Names;
  keep?: { period?: string | undefined; compare?: string | undefined };
  short?: boolean;
}) {
  const { small, main } = nameOf(names);
  const to = pageOf(names, keep);
  const inside = (
    <>
      {small !== '' && !short && <small>{small}</small>}
      {main}
    </>
  );
  return to === undefined ? <span class="unnamed">{inside}</span> : <PageLink href={to}>{inside}</PageLink>;
}
