import { type Cell, type Fact, VIEWS } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { hasColumn, LISTED_VIEW, UNLISTED_VIEW } from '../core/view-rules.ts';
import { VIEW_TABLE } from '../core/views.ts';
import type { SealedName } from '../shared/sealed-names.ts';
import { DERIVATIONS, type Draft, derive, draft } from './derived-views.ts';
import { factKeys } from './fact-key.ts';
import type { CountedModel } from './identify-lines.ts';

/** What facts are made of, once names are catalogue names. */
export interface SiteReport {
  /** Its bytes, which the caller overwrites. */
  readonly token: Uint8Array;
  readonly period: Period;
  readonly sequence: number;
  /** The platform's cell name, such as `FreePBX 17`. */
  readonly platform: string;
  readonly models: readonly CountedModel[];
  /** True takes everything back: every fact gets count 0. */
  readonly withdraw: boolean;
}

/** Views that every report gives one fact of, whatever it holds. */
const OF_REPORTS = VIEWS.filter((view) => VIEW_TABLE[view].from === 'report').map((view) => ({
  view,
  platform: hasColumn(view, 'platform'),
}));

/** The facts of one site in every view. Nothing in them says that they belong together. */
export function breakApart(site: SiteReport): Fact[] {
  const { platform, withdraw } = site;
  const here = withdraw ? 0 : 1;
  const ofReport = OF_REPORTS.map((of) => draft(of.view, of.platform ? platform : '', '', '', '', here));
  const models = site.models.map((m) => draft(m.view, '', m.category, m.vendor, m.model, withdraw ? 0 : m.count));
  const listed = models.filter((fact) => fact.view === LISTED_VIEW);
  // A proposed name's maker is known: it counts for category and vendor, while the name waits in the lane.
  const known = models.filter(({ view }, i) => view === LISTED_VIEW || site.models[i]?.proposed === true);
  const derived: Draft[][] = [];
  for (const derivation of DERIVATIONS)
    derived.push(derive(derivation, derived[derivation.source] ?? (derivation.model ? listed : known), platform));
  for (const [i, fact] of models.entries()) if (fact.view === UNLISTED_VIEW) beSealed(fact, site.models[i]?.sealed);
  const facts = [...ofReport, ...models, ...derived.flat()];
  sign(facts, site);

  for (let i = 0; i < derived.length; i++) if (!DERIVATIONS[i]?.carriesDevices) bePresence(derived[i] as Draft[]);
  return facts;
}

/** Facts that take back those of the cells: count 0, under the keys and with the versions of the report's token. */
export function takenBack(cells: readonly Cell[], site: Pick<SiteReport, 'token' | 'period' | 'sequence'>): Fact[] {
  const facts = cells.map(({ view, platform, category, vendor, model }) =>
    draft(view, platform, category, vendor, model, 0),
  );
  sign(facts, site);
  return facts;
}

/** Keys and versions: hashes under the token, so that neither is the same in two facts of the site. */
function sign(
  facts: readonly Draft[],
  { token, period, sequence }: Pick<SiteReport, 'token' | 'period' | 'sequence'>,
): void {
  for (const [i, { key, offset }] of factKeys(token, period, facts).entries()) {
    const fact = facts[i] as Draft;
    fact.key = key;
    fact.version = offset + sequence;
  }
}

/** Coarser views were made from the name; what is stored of it can be counted and not read, and says that the site has it. */
function beSealed(fact: Draft, sealed: SealedName | undefined): void {
  Object.assign(fact, sealed);
  fact.count = Math.min(1, fact.count);
}

/** Until here the facts carried sums: a sum would find its models again. */
function bePresence(facts: readonly Draft[]): void {
  for (const fact of facts) fact.count = Math.min(1, fact.count);
}
