import { MAX_COUNT, type ReportLine } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { Raw, Site } from './site.ts';

/** A line without its count. The same names are the same object, unless an old agent sends them. */
export type Line = Omit<ReportLine, 'count'>;

/** What runs on every PBX: only names of the catalogue, or cleaned ones, leave it. Old agents know no catalogue. */
export class Agent {
  readonly #identifier: Identifier;
  readonly #lines = new Map<string, Line>();
  readonly #identified = new WeakMap<Raw, Line | 'refused'>();

  constructor(identifier: Identifier) {
    this.#identifier = identifier;
  }

  /** What the site has now, by line. */
  inventory({ items, oldAgent }: Pick<Site, 'items' | 'oldAgent'>): Map<Line, number> {
    const counts = new Map<Line, number>();
    for (const { raw, count } of items) {
      const line = this.#lineOf(raw, oldAgent);
      if (line !== 'refused') counts.set(line, Math.min(MAX_COUNT, (counts.get(line) ?? 0) + count));
    }
    return counts;
  }

  #lineOf(raw: Raw, oldAgent: boolean): Line | 'refused' {
    const known = this.#identified.get(raw);
    if (known !== undefined) return known;
    const line = oldAgent ? { category: raw.category, vendor: '', model: raw.text } : this.#identify(raw);
    this.#identified.set(raw, line);
    return line;
  }

  #identify({ kind, text, category: expected }: Raw): Line | 'refused' {
    const identity = this.#identifier.raw(kind, text);
    if (identity.kind === 'refused') return 'refused';
    const { vendor, model } = identity;
    // The collector knows what it read, the catalogue only the name.
    const category = identity.kind === 'unlisted' && kind !== 'user-agent' ? expected : identity.category;
    const key = `${category}\0${vendor}\0${model}`;
    const line = this.#lines.get(key) ?? { category, vendor, model };
    this.#lines.set(key, line);
    return line;
  }
}
