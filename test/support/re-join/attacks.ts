import type { StoredFact } from './at-rest.ts';

/** Sets of facts (by their index) that the attacker takes to be of one site; mostly pairs. */
export type Guesses = readonly (readonly number[])[];
export type Attack = (facts: readonly StoredFact[]) => Guesses;

const TWO_32 = 2 ** 32;

// ---- Marks: a number for each fact; facts with near marks are guessed to be of one site.

type Mark = (facts: readonly StoredFact[]) => Float64Array;

const each =
  (of: (fact: StoredFact, index: number) => number): Mark =>
  (facts) =>
    Float64Array.from(facts, of);

const xor = (a: number, b: number): number =>
  (Math.floor(a / TWO_32) ^ Math.floor(b / TWO_32)) * TWO_32 + ((a ^ b) >>> 0);
const bitsSet = (n: number): number => ones(Math.floor(n / TWO_32)) + ones(n >>> 0);
function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
function reversed(n: number): number {
  let out = 0;
  for (let i = 0; i < 53; i++) out = out * 2 + (Math.floor(n / 2 ** i) % 2);
  return out;
}

/** Position of a fact among those of its cell by `of`, from 0 to 1. */
const rank =
  (of: (fact: StoredFact, index: number) => number): Mark =>
  (facts) => {
    const marks = new Float64Array(facts.length);
    for (const members of membersOf(facts, (fact) => fact.cell).values()) {
      members.sort((a, b) => of(facts[a]!, a) - of(facts[b]!, b));
      for (const [r, i] of members.entries()) marks[i] = (r + 0.5) / members.length;
    }
    return marks;
  };

export const MARKS: Readonly<Record<string, Mark>> = {
  version: each((f) => f.version),
  'version, low 8 bits': each((f) => f.version % 2 ** 8),
  'version, low 16 bits': each((f) => f.version % 2 ** 16),
  'version, low 24 bits': each((f) => f.version % 2 ** 24),
  'version, low 32 bits': each((f) => f.version % TWO_32),
  'version, high 16 bits': each((f) => Math.floor(f.version / TWO_32)),
  'version, bits reversed': each((f) => reversed(f.version)),
  'version, bits set': each((f) => bitsSet(f.version)),
  'version mod 1,000,003': each((f) => f.version % 1_000_003),
  'version mod 997': each((f) => f.version % 997),
  key: each((f) => f.key),
  'key, low 5 bits': each((f) => f.key % 32),
  'key, low 16 bits': each((f) => f.key % 2 ** 16),
  'key, low 32 bits': each((f) => f.key % TWO_32),
  'key, bits reversed': each((f) => reversed(f.key)),
  'key, bits set': each((f) => bitsSet(f.key)),
  'key mod 997': each((f) => f.key % 997),
  'version XOR key': each((f) => xor(f.version, f.key)),
  'version XOR key / 32': each((f) => xor(f.version, Math.floor(f.key / 32))),
  'version XOR key, low 16 bits': each((f) => xor(f.version, f.key) % 2 ** 16),
  'version + key': each((f) => f.version + Math.floor(f.key / 2)),
  'version - key': each((f) => f.key - f.version),
  'version / key': each((f) => f.version / (f.key + 1)),
  'place in the table': each((_, i) => i),
  'place in the part mod 64': each((f) => f.partOffset % 64),
  // The table is sorted by key within a cell, so this is the rank of the key as well.
  'place in the cell': rank((_, i) => i),
  'rank of version in the cell': rank((f) => f.version),
};

// ---- Ways to turn marks into guesses.

/** Every fact with the fact of another cell whose mark is nearest. */
export function nearest(mark: Mark): Attack {
  return (facts) => {
    const marks = mark(facts);
    const order = Uint32Array.from(facts.keys()).sort((a, b) => marks[a]! - marks[b]! || a - b);
    const partner = (at: number, step: 1 | -1): number => {
      const cell = facts[order[at]!]!.cell;
      for (let to = at + step; to >= 0 && to < order.length; to += step)
        if (facts[order[to]!]!.cell !== cell) return order[to]!;
      return -1;
    };
    return Array.from(order, (i, at) => {
      const [below, above] = [partner(at, -1), partner(at, 1)];
      if (below < 0) return [i, above];
      if (above < 0) return [i, below];
      return [i, marks[i]! - marks[below]! < marks[above]! - marks[i]! ? below : above];
    });
  };
}

/** Every fact with the `site` fact whose mark is nearest: puts whole sites together. */
export function anchored(mark: Mark, anchorMark: Mark = mark): Attack {
  return (facts) => {
    const marks = mark(facts);
    const anchorMarks = anchorMark(facts);
    const anchors = indexesOf(facts, (fact) => fact.view === 'site').sort((a, b) => anchorMarks[a]! - anchorMarks[b]!);
    if (anchors.length === 0) return [];
    return indexesOf(facts, (fact) => fact.view !== 'site').map((i) => [
      i,
      anchors[nearestAt(anchors, (a) => anchorMarks[a]!, marks[i]!)]!,
    ]);
  };
}

/** Vendor presence with the models of that vendor, and with the same vendor under a platform. */
export function family(mark: Mark): Attack {
  return (facts) => {
    const marks = mark(facts);
    const vendors = membersOf(facts, (f) => (f.view === 'vendor' ? `${f.category}|${f.vendor}` : null));
    for (const members of vendors.values()) members.sort((a, b) => marks[a]! - marks[b]!);
    return facts.flatMap((fact, i) => {
      const category = fact.view === 'platform_vendor' ? 'phone' : fact.view === 'model' ? fact.category : null;
      const relatives = category === null ? undefined : vendors.get(`${category}|${fact.vendor}`);
      return relatives ? [[i, relatives[nearestAt(relatives, (v) => marks[v]!, marks[i]!)]!]] : [];
    });
  };
}

/** Every fact with the `site` fact that differs from it in the fewest bits. */
export function fewestBits(of: (fact: StoredFact) => number, anchorOf = of): Attack {
  return (facts) => {
    const anchors = indexesOf(facts, (fact) => fact.view === 'site');
    const parts = anchors.map((a) => [Math.floor(anchorOf(facts[a]!) / TWO_32), anchorOf(facts[a]!) >>> 0] as const);
    return indexesOf(facts, (fact) => fact.view !== 'site').map((i) => {
      const [high, low] = [Math.floor(of(facts[i]!) / TWO_32), of(facts[i]!) >>> 0];
      let best = 0;
      let fewest = 99;
      for (const [p, [h, l]] of parts.entries()) {
        const bits = ones(high ^ h) + ones(low ^ l);
        if (bits < fewest) [best, fewest] = [p, bits];
      }
      return [i, anchors[best]!];
    });
  };
}

/**
 * If a value were made of a part of the site and a part of the cell, the difference (or XOR) between two cells would be
 * nearly the same for every site. For each cell: the differences to `site` facts that lie closest together.
 */
export function repeatedDifference(of: (fact: StoredFact) => number, minus: (a: number, b: number) => number): Attack {
  return (facts) => {
    const anchors = indexesOf(facts, (fact) => fact.view === 'site');
    const cells = membersOf(facts, (fact) => (fact.view === 'site' ? null : fact.cell));
    return [...cells.values()]
      .filter((members) => members.length >= 8)
      .sort((a, b) => b.length - a.length)
      .slice(0, 8)
      .map((members) => members.slice(0, 100))
      .flatMap((members) => {
        const differences = new Float64Array(members.length * anchors.length);
        for (const [m, i] of members.entries())
          for (const [a, anchor] of anchors.entries())
            differences[m * anchors.length + a] = minus(of(facts[i]!), of(facts[anchor]!));
        const order = differences.map((_, at) => at).sort((a, b) => differences[a]! - differences[b]!);
        const gaps = Array.from({ length: order.length - 1 }, (_, at) => at).sort((a, b) => gap(a) - gap(b));
        function gap(at: number): number {
          return differences[order[at + 1]!]! - differences[order[at]!]!;
        }
        return gaps
          .slice(0, Math.min(members.length, 20))
          .map((at) => [members[Math.floor(order[at]! / anchors.length)]!, anchors[order[at]! % anchors.length]!]);
      });
  };
}

// ---- Counts.

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

/** Phone models whose bounded share is the same: finds a site whose numbers were all scaled by one factor. */
export const boundedRatio: Attack = amongFacts(
  (fact) => presentModel(fact) && fact.category === 'phone' && fact.bounded > 0 && fact.bounded < fact.count,
  nearest(each((fact) => fact.bounded / fact.count)),
);

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

/** Counted phone models outside the bound: only a site with more than eight has any. */
export const overTheBound: Attack = amongFacts(
  (fact) => presentModel(fact) && fact.category === 'phone' && fact.bounded === 0,
  allPairs,
);

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

/** Every fact with any fact of another cell that lies in the same part (or block): the first in the part's order. */
export const samePart: Attack = perPart(nearest(each((fact) => fact.partOffset)));

// ---- Helpers.

/** Runs the attack on some of the facts only. */
export function amongFacts(which: (fact: StoredFact) => boolean, attack: Attack): Attack {
  return (facts) => {
    const chosen = indexesOf(facts, which);
    return attack(chosen.map((i) => facts[i]!))
      .filter((set) => set.every((at) => at >= 0))
      .map((set) => set.map((at) => chosen[at]!));
  };
}

/** Runs the attack on each part by itself: facts of two parts are never guessed to be of one site. */
export function perPart(attack: Attack): Attack {
  return (facts) =>
    [...membersOf(facts, (fact) => fact.part).values()].flatMap((members) =>
      attack(members.map((i) => facts[i]!))
        .filter((set) => set.every((at) => at >= 0))
        .map((set) => set.map((at) => members[at]!)),
    );
}

export function allPairs(facts: readonly StoredFact[]): Guesses {
  return facts.flatMap((fact, i) =>
    facts.slice(i + 1).flatMap((other, n) => (other.cell === fact.cell ? [] : [[i, i + 1 + n]])),
  );
}

/** One of several that look alike: a different one for each fact, or every guess would name the same. */
const anyOf = (alike: readonly number[], fact: number): number => alike[(fact * 7_919) % alike.length]!;

function indexesOf(facts: readonly StoredFact[], which: (fact: StoredFact) => boolean): number[] {
  return facts.flatMap((fact, i) => (which(fact) ? [i] : []));
}

function membersOf(facts: readonly StoredFact[], nameOf: (fact: StoredFact) => string | null): Map<string, number[]> {
  const named = membersAt([...facts.keys()], (i) => nameOf(facts[i]!));
  named.delete(null);
  return named as Map<string, number[]>;
}

function membersAt<K>(indexes: readonly number[], keyOf: (index: number) => K): Map<K, number[]> {
  const members = new Map<K, number[]>();
  for (const i of indexes) {
    const known = members.get(keyOf(i));
    if (known) known.push(i);
    else members.set(keyOf(i), [i]);
  }
  return members;
}

/** Position in `sorted` of the item whose mark is nearest to `mark`. */
function nearestAt(sorted: readonly number[], markOf: (item: number) => number, mark: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (markOf(sorted[middle]!) < mark) low = middle + 1;
    else high = middle;
  }
  const below = low - 1;
  return below >= 0 && mark - markOf(sorted[below]!) <= Math.abs(markOf(sorted[low]!) - mark) ? below : low;
}

/** What a clever adversary tries on columns that should say nothing: key, version, presence and place. */
export const ATTACKS: ReadonlyMap<string, Attack> = new Map<string, Attack>([
  ...Object.entries(MARKS).flatMap(([name, mark]): [string, Attack][] => [
    [`nearest: ${name}`, nearest(mark)],
    [`to site: ${name}`, anchored(mark)],
    [`vendor: ${name}`, family(mark)],
  ]),
  [
    'to site: version against key / 32',
    anchored(
      MARKS.version!,
      each((f) => Math.floor(f.key / 32)),
    ),
  ],
  [
    'to site: key / 32 against version',
    anchored(
      each((f) => Math.floor(f.key / 32)),
      MARKS.version,
    ),
  ],
  ['to site: low 16 bits, version against key', anchored(MARKS['version, low 16 bits']!, MARKS['key, low 16 bits'])],
  ['to site: fewest bits, version', fewestBits((f) => f.version)],
  ['to site: fewest bits, key', fewestBits((f) => f.key)],
  ['to site: fewest bits, version XOR key', fewestBits((f) => xor(f.version, f.key))],
  [
    'to site: fewest bits, version against key',
    fewestBits(
      (f) => f.version,
      (f) => Math.floor(f.key / 32),
    ),
  ],
  [
    'repeated difference: version',
    repeatedDifference(
      (f) => f.version,
      (a, b) => a - b,
    ),
  ],
  [
    'repeated difference: key',
    repeatedDifference(
      (f) => f.key,
      (a, b) => a - b,
    ),
  ],
  ['repeated XOR: version', repeatedDifference((f) => f.version, xor)],
  ['repeated XOR: key', repeatedDifference((f) => f.key, xor)],
  ['sums: a vendor and its models', sums],
  ['equal numbers: vendor and platform_vendor', equalPresence],
]);
