import type { Market } from './market.ts';
import { ENDPOINT_KINDS, type EndpointKind, NOT_FOR_COUNTING, ODD_DEVICES, ODD_WORDS } from './other-endpoints.ts';
import type { PhoneMaker } from './phone-makers.ts';
import { PLATFORMS } from './platforms.ts';
import type { Random } from './random.ts';
import { buyServer } from './server-hardware.ts';
import { type Item, item, type Site } from './site.ts';
import { fillPattern } from './user-agent.ts';

/** Phones of a site: half have fewer than the median, one in a thousand several hundred times as many as the smallest. */
const MEDIAN_PHONES = 12;
const PHONES_SIGMA = 1.4;
/** Far under the 10,000 that one line may say, even after a month of purchases. */
const MOST_PHONES = 8_000;

const OLD_AGENTS = 0.04;
const ODD_SITES = 0.22;
const OWN_ODDITY = 0.25;
const UNCOUNTED_SITES = 0.1;
/** So many User-Agents tell the devices of one model apart (firmware, address); the rest of a batch says the same. */
const BATCHES = 3;

/** A site as it is when it begins to report in the market's month. */
export function foundSite(id: number, market: Market, random: Random): Site {
  const maker = chooseMaker(market, random);
  const { name, version } = random.weighted(PLATFORMS, ({ weight }) => weight);
  const phones = Math.min(MOST_PHONES, Math.max(1, Math.round(random.logNormal(MEDIAN_PHONES, PHONES_SIGMA))));
  return {
    id,
    platform: { name, version },
    maker,
    items: [...buyServer(random), ...furnish(phones, maker, market, random)],
    oldAgent: random.chance(OLD_AGENTS),
    gone: false,
  };
}

/** The market of the month: the trend moves shares by a few percent each month. */
export function chooseMaker({ month, makers }: Market, random: Random): PhoneMaker {
  return random.weighted(makers, ({ share, trend }) => share * Math.exp(trend * month));
}

function furnish(phones: number, maker: PhoneMaker, market: Market, random: Random): Item[] {
  const others = random.chance(0.55) ? [] : random.split(Math.floor(phones * 0.4 * random.unit()), random.int(1, 3));
  const most = phones - others.reduce((sum, count) => sum + count, 0);
  return [
    ...buyPhones(most, maker, market, random),
    ...others.flatMap((count) => buyPhones(count, chooseMaker(market, random), market, random)),
    ...ENDPOINT_KINDS.filter(({ share }) => random.chance(share)).flatMap((kind) => buyEndpoints(kind, phones, random)),
    ...(random.chance(ODD_SITES) ? [oddDevice(random)] : []),
    ...(random.chance(UNCOUNTED_SITES) ? [userAgent(random.pick(NOT_FOR_COUNTING), '001565', 1, random)] : []),
  ];
}

/** Large orders are of several models; a model comes in a few batches. */
export function buyPhones(count: number, maker: PhoneMaker, { month }: Market, random: Random): Item[] {
  const offered = maker.models.filter(([, , , , since = 0]) => since <= month);
  const kinds = Math.min(random.int(1, 2) + Math.floor(Math.log10(count + 1)), offered.length);
  return random.split(count, kinds).flatMap((ordered) => {
    const [name, firmware] = random.weighted(offered, ([, , weight, trend]) => weight * Math.exp(trend * month));
    const shape = random.pick(maker.shapes).replace('{model}', name).replace('{fw}', firmware);
    return random.split(ordered, BATCHES).map((batch) => userAgent(shape, maker.oui, batch, random));
  });
}

function buyEndpoints(kind: EndpointKind, phones: number, random: Random): Item[] {
  const most = Math.max(1, Math.min(kind.most, Math.round(phones * (kind.perPhone ?? 0.1))));
  return random.split(random.int(1, most), kind.perPhone === undefined ? 2 : 4).map((count) => {
    const [pattern] = random.weighted(kind.patterns, ([, weight]) => weight);
    const bought = userAgent(pattern, kind.oui, count, random);
    return item({ ...bought.raw, category: kind.category }, count);
  });
}

function oddDevice(random: Random): Item {
  const [common] = random.weighted(ODD_DEVICES, ([, weight]) => weight);
  const own = `${ODD_WORDS.map((words) => random.pick(words)).join(' ')} {10-99}`;
  return userAgent(random.chance(OWN_ODDITY) ? own : common, '', random.int(1, 4), random);
}

function userAgent(pattern: string, oui: string, count: number, random: Random): Item {
  const text = fillPattern(pattern, oui, random);
  return item({ kind: 'user-agent', text, category: 'phone', make: pattern }, count);
}
