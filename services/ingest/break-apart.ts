import type { Fact, View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
import { type BoundGroup, boundedCount, boundGroup, largest, MODEL_BOUNDS, VENDOR_BOUND } from './bounds.ts';
import { factKeys } from './fact-key.ts';
import type { CountedModel } from './identify-lines.ts';

/** What facts are made of, once names are catalogue names. */
export interface SiteReport {
  readonly token: string;
  readonly period: Period;
  readonly sequence: number;
  /** The platform's cell name, such as `FreePBX 17`. */
  readonly platform: string;
  readonly models: readonly CountedModel[];
  /** True takes everything back: every fact gets count 0. */
  readonly withdraw: boolean;
}

type Draft = { -readonly [K in keyof Fact]: Fact[K] };

/** The facts of one site in every view. Nothing in them says that they belong together. */
export function breakApart(site: SiteReport): Fact[] {
  const { platform, withdraw } = site;
  const here = withdraw ? 0 : 1;
  const models = site.models.map((m) => draft(m.view, '', m.category, m.vendor, m.model, withdraw ? 0 : m.count));
  const listed = models.filter((fact) => fact.view === 'model');
  // A proposed name's maker is known: it counts for category and vendor, while the name waits in the lane.
  const known = models.filter(({ view }, i) => view === 'model' || site.models[i]!.proposed === true);
  const categories = categoriesOf(known);
  const vendors = vendorsOf(known);
  const phoneVendors = vendors.filter((fact) => fact.category === 'phone');
  const underPlatform = phoneVendors.map((fact) => draft('platform_vendor', platform, '', fact.vendor, '', fact.count));
  const platformFact = draft('platform', platform, '', '', '', here);
  const siteFact = draft('site', '', '', '', '', here);
  const facts = [siteFact, platformFact, ...models, ...categories, ...vendors, ...underPlatform];
  sign(facts, site);

  platformFact.bounded = here;
  boundModels(listed);
  for (const vendor of largest(phoneVendors, VENDOR_BOUND)) {
    vendor.bounded = 1;
    (underPlatform[phoneVendors.indexOf(vendor)] as Draft).bounded = 1;
  }
  // Until here vendors and categories carried their sums, to find the largest: a sum would find its models again.
  for (const fact of [...categories, ...vendors, ...underPlatform]) fact.count = Math.min(1, fact.count);
  return facts;
}

function draft(
  view: View,
  platform: string,
  category: Category | '',
  vendor: string,
  model: string,
  count: number,
): Draft {
  return { view, platform, category, vendor, model, key: 0, count, bounded: 0, version: 0 };
}

/** Keys and versions: hashes under the token, so that neither is the same in two facts of the site. */
function sign(facts: readonly Draft[], { token, period, sequence }: SiteReport): void {
  for (const [i, { key, offset }] of factKeys(token, period, facts).entries()) {
    const fact = facts[i] as Draft;
    fact.key = key;
    fact.version = offset + sequence;
  }
}

function categoriesOf(models: readonly Draft[]): Draft[] {
  const categories = new Map<string, Draft>();
  for (const { category, count } of models) {
    const known = categories.get(category);
    if (known) known.count += count;
    else categories.set(category, draft('category', '', category, '', '', count));
  }
  return [...categories.values()];
}

/** One fact for each vendor in each category. A vendor of no name (memory has none) is no answer to anything. */
function vendorsOf(models: readonly Draft[]): Draft[] {
  const vendors = new Map<string, Draft[]>();
  for (const { category, vendor, count } of models) {
    if (vendor === '') continue;
    const same = vendors.get(vendor) ?? [];
    const known = same.find((fact) => fact.category === category);
    if (known) known.count += count;
    else same.push(draft('vendor', '', category, vendor, '', count));
    vendors.set(vendor, same);
  }
  return [...vendors.values()].flat();
}

function boundModels(models: readonly Draft[]): void {
  const groups = new Map<BoundGroup, Draft[]>();
  for (const fact of models) {
    const group = boundGroup(fact.category);
    const known = groups.get(group);
    if (known) known.push(fact);
    else groups.set(group, [fact]);
  }
  for (const [group, facts] of groups)
    for (const fact of largest(facts, MODEL_BOUNDS[group])) fact.bounded = boundedCount(fact);
}
