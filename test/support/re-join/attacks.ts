import type { StoredFact } from './at-rest.ts';
import { each, type Mark, ones, TWO_32 } from './marks.ts';
import { indexesOf, membersOf, nearestAt } from './members.ts';

/** Sets of facts (by their index) that the attacker takes to be of one site; mostly pairs. */
export type Guesses = readonly (readonly number[])[];
export type Attack = (facts: readonly StoredFact[]) => Guesses;

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
    const highs = Int32Array.from(anchors, (a) => Math.floor(anchorOf(facts[a]!) / TWO_32));
    const lows = Int32Array.from(anchors, (a) => anchorOf(facts[a]!) >>> 0);
    return indexesOf(facts, (fact) => fact.view !== 'site').map((i) => {
      const [high, low] = [Math.floor(of(facts[i]!) / TWO_32), of(facts[i]!) >>> 0];
      let best = 0;
      let fewest = 99;
      for (let p = 0; p < highs.length; p++) {
        const bits = ones(high ^ highs[p]!) + ones(low ^ lows[p]!);
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
        const values = anchors.map((anchor) => of(facts[anchor]!));
        for (const [m, i] of members.entries()) {
          const value = of(facts[i]!);
          for (let a = 0; a < values.length; a++) differences[m * anchors.length + a] = minus(value, values[a]!);
        }
        const order = Uint32Array.from(differences.keys()).sort((a, b) => differences[a]! - differences[b]!);
        const gaps = Float64Array.from(
          { length: order.length - 1 },
          (_, at) => differences[order[at + 1]!]! - differences[order[at]!]!,
        );
        return smallest(gaps, Math.min(members.length, 20)).map((at) => [
          members[Math.floor(order[at]! / anchors.length)]!,
          anchors[order[at]! % anchors.length]!,
        ]);
      });
  };
}

/** Where the `count` smallest values are, from the smallest up; of equal ones the first comes first. */
function smallest(values: Float64Array, count: number): number[] {
  const limit = values.toSorted()[Math.min(count, values.length) - 1]!;
  const among = Array.from(values.keys()).filter((at) => values[at]! <= limit);
  return among.sort((a, b) => values[a]! - values[b]!).slice(0, count);
}

/** Every fact with any fact of another cell that lies in the same part (or block): the first in the part's order. */
export const samePart: Attack = perPart(nearest(each((fact) => fact.partOffset)));

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
