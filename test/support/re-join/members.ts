import type { StoredFact } from './at-rest.ts';

export function indexesOf(facts: readonly StoredFact[], which: (fact: StoredFact) => boolean): number[] {
  const indexes: number[] = [];
  for (let i = 0; i < facts.length; i++) if (which(facts[i]!)) indexes.push(i);
  return indexes;
}

export function membersOf(
  facts: readonly StoredFact[],
  nameOf: (fact: StoredFact) => string | null,
): Map<string, number[]> {
  const named = membersAt([...facts.keys()], (i) => nameOf(facts[i]!));
  named.delete(null);
  return named as Map<string, number[]>;
}

export function membersAt<K>(indexes: readonly number[], keyOf: (index: number) => K): Map<K, number[]> {
  const members = new Map<K, number[]>();
  for (const i of indexes) {
    const key = keyOf(i);
    const known = members.get(key);
    if (known) known.push(i);
    else members.set(key, [i]);
  }
  return members;
}

/** Position in `sorted` of the item whose mark is nearest to `mark`. */
export function nearestAt(sorted: readonly number[], markOf: (item: number) => number, mark: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (markOf(sorted[middle]!) < mark) low = middle + 1;
    else high = middle;
  }
  const below = low - 1;
  return below >= 0 && mark - markOf(sorted[below]!) <= Math.abs(markOf(sorted[low]!) - mark) ? below : low;
}
