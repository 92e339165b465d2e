import type { Rule } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import { nameOf } from './name.ts';
import { parsePortable } from './portable-regex.ts';
import { RuleIndex } from './rule-index.ts';

/** What a rule made of a text. `end` is where the name ended: what is behind it is dropped. */
export interface Match {
  readonly category: Rule['category'];
  readonly also: readonly Category[];
  readonly vendor: string;
  readonly model: string;
  readonly end: number;
}

interface Compiled {
  readonly vendor: string;
  readonly rule: Rule;
  readonly regex: RegExp;
  readonly template: readonly Part[];
  readonly heads: readonly string[];
}
type Part = (found: RegExpExecArray) => string;

const NONE: readonly Category[] = [];

/** Rules of one scope, tried in order; only those that can begin as the text begins are tried at all. */
export class RuleSet {
  private readonly index: RuleIndex<Compiled>;

  constructor(rules: readonly Rule[]) {
    this.index = new RuleIndex(
      rules.map((rule) => {
        const portable = parsePortable(rule.pattern);
        return {
          vendor: nameOf(rule.vendor),
          rule,
          regex: new RegExp(portable.source, 'i'),
          template: parseTemplate(rule, portable.groups),
          heads: portable.heads,
        };
      }),
    );
  }

  /** Whether any rule may match a text that begins so. */
  mayBegin(text: string): boolean {
    return this.index.goesOn(text);
  }

  /** The first rule that matches. `vendor` fills in for rules of any vendor, and leaves out those of another. */
  match(text: string, vendor?: string): Match | undefined {
    for (const compiled of this.index.candidates(text)) {
      const { rule, regex, template } = compiled;
      if (vendor !== undefined && rule.vendor !== '*' && rule.vendor !== vendor) continue;
      const found = regex.exec(text);
      if (found === null) continue;
      let model = '';
      for (const part of template) model += part(found);
      return {
        category: rule.category,
        also: rule.also ?? NONE,
        vendor: rule.vendor === '*' ? (vendor ?? '') : compiled.vendor,
        model: nameOf(model),
        end: found[0].length,
      };
    }
    return undefined;
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
      const group = groups.indexOf(name) + 1;
      if (group === 0) throw new Error(`template ${rule.model} names no group of ${rule.pattern}`);
      if (sign === '?')
        return (found) => (found[group] === undefined ? '' : rest!.replaceAll('$', found[group].toUpperCase()));
      const change = rest === undefined ? (text: string) => text.toUpperCase() : CASES[rest];
      if (!change) throw new Error(`template ${rule.model}: no such case`);
      return (found) => change(found[group] ?? '');
    },
  );
}
