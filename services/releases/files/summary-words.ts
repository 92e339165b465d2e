import type { Period } from '../../../schemas/period.ts';
import type { QueryName } from '../../../schemas/release.ts';
import type { Trend } from '../../../schemas/release-file.ts';

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

/** `November 2026`. */
export function monthText(period: Period): string {
  return `${MONTHS[Number(period.slice(5)) - 1]} ${period.slice(0, 4)}`;
}

/** `12,350`, whatever the machine's language. */
export function numberText(value: number): string {
  return String(value).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}

/** A margin as a whole number, rounded up. */
export function marginText(margin: number): string {
  return `± ${numberText(Math.ceil(margin))}`;
}

/** A change against the month before, and whether it means anything. */
export function changeText(trend: Trend, before: number | null): string {
  const from = before === null ? '' : ` from ${numberText(before)}`;
  if (trend === 'new') return 'not published the month before';
  if (trend === 'not-significant') return `no significant change${from}`;
  return trend === null ? '' : `${trend}${from}`;
}

/** Before a number that moved. */
export function trendMark(trend: Trend): string {
  return trend === 'up' ? '\u2191 ' : trend === 'down' ? '\u2193 ' : '';
}

/** `counting at most 32 on a site (of its other models 16, 8, 4, 2, 2)`. */
export function capsText([first, ...others]: readonly number[]): string {
  return `counting at most ${first} on a site${others.length === 0 ? '' : ` (of its other models ${others.join(', ')})`}`;
}

const PLURALS: Readonly<Record<QueryName, string>> = {
  all: 'all sites',
  at_cap: 'sites at the cap',
  platform: 'platforms',
  platform_vendor: 'makers by platform',
  phone_vendor: 'phone makers',
  phone_model: 'phone models',
  endpoint_model: 'other endpoints',
  pci_model: 'telephony cards',
  nic_model: 'network cards',
  cpu: 'processors',
  memory: 'memory sizes',
  board: 'motherboards',
};

export function queryText(query: QueryName): string {
  return PLURALS[query];
}
