/** Numbers, shares and dates as the console writes them. A dash stands for what is not there, never a zero. */

const THIN = '\u202f';
const MINUS = '\u2212';
const DASH = '\u2013';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function count(n: number | null | undefined): string {
  return n === null || n === undefined ? DASH : whole.format(n);
}

/** `share` is 0 to 1. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? DASH : `${tenth.format(share * 100)}${THIN}%`;
}

export function oneDecimal(n: number | null | undefined): string {
  return n === null || n === undefined || !Number.isFinite(n) ? DASH : tenth.format(n);
}

/** A difference with its sign: a true minus, and no sign at what rounds to zero. */
export function signed(n: number, digits = 1): string {
  const format = digits === 0 ? whole : tenth;
  const text = format.format(Math.abs(n));
  if (Number(text.replaceAll(',', '')) === 0) return text;
  return `${n < 0 ? MINUS : '+'}${text}`;
}

export function margin(n: number | null | undefined): string {
  return n === null || n === undefined ? '' : `±${THIN}${whole.format(Math.round(n))}`;
}

/** Three significant digits, as an epsilon is written: rounded up, for a bound does not shrink by being written down. */
export function significant(n: number | null | undefined): string {
  if (n === null || n === undefined) return 'unbounded';
  if (n < 0.001) return n.toExponential(1).replace('-', MINUS);
  const unit = 10 ** (Math.floor(Math.log10(n)) - 2);
  return Number((Math.ceil(n / unit - 1e-9) * unit).toPrecision(3)).toString();
}

export function ordinal(n: number): string {
  const tens = n % 100;
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${whole.format(n)}${ending}`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${n === 1 ? one : many}`;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function parts(period: string): { year: number; month: number } {
  return { year: Number(period.slice(0, 4)), month: Number(period.slice(5, 7)) };
}

/** `October 2026` */
export function monthYear(period: string): string {
  const { year, month } = parts(period);
  return `${MONTHS[month - 1]} ${year}`;
}
/** A month or a day of it: `2019-07`, `2019-07-31`. */
export function monthOrDay(date: string): string {
  const day = date.slice(8);
  return `${day === '' ? '' : `${Number(day)} `}${monthYear(date)}`;
}

/** `October` */
export function monthName(period: string): string {
  return MONTHS[parts(period).month - 1] ?? period;
}
/** `Oct` */
export function monthShort(period: string): string {
  return monthName(period).slice(0, 3);
}
/** `Oct 2026` */
export function monthShortYear(period: string): string {
  return `${monthShort(period)} ${parts(period).year}`;
}
export function yearOf(period: string): string {
  return period.slice(0, 4);
}

export function addMonths(period: string, months: number): string {
  const { year, month } = parts(period);
  const at = year * 12 + (month - 1) + months;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}

/** `3 December` in UTC, with the year when it is not the one given. */
export function day(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}
export function dayYear(iso: string): string {
  return `${day(iso)} ${new Date(iso).getUTCFullYear()}`;
}
/** `3 December, 23:00 UTC` */
export function dayTime(iso: string): string {
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${day(iso)}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}

export function bytes(n: number): string {
  return `${whole.format(n)} bytes`;
}

/** `23 minutes` */
export function age(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return plural(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? plural(hours, 'hour') : plural(Math.round(hours / 24), 'day');
}

/** `A, B and C` */
export function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
