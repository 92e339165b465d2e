import type { StoredFact, Table } from './at-rest.ts';
import type { Attack, Guesses } from './attacks.ts';
import { Seeded } from './seeded.ts';

export interface Score {
  readonly guesses: number;
  readonly hits: number;
  /** Share of guesses whose facts are all of one site. */
  readonly rate: number;
  /** The same share when truth is shuffled. */
  readonly chance: number;
  /** Hits over chance, in standard deviations of the shuffles. */
  readonly z: number;
  /** A share of hits further than this from chance is no luck. */
  readonly margin: number;
  readonly withinNoise: boolean;
}

const SHUFFLES = 150;
/**
 * Bernstein's inequality, both sides: 2 exp(-t^2 / 2) = 1.4e-9 for one comparison, so under 1e-6 for the 200 or so of the
 * whole suite, as far as hits are independent of each other.
 */
const T = 6.5;

/** Facts of one name stand for one another: what is shuffled among them is only what their VALUES or PLACES could tell. */
export const amongCell = (fact: StoredFact): string => fact.cell;
/** Also keeps what the part tells. */
export const amongCellInPart = (fact: StoredFact): string => `${fact.part}|${fact.cell}`;
/** Also destroys what names tell: only how many facts a site has is kept. */
export const amongAll = (): string => '';
export type Among = (fact: StoredFact) => string;

interface Tally {
  hits: number;
  guesses: number;
  readonly shuffled: Float64Array;
}

/**
 * Hits against chance. Chance is the attack's own success against the same facts with their owners permuted among facts
 * that `among` calls alike. An attack sees no owners, so its guesses stay and only the truth is permuted: 150 times.
 */
export function scoresOf(
  tables: readonly Table[],
  attacks: ReadonlyMap<string, Attack>,
  among: Among = amongCell,
): Map<string, Score> {
  const random = new Seeded(4711);
  const tallies = new Map([...attacks.keys()].map((name) => [name, newTally()] as const));
  for (const { facts, site } of tables) {
    const guessed = [...attacks].map(([name, attack]) => [flat(attack(facts)), tallies.get(name)!] as const);
    for (const [guesses, tally] of guessed) {
      tally.guesses += guesses.count;
      tally.hits += hitsOf(guesses, site);
    }
    const groups = groupsOf(facts, among);
    const permuted = site.slice();
    for (let s = 0; s < SHUFFLES; s++) {
      for (const group of groups) shuffleAt(permuted, group, random);
      for (const [guesses, tally] of guessed) tally.shuffled[s]! += hitsOf(guesses, permuted);
    }
  }
  return new Map([...tallies].map(([name, tally]) => [name, scoreOf(tally)]));
}

const newTally = (): Tally => ({ hits: 0, guesses: 0, shuffled: new Float64Array(SHUFFLES) });

function scoreOf({ hits, guesses, shuffled }: Tally): Score {
  if (guesses === 0) return { guesses, hits, rate: 0, chance: 0, z: 0, margin: 0, withinNoise: true };
  const mean = shuffled.reduce((sum, n) => sum + n, 0) / SHUFFLES;
  const sd = Math.sqrt(shuffled.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (SHUFFLES - 1));
  // The second term covers tails of rare hits, where a normal curve would promise too much.
  const margin = T * sd + (T * T) / 3;
  return {
    guesses,
    hits,
    rate: hits / guesses,
    chance: mean / guesses,
    // A standard deviation under one hit would make much of nothing.
    z: (hits - mean) / Math.max(sd, 1),
    margin: margin / guesses,
    withinNoise: Math.abs(hits - mean) <= margin,
  };
}

/**
 * Pairs, which nearly all guesses are, in two rows: they are looked at some hundred million times. Larger sets one after the
 * other; set n goes from `starts[n]` to `starts[n + 1]`.
 */
interface FlatGuesses {
  readonly count: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly members: Int32Array;
  readonly starts: Int32Array;
}

function flat(guesses: Guesses): FlatGuesses {
  const pairs = guesses.filter(isPair);
  const others = guesses.filter((set) => !isPair(set));
  const starts = new Int32Array(others.length + 1);
  for (const [n, set] of others.entries()) starts[n + 1] = starts[n]! + set.length;
  const [left, right] = [new Int32Array(pairs.length), new Int32Array(pairs.length)];
  for (let n = 0; n < pairs.length; n++) [left[n], right[n]] = pairs[n] as [number, number];
  return { count: guesses.length, left, right, members: Int32Array.from(others.flat()), starts };
}

/** Below 0 is nobody. */
function isPair(set: readonly number[]): boolean {
  return set.length === 2 && set[0]! >= 0 && set[1]! >= 0;
}

function hitsOf({ left, right, members, starts }: FlatGuesses, site: Int32Array): number {
  let hits = 0;
  for (let n = 0; n < left.length; n++) if (site[left[n]!] === site[right[n]!]) hits++;
  for (let n = 0; n + 1 < starts.length; n++) {
    const start = starts[n]!;
    const end = starts[n + 1]!;
    const first = site[members[start]!];
    let at = start + 1;
    while (at < end && site[members[at]!] === first) at++;
    if (at === end) hits++;
  }
  return hits;
}

function groupsOf(facts: readonly StoredFact[], among: (fact: StoredFact) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (const [i, fact] of facts.entries()) {
    const name = among(fact);
    const group = groups.get(name);
    if (group) group.push(i);
    else groups.set(name, [i]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function shuffleAt(site: Int32Array, at: readonly number[], random: Seeded): void {
  for (let i = at.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = site[at[i]!]!;
    site[at[i]!] = site[at[j]!]!;
    site[at[j]!] = held;
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** Scores as a table for the test's output. */
export function printed(title: string, scores: ReadonlyMap<string, Score>): string {
  const row = (name: string, ...cells: string[]): string =>
    `${name.padEnd(48)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  return [
    `\n${title}`,
    row('attack', 'guesses', 'hit', 'chance', 'margin', 'z'),
    ...[...scores].map(([name, { guesses, rate, chance, margin, z }]) =>
      row(name, String(guesses), percent(rate), percent(chance), percent(margin), z.toFixed(1)),
    ),
    '',
  ].join('\n');
}
