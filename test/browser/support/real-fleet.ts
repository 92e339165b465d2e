import type { Period } from '../../../schemas/period.ts';
import { addMonths, periodAt } from '../../../services/core/period.ts';
import { systemClock } from '../../../services/shared/clock.ts';
import type { SaidBySite, SaidModel } from '../../support/site-oracle.ts';

/** By the real clock, which the store's own housekeeping goes by: of a day long ago no session would last. */
export const NOW = systemClock.now();
const FINAL_MONTHS = 13;
/** The month that is filling, and before it a year of final months and one more. */
export const OPEN = periodAt(NOW);
export const FINAL: readonly Period[] = Array.from({ length: FINAL_MONTHS }, (_, i) =>
  addMonths(OPEN, i - FINAL_MONTHS),
);
/** The newest that is final, and those before it. */
export const [LAST, SECOND_LAST, THIRD_LAST] = FINAL.slice(-3).reverse() as [Period, Period, Period];
export const EARLIER = FINAL[FINAL_MONTHS - 5] as Period;

/** So many sites are there in month `m`, and the first of them report while the last is filling. */
const sitesIn = (m: number): number => (m < FINAL_MONTHS ? 96 + 4 * m : 40);

/** Whether a site has something that `from` of ten sites have in the first month and `to` of ten in the last. */
function has(site: number, m: number, from: number, to: number, shift = 0): boolean {
  const tenths = from + ((to - from) * Math.min(m, FINAL_MONTHS - 1)) / (FINAL_MONTHS - 1);
  return ((site + shift) * 7) % 10 < tenths;
}

const device = (category: SaidModel['category'], vendor: string, model: string, count: number): SaidModel => ({
  ...{ category, vendor, model, count },
});

/** T54W takes the place of T46S, Poly stays, a Snom is held back at first and again, a Fanvil is new, a name is unknown. */
function devicesOf(site: number, m: number): SaidModel[] {
  const some = 1 + (site % 5);
  const all: [boolean, SaidModel][] = [
    [has(site, m, 7, 3), device('phone', 'Yealink', 'SIP-T46S', 2 * some)],
    [has(site, m, 1, 6, 1), device('phone', 'Yealink', 'SIP-T54W', some + 1)],
    [has(site, m, 4, 4, 2), device('phone', 'Poly', 'VVX 450', some)],
    [has(site, m, 2, 2, 3), device('phone', 'Polycom', 'VVX 411', some)],
    [site % 10 === 9 && m > 3 && m < 11, device('phone', 'Snom', 'D785', 3)],
    [has(site, m, -4, 3, 4), device('phone', 'Fanvil', 'X5U', 1)],
    [has(site, m, 5, 5, 5), device('nic', 'Intel', 'I210', 1)],
    [true, device('memory', '', '8 GiB', 1)],
    [m >= FINAL_MONTHS - 1 && site % 2 === 0, { ...device('phone', 'Yealink', 'Desk Set T99', 4), view: 'unlisted' }],
    [m >= FINAL_MONTHS && site % 3 !== 2, { ...device('phone', 'Yealink', 'Desk Set T98', 2), view: 'unlisted' }],
  ];
  return all.filter(([there]) => there).map(([, one]) => one);
}

function platformOf(site: number, m: number): string {
  if (site % 10 === 9) return 'Asterisk 21';
  return has(site, m, 2, 6, 6) ? 'FreePBX 17' : 'FreePBX 16';
}

export function saidIn(period: Period): SaidBySite[] {
  const m = [...FINAL, OPEN].indexOf(period);
  return Array.from({ length: sitesIn(m) }, (_, site) => ({
    ...{ site, sequence: 1, withdraw: false },
    platform: platformOf(site, m),
    models: devicesOf(site, m),
  }));
}
