import type { Catalog, Rule, Scope } from '../../schemas/catalog.ts';
import type { DeviceName } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
import { CATEGORY_TABLE } from '../core/categories.ts';
import { sameName } from '../core/mapping.ts';
import { Cards } from './cards.ts';
import { clean } from './clean.ts';
import { parseDmi } from './dmi.ts';
import { identifyEndpointLine, identifyUserAgent } from './endpoint.ts';
import { HostNames } from './host.ts';
import type { Identifier, Identity, RawKind } from './identity.ts';
import { KnownLines } from './known-lines.ts';
import { memoryLine, rawMemory } from './memory.ts';
import { Names } from './names.ts';
import { findInPair } from './personal-data.ts';
import { platformName } from './platform.ts';
import { UserAgentText } from './reading.ts';
import { RuleSet } from './rules.ts';
import { Shape } from './shape.ts';
import { BAD_NAME, EMPTY, isTooLong, PERSONAL, proposed, unlisted } from './unlisted.ts';
import { Vendors } from './vendors.ts';

/** The rules in force in `period`: those whose `since` is not after it, so that a month's names never change within it. */
export function buildIdentifier(catalog: Catalog, period: Period): Identifier {
  const rules = (scope: Scope) => new RuleSet(rulesOf(catalog, scope, period));
  const vendors = new Vendors(catalog.vendors);
  const names = new Names(catalog.models, catalog.pci.cards, period);
  const shape = new Shape(wordsOf(catalog, names));
  const grammar = {
    rules: rules('endpoint'),
    vendors,
    names,
    shape,
    reading: new UserAgentText(catalog.reading, catalog.vendors),
  };
  const platforms = rules('platform');
  const cards = new Cards(catalog.pci, vendors, { pci: rules('pci'), nic: rules('nic') }, { names, shape, period });
  const hostRules = { cpu: rules('cpu'), board: rules('board'), virtual: rules('virtual') };
  const host = new HostNames(catalog.host, vendors, hostRules, names, shape);
  const known = new KnownLines();

  const recognise = (category: Category, vendor: string, model: string): Identity | undefined => {
    switch (CATEGORY_TABLE[category].recognisedAs) {
      case 'card':
        return (
          (vendor === '' && AS_PRINTED.test(model) ? whenNamed(cards.raw(model)) : undefined) ??
          guarded(vendor, model, cards.line(vendor, model))
        );
      case 'cpu':
        return guardedUnlessSame(vendor, model, whenNamed(host.cpu(withVendor(vendors, vendor, model))));
      case 'memory':
        return memoryOf(vendor, model);
      case 'machine':
        return inCategory(category, host.machine({ vendor, product: model }));
      case 'endpoint':
        return identifyEndpointLine(category, vendor, model, grammar);
    }
  };

  const identify = (category: Category, vendor: string, model: string): Identity => {
    if (vendor === '' && model === '') return BAD_NAME;
    const maker = vendors.find(vendor);
    const listed = maker === undefined && vendor !== '' ? undefined : names.find(category, maker ?? '', model);
    return listed ?? recognise(category, vendor, model) ?? unknown(category, vendor, model);
  };

  const unknown = (category: Category, vendor: string, model: string): Identity => {
    if (isTooLong(vendor, model)) return BAD_NAME;
    const maker = host.isJunk(vendor) ? '' : vendor;
    if (CATEGORY_TABLE[category].recognisedAs === 'memory' || host.isJunk(model))
      return findInPair(maker, host.isJunk(model) ? '' : model) ? PERSONAL : BAD_NAME;
    const canonical = vendors.find(maker);
    if (canonical === undefined) return unlisted(category, maker, model, shape);
    if (findInPair(vendor, model)) return PERSONAL;
    return proposed(category, canonical, model, shape, { unknown: 1, alone: true });
  };

  /** Sent again, a name must stay what it is: agents send on what `raw` gave, and take lines back under that name. */
  const settle = (first: Identity, given?: DeviceName): Identity => {
    if (given && first.kind !== 'refused' && first.kind !== 'listed' && sameName(first, given)) return first;
    let found = first;
    for (let round = 0; round < MOST_ROUNDS && found.kind !== 'refused'; round++) {
      const answer = known.get(found.category, found.vendor, found.model);
      if (answer) return answer;
      const again = identify(found.category, found.vendor, found.model);
      if (sameNames(again, found)) {
        if (found.kind === 'listed') known.add(found);
        return found;
      }
      if (again.kind === 'refused') return again;
      found = again;
    }
    return found.kind === 'refused' ? found : BAD_NAME;
  };

  /** What firmware says is a line already. */
  const rawMachine = (text: string): Identity => {
    const { vendor, product } = parseDmi(text);
    return settle(host.machine({ vendor, product }), { category: 'board', vendor, model: product });
  };

  const raws: Readonly<Record<RawKind, (text: string) => Identity>> = {
    'user-agent': (text) => settle(identifyUserAgent(text, grammar)),
    pci: (text) => settle(cards.raw(text)),
    cpu: (text) => settle(host.cpu(text)),
    board: rawMachine,
    system: rawMachine,
    memory: (text) => settle(rawMemory(clean(text))),
  };

  return {
    catalogue: catalog.version,
    platform: (name, version) => platformName(name, version, platforms),
    raw(kind, text) {
      return text.trim() === '' ? EMPTY : raws[kind](text);
    },
    line({ category, vendor, model }) {
      const answer = known.get(category, vendor, model);
      if (answer) return answer;
      if (vendor.length > MOST_VENDOR || model.length > MOST_MODEL) return BAD_NAME;
      return settle(identify(category, clean(vendor), clean(model)), { category, vendor, model });
    },
  };
}

/** A card as lspci or dahdi_hardware prints it, which agents that identify nothing send as a model. */
const AS_PRINTED = /^(?:usb:? )?(?:pci:)?(?:[0-9a-f]{4,8}:)?[0-9a-f]{2,4}:[0-9a-f]{2,4}/i;

/** No maker's name is longer: a longer one is refused before anything looks at it. */
const MOST_VENDOR = 64;
/** Agents that identify nothing send the whole text as the model; no such text that means anything is longer. */
const MOST_MODEL = 192;

/** A name that is not its own name after so many rounds is nobody's. */
const MOST_ROUNDS = 4;

function sameNames(a: Identity, b: Identity): boolean {
  if (a.kind === 'refused' || b.kind === 'refused') return false;
  return a.kind === b.kind && a.category === b.category && a.vendor === b.vendor && a.model === b.model;
}

function wordsOf(catalog: Catalog, names: Names): ReadonlySet<string> {
  const words = names.words();
  for (const word of catalog.reading.words) words.add(word);
  return words;
}

function rulesOf(catalog: Catalog, scope: Scope, period: Period): Rule[] {
  return catalog.rules.flatMap((file) =>
    file.scope === scope ? file.rules.filter((rule) => rule.since <= period) : [],
  );
}

/** A recognised name, unless an identifier came with it. */
function guarded(vendor: string, model: string, found: Identity | undefined): Identity | undefined {
  return found && findInPair(vendor, model) ? PERSONAL : found;
}

/** What nobody knows keeps the category that the line gave it. */
function inCategory(category: Category, identity: Identity): Identity {
  const known = identity.kind === 'refused' || identity.kind === 'listed';
  return known || identity.category === category ? identity : { ...identity, category };
}

/** A processor's name that its rule gives back whole has nothing in it but what the rule allows. */
function guardedUnlessSame(vendor: string, model: string, found: Identity | undefined): Identity | undefined {
  const same = found !== undefined && found.kind !== 'refused' && found.vendor === vendor && found.model === model;
  return same ? found : guarded(vendor, model, found);
}

function whenNamed(identity: Identity): Identity | undefined {
  return identity.kind === 'listed' || identity.kind === 'proposed' || identity === PERSONAL ? identity : undefined;
}

function withVendor(vendors: Vendors, vendor: string, model: string): string {
  const maker = vendors.find(vendor) ?? vendor;
  return model.toLowerCase().includes(maker.toLowerCase()) ? model : `${maker} ${model}`;
}

/** A module maker's code in `vendor` (`80AD000080AD`) looks like an address and is none: the vendor is dropped anyway. */
function memoryOf(vendor: string, model: string): Identity | undefined {
  const size = memoryLine(model) ?? (model === '' ? memoryLine(vendor) : undefined);
  if (!size) return undefined;
  return /^[0-9a-f]{1,16}$/i.test(vendor) ? size : guarded(vendor, model, size);
}
