import { type Cell, type Fact, VIEWS, type View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { hasColumn, LISTED_VIEW } from '../core/view-rules.ts';
import { VIEW_TABLE } from '../core/views.ts';
import { encrypted, idsOf, keyIn, offsetIn } from './cell-cipher.ts';
import { type CountedCell, countedIn, DERIVATIONS, derive } from './derived-views.ts';
import type { CountedModel } from './identify-lines.ts';
import { knownCell } from './known-cell.ts';
import { FACT_NUMBERS, LooseLines } from './loose-lines.ts';
import { forgetSecrets, type SiteSecrets, secretsOf } from './site-secrets.ts';

/** What facts and slots are made of, once names are catalogue names. */
export interface Site {
  readonly sequence: number;
  /** The platform's cell name, such as `FreePBX 17`. */
  readonly platform: string;
  readonly models: readonly CountedModel[];
  /** True takes everything back: every fact gets count 0. */
  readonly withdraw: boolean;
  /** What a withdrawal takes back beside what it names. */
  readonly besides?: readonly Cell[];
}

export interface SiteReport extends Site {
  /** Its bytes, which the caller overwrites. */
  readonly token: Uint8Array;
  readonly period: Period;
}

/** Views that every report gives one fact of, whatever it holds. */
const OF_REPORTS = VIEWS.filter((view) => VIEW_TABLE[view].from === 'report').map((view) => ({
  view,
  platform: hasColumn(view, 'platform'),
}));

const NOWHERE = { platform: '', category: '', vendor: '', model: '' } as const;

/** Adds the facts of one site in every view. Nothing in them says that they belong together. */
export function addFacts(site: Site, { ofFacts }: SiteSecrets, lines: LooseLines): void {
  const { platform, withdraw, besides = [] } = site;
  const from = lines.length;
  const here = withdraw ? 0 : 1;
  for (const of of OF_REPORTS)
    addFact(lines, {
      cell: knownCell({ ...NOWHERE, view: of.view, platform: of.platform ? platform : '' }),
      count: here,
    });
  const models = site.models.map((model) => countedCell(model, withdraw));
  for (const model of models) addFact(lines, model);
  const listed = models.filter(({ cell }) => cell.view === LISTED_VIEW);
  // A proposed name's maker is known: it counts for category and vendor, while the name waits in the lane.
  const known = models.flatMap((one, i) => (one.cell.view === LISTED_VIEW ? [one] : ofMaker(site.models[i], withdraw)));
  const derived: CountedCell[][] = [];
  for (const derivation of DERIVATIONS) {
    const source = derived[derivation.source] ?? (derivation.model ? listed : known);
    const cells = derive(derivation, source, platform);
    derived.push(cells);
    for (const one of cells) addFact(lines, derivation.carriesDevices ? one : presenceOf(one));
  }
  addBesides(besides, lines, from);
  sign(lines, from, ofFacts, site.sequence);
}

/**
 * A model as it is stored. Of a name that no list has it is stored what it is sealed in, and that the site has it: such a name is
 * in no memory of cells either.
 */
function countedCell({ view, category, vendor, model, count, sealed }: CountedModel, withdraw: boolean): CountedCell {
  const cell = knownCell({ view, platform: '', category, ...(sealed ?? { vendor, model }) });
  if (withdraw) return { cell, count: 0 };
  return { cell, count: sealed ? Math.min(1, count) : count };
}

/** What a name that is proposed counts for besides: its maker's cells, which are made without the name. */
function ofMaker(model: CountedModel | undefined, withdraw: boolean): CountedCell[] {
  if (model?.proposed !== true) return [];
  const { view, category, vendor, count } = model;
  return [{ cell: knownCell({ view, platform: '', category, vendor, model: '' }), count: withdraw ? 0 : count }];
}

/** A sum would find its models again. */
function presenceOf({ cell, count }: CountedCell): CountedCell {
  return { cell, count: Math.min(1, count) };
}

function addFact(lines: LooseLines, { cell, count }: CountedCell): void {
  const at = lines.add(cell);
  lines.numbers[at + 1] = count;
}

function addBesides(besides: readonly Cell[], lines: LooseLines, from: number): void {
  const named = lines.cells.slice(besides.length > 0 ? from : lines.length).map((cell) => ({ cell, count: 0 }));
  for (const one of besides) {
    const cell = knownCell(one);
    if (!countedIn(named, cell)) addFact(lines, { cell, count: 0 });
  }
}

/** Keys and versions: hashes under the token, so that neither is the same in two facts of the site. */
function sign(lines: LooseLines, from: number, secret: Uint8Array, sequence: number): void {
  const blocks = encrypted(idsOf(lines.cells, from), secret);
  const { numbers } = lines;
  for (let i = from; i < lines.length; i++) {
    numbers[i * FACT_NUMBERS] = keyIn(blocks, i - from);
    numbers[i * FACT_NUMBERS + 2] = offsetIn(blocks, i - from) + sequence;
  }
}

/** The facts of one site by their names. */
export function breakApart(site: SiteReport): Fact[] {
  const lines = new LooseLines(FACT_NUMBERS);
  const secrets = secretsOf(site.token, site.period);
  try {
    addFacts(site, secrets, lines);
  } finally {
    forgetSecrets(secrets);
  }
  const { cells, numbers } = lines;
  return cells.map(({ view, platform, category, vendor, model }, i): Fact => {
    const of = (n: number) => numbers[i * FACT_NUMBERS + n] as number;
    return { view: view as View, platform, category, vendor, model, key: of(0), count: of(1), version: of(2) };
  });
}
