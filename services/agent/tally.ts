import { type Category, MAX_COUNT, MAX_LINES, type RefusalReason, type ReportLine } from '../../schemas/report.ts';
import type { Identifier, Identity } from '../identify/identity.ts';
import type { Candidate, Reading, Source } from './reading.ts';

export type Found = Exclude<Identity, { kind: 'refused' }>;

/** `count` readings of `source` are not reported. What they were is not kept. */
export interface Refusal {
  readonly source: Source;
  readonly reason: RefusalReason | 'empty';
  readonly count: number;
}

/** What a reading is: the best answer that one of its candidates gets. Undefined when there was nothing to report. */
export function identify(reading: Reading, identifier: Identifier): Identity | undefined {
  const answers = reading.candidates
    .map((candidate) => answerTo(candidate, identifier))
    .filter((answer) => answer !== undefined);
  const found = answers.filter((answer) => answer.kind !== 'refused').sort((a, b) => rank(a) - rank(b));
  return found[0] ?? answers[0];
}

function answerTo(candidate: Candidate, identifier: Identifier): Identity | undefined {
  if (!('kind' in candidate)) {
    // A name of our own that the service would refuse is not sent to it.
    const known = identifier.line(candidate);
    return known.kind === 'refused' ? undefined : known;
  }
  const answer = identifier.raw(candidate.kind, candidate.text);
  if (answer.kind === 'refused') return candidate.only === undefined ? answer : undefined;
  const category = answer.kind === 'unlisted' ? (candidate.unlistedAs ?? answer.category) : answer.category;
  if (candidate.only !== undefined && category !== candidate.only) return undefined;
  return { ...answer, category };
}

/** A model beats a mere vendor; then the catalogue beats a guess; then the collector's order decides (sort is stable). */
function rank(found: Found): number {
  return (found.model === '' ? 2 : 0) + (found.kind === 'listed' ? 0 : 1);
}

/** Devices of one address and several lines: base stations, adapters, gateways. */
const SEVERAL_LINES: ReadonlySet<Category> = new Set(['dect', 'ata', 'gateway']);

/** Sums what was identified by model. */
export class Tally {
  readonly #lines = new Map<string, { listed: boolean; line: ReportLine }>();
  readonly #owned = new Set<string>();
  readonly #refused = new Map<string, Refusal>();

  /** Whether it counted: a device that was counted already does not count again. */
  add(source: Source, reading: Reading, identity: Identity): boolean {
    if (identity.kind !== 'refused') return this.#count(identity, reading);
    this.#refuse(source, identity.reason, reading.count);
    return false;
  }

  #count({ kind, category, vendor, model }: Found, reading: Reading): boolean {
    const { count } = reading;
    const key = JSON.stringify([category, vendor, model]);
    if (this.#isKnown(key, category, reading)) return false;
    const before = this.#lines.get(key)?.line.count ?? 0;
    const line = { category, vendor, model, count: Math.min(before + count, MAX_COUNT) };
    this.#lines.set(key, { listed: kind === 'listed', line });
    return true;
  }

  /** Whether this model was counted under the same owner, the same mark or, of what has several lines, the same place. */
  #isKnown(key: string, category: Category, { owner, marks = [], place }: Reading): boolean {
    const signs = marks.map((mark) => ['mark', mark]);
    if (owner !== undefined) signs.push(['owner', owner]);
    if (place !== undefined && marks.length === 0 && SEVERAL_LINES.has(category)) signs.push(['place', place]);
    const keys = signs.map(([kind, sign]) => JSON.stringify([kind, sign, key]));
    const known = keys.some((sign) => this.#owned.has(sign));
    for (const sign of keys) this.#owned.add(sign);
    return known;
  }

  #refuse(source: Source, reason: Refusal['reason'], count: number): void {
    const key = `${source} ${reason}`;
    this.#refused.set(key, { source, reason, count: (this.#refused.get(key)?.count ?? 0) + count });
  }

  get refused(): Refusal[] {
    return [...this.#refused.values()];
  }

  /** The lines a report has room for: the catalogue's before guesses, many before few. In an order of their own. */
  lines(): { lines: ReportLine[]; left: number } {
    const all = [...this.#lines.values()].sort(
      (a, b) => Number(b.listed) - Number(a.listed) || b.line.count - a.line.count || byName(a.line, b.line),
    );
    const lines = all.slice(0, MAX_LINES).map(({ line }) => line);
    return { lines: lines.sort(byName), left: all.length - lines.length };
  }
}

/** By name, so that the order of a report says nothing of the order of a machine. */
function byName(a: ReportLine, b: ReportLine): number {
  const left = `${a.category}\u0000${a.vendor}\u0000${a.model}`;
  const right = `${b.category}\u0000${b.vendor}\u0000${b.model}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
