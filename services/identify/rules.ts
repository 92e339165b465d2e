import type { Rule } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import { nameOf } from './name.ts';
import { findPersonalData } from './personal-data.ts';
import { HEAD, parsePortable } from './portable-regex.ts';

/** What a rule made of a text. `end` is where the name ended: what is behind it is dropped. */
export interface Match {
  readonly category: Rule['category'];
  readonly also: readonly Category[];
  readonly vendor: string;
  readonly model: string;
  readonly end: number;
  /** A rule whose groups are too wide must not let an identifier through: what comes out is judged once more. */
  readonly personal: boolean;
}

interface Compiled {
  readonly vendor: string;
  readonly rule: Rule;
  readonly regex: RegExp;
  readonly template: readonly Part[];
  readonly heads: readonly string[];
}
type Groups = Record<string, string | undefined>;
type Part = (groups: Groups) => string;

const NONE: readonly Category[] = [];
const MOST_JUDGED = 4096;

/** Beginnings of texts whose rules are remembered. */
const MOST_HEADS = 4096;

/** Rules of one scope, tried in order; only those that can begin as the text begins are tried at all. */
export class RuleSet {
  private readonly judged = new Map<string, boolean>();
  private readonly rules: Compiled[] = [];
  private readonly byHead = new Map<string, readonly Compiled[]>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const portable = parsePortable(rule.pattern);
      const compiled = {
        vendor: nameOf(rule.vendor),
        rule,
        regex: new RegExp(portable.source, 'i'),
        template: parseTemplate(rule, portable.groups),
        heads: portable.heads,
      };
      this.rules.push(compiled);
    }
  }

  /** The rules that may match a text, in order: worked out once for each beginning. */
  private candidates(text: string): readonly Compiled[] {
    const head = text.slice(0, HEAD).toLowerCase();
    let found = this.byHead.get(head);
    if (!found) {
      found = this.rules.filter(({ heads }) => heads.some((begin) => head.startsWith(begin)));
      if (this.byHead.size >= MOST_HEADS) this.byHead.clear();
      this.byHead.set(head, found);
    }
    return found;
  }

  /** The first rule that matches. `vendor` fills in for rules of any vendor, and leaves out those of another. */
  match(text: string, vendor?: string): Match | undefined {
    for (const compiled of this.candidates(text)) {
      const { rule, regex, template } = compiled;
      if (vendor !== undefined && rule.vendor !== '*' && rule.vendor !== vendor) continue;
      const found = regex.exec(text);
      if (found === null) continue;
      let model = '';
      for (const part of template) model += part(found.groups ?? {});
      const maker = rule.vendor === '*' ? (vendor ?? '') : compiled.vendor;
      const name = nameOf(model);
      return {
        category: rule.category,
        also: rule.also ?? NONE,
        vendor: maker,
        model: name,
        end: found[0].length,
        personal: this.isPersonal(`${maker} ${name}`),
      };
    }
    return undefined;
  }

  /** The guard's verdict on a name that rules made, remembered: there are few names and many strings. */
  private isPersonal(name: string): boolean {
    let verdict = this.judged.get(name);
    if (verdict === undefined) {
      verdict = findPersonalData(name) !== undefined;
      if (this.judged.size >= MOST_JUDGED) this.judged.clear();
      this.judged.set(name, verdict);
    }
    return verdict;
  }
}

const CASES: Record<string, (text: string) => string> = {
  raw: (text) => text,
  lower: (text) => text.toLowerCase(),
  title: (text) => text.toLowerCase().replace(/\b[a-z]/g, (c) => c.toUpperCase()),
};

function parseTemplate(rule: Rule, groups: readonly string[]): Part[] {
  return Array.from(
    rule.model.matchAll(/\{([a-z][a-z0-9]*)(?:([:?])([^}]*))?\}|[^{}]+/g),
    ([literal, name, sign, rest]) => {
      if (name === undefined) return () => literal;
      if (!groups.includes(name)) throw new Error(`template ${rule.model} names no group of ${rule.pattern}`);
      if (sign === '?')
        return (found) => (found[name] === undefined ? '' : rest!.replaceAll('$', found[name]!.toUpperCase()));
      const change = rest === undefined ? (text: string) => text.toUpperCase() : CASES[rest];
      if (!change) throw new Error(`template ${rule.model}: no such case`);
      return (found) => change(found[name] ?? '');
    },
  );
}
