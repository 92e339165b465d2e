import { buyPhones, chooseMaker } from './fleet.ts';
import type { Market } from './market.ts';
import { upgraded } from './platforms.ts';
import type { Random } from './random.ts';
import { buyServer } from './server-hardware.ts';
import type { Item, Site } from './site.ts';

type Change = (site: Site, market: Market, random: Random) => void;

/** What happens to what a site has, and how often. */
const CHANGES: readonly (readonly [Change, number])[] = [
  [addPhones, 40],
  [removeDevices, 25],
  [removeAllOfOneKind, 10],
  [replacePhones, 20],
  [replaceServer, 5],
];

export const change: Change = (site, market, random) => {
  const [apply] = random.weighted(CHANGES, ([, weight]) => weight);
  apply(site, market, random);
};

const MOVES = 0.4;
const UPGRADES = 0.03;
const NEW_SUPPLIER = 0.05;

/** Between two months: what nobody saw happen. */
export const passMonth: Change = (site, market, random) => {
  if (random.chance(NEW_SUPPLIER)) site.maker = chooseMaker(market, random);
  if (random.chance(UPGRADES)) site.platform = upgraded(site.platform);
  if (random.chance(MOVES)) change(site, market, random);
};

const isEndpoint = ({ raw }: Item) => raw.kind === 'user-agent';

function addPhones(site: Site, market: Market, random: Random): void {
  const phones = site.items.filter(isEndpoint).reduce((sum, { count }) => sum + count, 0);
  if (phones > 8_000) return;
  site.items.push(...buyPhones(random.int(1, Math.max(2, Math.round(phones * 0.1))), site.maker, market, random));
}

function removeDevices(site: Site, _market: Market, random: Random): void {
  const endpoints = site.items.filter(isEndpoint);
  if (endpoints.length === 0) return;
  const from = random.pick(endpoints);
  from.count -= random.int(1, from.count);
  site.items = site.items.filter(({ count }) => count > 0);
}

/** Every phone goes, as many of another maker's come. */
export const changeMaker: Change = (site, market, random) => {
  const phones = site.items.filter((each) => isEndpoint(each) && each.raw.category === 'phone');
  const count = phones.reduce((sum, each) => sum + each.count, 0);
  const makers = market.makers.filter(({ name }) => name !== site.maker.name);
  site.maker = chooseMaker({ ...market, makers }, random);
  site.items = [
    ...site.items.filter((each) => !phones.includes(each)),
    ...buyPhones(count, site.maker, market, random),
  ];
};

/** A line of the report goes to 0. */
function removeAllOfOneKind(site: Site, _market: Market, random: Random): void {
  const endpoints = site.items.filter(isEndpoint);
  if (endpoints.length > 0) discard(site, random.pick(endpoints).raw.make);
}

function discard(site: Site, make: string): number {
  const discarded = site.items.filter(({ raw }) => raw.make === make);
  site.items = site.items.filter(({ raw }) => raw.make !== make);
  return discarded.reduce((sum, { count }) => sum + count, 0);
}

/** Old phones go, as many of today's market come. */
function replacePhones(site: Site, market: Market, random: Random): void {
  const phones = site.items.filter((each) => isEndpoint(each) && each.raw.category === 'phone');
  if (phones.length === 0) return;
  const old = discard(site, random.pick(phones).raw.make);
  site.items.push(...buyPhones(old, site.maker, market, random));
}

function replaceServer(site: Site, _market: Market, random: Random): void {
  site.items = [...buyServer(random), ...site.items.filter(isEndpoint)];
}
