import type { Guesses } from './attacks.ts';
import type { StoredFact, Table } from './at-rest.ts';
import { Seeded } from './seeded.ts';

/** One attack on one table. */
export interface Attempt {
  readonly table: Table;
  readonly guesses: Guesses;
}

export interface Score {
  readonly guesses: number;
  readonly hits: number;
  /** Share of guesses whose facts are all of one site. */
  readonly rate: number;
  /** The same share when truth is shuffled. */
  readonly chance: number;
  /** Hits over chance, in standard deviations of the shuffles. */
  readonly z: number;
  /** Hits further from chance than this come about by luck less than once in 10^7. */
  readonly margin: number;
  readonly withinNoise: boolean;
}

const SHUFFLES = 150;
/** Bernstein's inequality with t = 6: exp(-t^2 / 2) = 1.5e-8 on either side. */
const T = 6;

/** Facts of one name stand for one another: what is shuffled among them is only what their VALUES or PLACES could tell. */
export const amongCell = (fact: StoredFact): string => fact.cell;
/** Also keeps what the part tells. */
export const amongCellInPart = (fact: StoredFact): string => `${fact.part}|${fact.cell}`;
/** Also destroys what names tell: only how many facts a site has is kept. */
export const amongAll = (): string => '';

/**
 * Hits against chance. Chance is the attack's own success against the same facts with their owners permuted among facts
 * that `among` calls alike. An attack sees no owners, so its guesses stay and only the truth is permuted: 150 times.
 */
export function scoreOf(attempts: readonly Attempt[], among: (fact: StoredFact) => string = amongCell): Score {
  const random = new Seeded(4711);
  const shuffled = new Float64Array(SHUFFLES);
  let hits = 0;
  let guesses = 0;
  for (const { table, guesses: sets } of attempts) {
    guesses += sets.length;
    hits += hitsOf(sets, table.site);
    const groups = groupsOf(table.facts, among);
    const site = table.site.slice();
    for (let s = 0; s < SHUFFLES; s++) {
      for (const group of groups) shuffleAt(site, group, random);
      shuffled[s]! += hitsOf(sets, site);
    }
  }
  const mean = shuffled.reduce((sum, n) => sum + n, 0) / SHUFFLES;
  const variance = shuffled.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (SHUFFLES - 1);
  const sd = Math.sqrt(variance);
  // Bernstein's second term covers tails of rare hits, where a normal curve would promise too much.
  const margin = T * sd + (T * T) / 3;
  return {
    guesses,
    hits,
    rate: hits / guesses,
    chance: mean / guesses,
    z: hits === mean ? 0 : (hits - mean) / Math.max(sd, 1),
    margin,
    withinNoise: Math.abs(hits - mean) <= margin,
  };
}

function hitsOf(sets: Guesses, site: Int32Array): number {
  let hits = 0;
  for (const set of sets) {
    const first = site[set[0]!];
    let all = true;
    for (let i = 1; i < set.length && all; i++) all = site[set[i]!] === first;
    if (all) hits++;
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
  const lines = [...scores].map(
    ([name, score]) =>
      `${name.padEnd(46)}${String(score.guesses).padStart(8)}${percent(score.rate).padStart(10)}${percent(score.chance).padStart(10)}${score.z.toFixed(1).padStart(8)}`,
  );
  const head = `${'attack'.padEnd(46)}${'guesses'.padStart(8)}${'hit'.padStart(10)}${'chance'.padStart(10)}${'z'.padStart(8)}`;
  return `\n${title}\n${head}\n${lines.join('\n')}\n`;
}
