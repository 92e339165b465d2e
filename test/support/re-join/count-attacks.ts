import type { StoredFact } from './at-rest.ts';
import { type Attack, allPairs, amongFacts, nearest } from './attacks.ts';
import { each } from './marks.ts';
import { membersAt, membersOf } from './members.ts';

/** A vendor fact with the fewest models of that vendor whose counts add up to its own. */
export const sums: Attack = (facts) => {
  const models = membersOf(facts, (f) => (f.view === 'model' ? `${f.category}|${f.vendor}` : null));
  return facts.flatMap((fact, i) => {
    if (fact.view !== 'vendor' || fact.category !== 'phone' || fact.count === 0) return [];
    const found = modelsOfSum(facts, models.get(`phone|${fact.vendor}`) ?? [], i);
    return found ? [[i, ...found]] : [];
  });
};

/** Only where no single model has the vendor's number: two or three must be found together. */
export const sumsOfSeveral: Attack = (facts) => sums(facts).filter((set) => set.length > 2);

/** One to three different models that add up to the vendor's number; any one of several models that equal it. */
function modelsOfSum(facts: readonly StoredFact[], models: readonly number[], vendor: number): number[] | null {
  const sum = facts[vendor]!.count;
  const counted = models.filter((i) => facts[i]!.count > 0 && facts[i]!.count <= sum);
  const differ = (...of: number[]): boolean => new Set(of.map((i) => facts[i]!.cell)).size === of.length;
  const byCount = membersAt(counted, (i) => facts[i]!.count);
  const single = byCount.get(sum);
  if (single) return [anyOf(single, vendor)];
  for (const a of counted) for (const b of byCount.get(sum - facts[a]!.count) ?? []) if (differ(a, b)) return [a, b];
  for (const [n, a] of counted.entries())
    for (const b of counted.slice(n + 1))
      for (const c of byCount.get(sum - facts[a]!.count - facts[b]!.count) ?? []) if (differ(a, b, c)) return [a, b, c];
  return null;
}

/** A vendor under a platform with one of the same vendor's facts that carry the same number. */
export const equalPresence: Attack = (facts) => {
  const key = (f: StoredFact): string => `${f.vendor}|${f.count}`;
  const vendors = membersOf(facts, (f) => (f.view === 'vendor' && f.category === 'phone' ? key(f) : null));
  return facts.flatMap((fact, i) => {
    const same = fact.view === 'platform_vendor' ? vendors.get(key(fact)) : undefined;
    return same ? [[i, anyOf(same, i)]] : [];
  });
};

const presentModel = (fact: StoredFact): boolean => fact.view === 'model' && fact.count > 0;

/** Every model fact of at least `least` devices with the one of another cell whose number is nearest, by ratio. */
export const nearestCounts = (least: number): Attack =>
  amongFacts((f) => presentModel(f) && f.count >= least, nearest(each((f) => Math.log(f.count))));

/** Model facts of one vendor that stand in a simple proportion (1:2, 1:3, ...). */
export const simpleRatio: Attack = (facts) => {
  const models = membersOf(facts, (f) => (presentModel(f) && f.count >= 10 ? `${f.category}|${f.vendor}` : null));
  return [...models.values()].flatMap((members) =>
    members.flatMap((i) => {
      const partner = members.find(
        (j) =>
          facts[j]!.cell !== facts[i]!.cell &&
          facts[j]!.count > facts[i]!.count &&
          facts[j]!.count % facts[i]!.count === 0,
      );
      return partner === undefined ? [] : [[i, partner]];
    }),
  );
};

/** Facts taken back: whoever withdraws takes back all of its facts. */
export const takenBack: Attack = amongFacts((fact) => fact.count === 0 && fact.view !== 'model', allPairs);

/** The vendor fact that only one site has, with that vendor's models and platform: no value is looked at. */
export const rareNames: Attack = (facts) => {
  const vendorOf = (f: StoredFact): string | null =>
    f.view === 'platform_vendor' ? `phone|${f.vendor}` : f.vendor === '' ? null : `${f.category}|${f.vendor}`;
  return [...membersOf(facts, vendorOf).values()].flatMap((members) => {
    const [only, another] = members.filter((i) => facts[i]!.view === 'vendor');
    return only === undefined || another !== undefined ? [] : members.filter((i) => i !== only).map((i) => [only, i]);
  });
};

/** One of several that look alike: a different one for each fact, or every guess would name the same. */
const anyOf = (alike: readonly number[], fact: number): number => alike[(fact * 7_919) % alike.length]!;
