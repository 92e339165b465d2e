import type { Catalog } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import { nameOf } from './name.ts';
import { OTHER } from './platform.ts';

/** The names of a device as a question gives them; '' for a model of no known vendor. */
export interface AskedNames {
  readonly category?: string | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly platform?: string | undefined;
}

interface KnownModel {
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
}

/**
 * The names that the shipped catalogue itself gives: its makers, its list of models, the models of its rules' own examples,
 * its cards and its platforms. Rules may name more than their examples do; those names are known once they are counted.
 */
export class NameBook {
  readonly #vendors = new Map<string, string>();
  readonly #models = new Map<string, KnownModel>();
  readonly #platforms = new Map<string, string>();

  constructor({ vendors, rules, models, pci }: Catalog) {
    this.#platforms.set(OTHER, OTHER);
    for (const { name } of vendors) this.#addVendor(name);
    for (const rule of rules.flatMap((file) => file.rules)) {
      const vendor = rule.vendor === '*' ? '' : rule.vendor;
      if (rule.category === 'platform') this.#platforms.set(lower(nameOf(rule.model)), nameOf(rule.model));
      else if (rule.category !== 'not-a-device') {
        this.#addVendor(vendor);
        for (const [, model] of rule.accepts)
          this.#addModel([rule.category, ...(rule.also ?? [])], nameOf(vendor), nameOf(model));
      }
    }
    for (const { category, also = [], vendor, models: listed } of models.flatMap(({ groups }) => groups))
      for (const model of listed) this.#addModel([category, ...also], nameOf(vendor), nameOf(model));
    for (const { category, vendor, model } of pci.cards) {
      this.#addVendor(vendor);
      this.#addModel([category], nameOf(vendor), nameOf(model));
    }
  }

  get vendors(): readonly string[] {
    return [...this.#vendors.values()];
  }

  get platforms(): readonly string[] {
    return [...this.#platforms.values()];
  }

  /** As it is spelled; undefined for one that the catalogue does not have. */
  vendor(text: string): string | undefined {
    return this.#vendors.get(lower(text));
  }

  model({ category = '', vendor = '', model = '' }: AskedNames): string | undefined {
    return this.#models.get(modelKey(category, vendor, model))?.model;
  }

  /** Its name in any case, with or without the major version behind it. */
  platform(text: string): string | undefined {
    const whole = this.#platforms.get(lower(text));
    if (whole !== undefined) return whole;
    const [, name = '', version] = /^(.*) (\S{1,16})$/.exec(text) ?? [];
    const known = this.#platforms.get(lower(name));
    return known === undefined || !/^[0-9][0-9.]*$/.test(version ?? '') ? undefined : `${known} ${version}`;
  }

  /** Models of the category, of the vendor when it has any. */
  modelsOf({ category = '', vendor = '' }: AskedNames): readonly string[] {
    const ofCategory = [...this.#models.values()].filter((one) => one.category === category);
    const ofVendor = ofCategory.filter((one) => lower(one.vendor) === lower(vendor));
    return (ofVendor.length > 0 ? ofVendor : ofCategory).map(({ model }) => model);
  }

  #addVendor(name: string): void {
    if (name !== '') this.#vendors.set(lower(name), nameOf(name));
  }

  #addModel(categories: readonly Category[], vendor: string, model: string): void {
    for (const category of categories) this.#models.set(modelKey(category, vendor, model), { category, vendor, model });
  }
}

function modelKey(category: string, vendor: string, model: string): string {
  return JSON.stringify([category, lower(vendor), lower(model)]);
}

export function lower(text: string): string {
  return text.toLowerCase();
}

/** The name that is most like the text: the fewest letters to change, at most a third of them. */
export function nearest(text: string, names: Iterable<string>): string | undefined {
  const asked = folded(text);
  const longest = Math.max(1, Math.ceil(asked.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const known = folded(name);
    // Who leaves out the beginning (T46S for SIP-T46S) means the whole.
    const distance = asked.length > 2 && known.endsWith(asked) ? 0.5 : distanceWithin(asked, known, longest);
    if (distance <= longest && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

function folded(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** How many letters differ (Levenshtein; two that changed places count once); more than `most` when it is more. */
function distanceWithin(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const changed = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      row.push(swapped ? Math.min(changed, (beforeLast[j - 2] ?? 0) + 1) : changed);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? most + 1;
}
