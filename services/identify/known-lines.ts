import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';

/** Canonical lines kept at once. Far above the models there are; an attacker who invents models only empties it. */
const MOST = 8192;

/**
 * Answers to lines that are already canonical, which nearly all are. Holds nothing else: only listed names whose answer
 * is themselves go in, so no spelling and no unlisted text of a report stays in memory.
 */
export class KnownLines {
  private readonly answers = new Map<string, Map<string, Map<string, Identity>>>();
  private size = 0;

  get(category: Category, vendor: string, model: string): Identity | undefined {
    return this.answers.get(category)?.get(vendor)?.get(model);
  }

  add(identity: Identity & { readonly kind: 'listed' }): void {
    if (this.size >= MOST) this.clear();
    const { category, vendor, model } = identity;
    let vendors = this.answers.get(category);
    if (!vendors) this.answers.set(category, (vendors = new Map()));
    let models = vendors.get(vendor);
    if (!models) vendors.set(vendor, (models = new Map()));
    models.set(model, identity);
    this.size++;
  }

  private clear(): void {
    this.answers.clear();
    this.size = 0;
  }
}
