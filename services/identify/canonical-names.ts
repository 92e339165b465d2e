import type { Rule } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';
import { listed } from './listed.ts';
import type { RuleSet } from './rules.ts';

/** The names that the catalogue's own examples give, by vendor and model: they mean themselves, whatever a rule says. */
export class CanonicalNames {
  private readonly names = new Map<string, Identity & { readonly kind: 'listed' }>();
  private readonly also = new Map<string, readonly Category[]>();

  constructor(rules: readonly Rule[], set: RuleSet) {
    for (const rule of rules) for (const [text] of rule.accepts) this.learn(text, set);
  }

  private learn(text: string, set: RuleSet): void {
    const match = set.match(text);
    if (!match || match.model === '') return;
    const identity = listed(match);
    if (identity.kind !== 'listed') return;
    const key = keyOf(identity.vendor, identity.model);
    if (this.names.has(key)) return;
    this.names.set(key, identity);
    this.also.set(key, match.also);
  }

  get(category: Category, vendor: string, model: string): Identity | undefined {
    const key = keyOf(vendor, model);
    const identity = this.names.get(key);
    if (!identity || identity.category === category) return identity;
    return this.also.get(key)?.includes(category) ? { ...identity, category } : identity;
  }
}

function keyOf(vendor: string, model: string): string {
  return `${vendor}\n${model}`.toLowerCase();
}
