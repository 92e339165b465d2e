import type { Catalog, Rule, Scope } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
import { CATEGORY_TABLE } from '../core/categories.ts';
import { CanonicalNames } from './canonical-names.ts';
import { Cards } from './cards.ts';
import { clean } from './clean.ts';
import { parseDmi } from './dmi.ts';
import { identifyEndpointLine, identifyUserAgent } from './endpoint.ts';
import { HostNames } from './host.ts';
import type { Identifier, Identity, RawKind } from './identity.ts';
import { KnownLines } from './known-lines.ts';
import { memoryLine, rawMemory } from './memory.ts';
import { findInPair } from './personal-data.ts';
import { platformName } from './platform.ts';
import { RuleSet } from './rules.ts';
import { BAD_NAME, EMPTY, PERSONAL, unlisted } from './unlisted.ts';
import { Vendors } from './vendors.ts';

/** The rules in force in `period`: those whose `since` is not after it, so that a month's names never change within it. */
export function buildIdentifier(catalog: Catalog, period: Period): Identifier {
  const rules = (scope: Scope) => new RuleSet(rulesOf(catalog, scope, period));
  const vendors = new Vendors(catalog.vendors);
  const endpoints = rules('endpoint');
  const platforms = rules('platform');
  const cards = new Cards(catalog.pci, vendors, { pci: rules('pci'), nic: rules('nic') }, period);
  const host = new HostNames(catalog.host, vendors, {
    cpu: rules('cpu'),
    board: rules('board'),
    virtual: rules('virtual'),
  });
  const names = new CanonicalNames(rulesOf(catalog, 'endpoint', period), endpoints);
  const known = new KnownLines();

  const raws: Readonly<Record<RawKind, (text: string) => Identity>> = {
    'user-agent': (text) => identifyUserAgent(text, endpoints, vendors),
    pci: (text) => cards.raw(text),
    cpu: (text) => host.cpu(text),
    board: (text) => host.machine(parseDmi(text)),
    system: (text) => host.machine(parseDmi(text)),
    memory: (text) => rawMemory(clean(text)),
  };

  const recognise = (category: Category, vendor: string, model: string): Identity | undefined => {
    switch (CATEGORY_TABLE[category].recognisedAs) {
      case 'card':
        return guarded(vendor, model, cards.line(vendor, model));
      case 'cpu':
        return guarded(vendor, model, whenListed(host.cpu(withVendor(vendors, vendor, model))));
      case 'memory':
        return memoryOf(vendor, model);
      case 'machine':
        return guarded(vendor, model, whenListed(host.machine({ vendor, product: model })));
      case 'endpoint':
        return (
          names.get(category, vendors.find(vendor) ?? vendor, model) ??
          identifyEndpointLine(category, vendor, model, endpoints, vendors)
        );
    }
  };

  const identify = (category: Category, vendor: string, model: string): Identity => {
    if (vendor === '' && model === '') return BAD_NAME;
    return recognise(category, vendor, model) ?? unknown(category, vendor, model);
  };

  const unknown = (category: Category, vendor: string, model: string): Identity => {
    if (CATEGORY_TABLE[category].recognisedAs !== 'memory' && !host.isJunk(model))
      return unlisted(category, vendors.find(vendor) ?? vendor, model);
    const maker = host.isJunk(vendor) ? '' : vendor;
    return findInPair(maker, host.isJunk(model) ? '' : model) ? PERSONAL : BAD_NAME;
  };

  /** Sent again, a name must stay what it is: agents send on what `raw` gave, and take lines back under that name. */
  const settle = (found: Identity & { readonly kind: 'listed' }): Identity => {
    const answer = known.get(found.category, found.vendor, found.model);
    if (answer) return answer;
    const again = identify(found.category, found.vendor, found.model);
    if (again.kind !== 'listed') return found;
    if (sameNames(again, found)) known.add(found);
    return again;
  };

  return {
    catalogue: catalog.version,
    platform: (name, version) => platformName(name, version, platforms),
    raw(kind, text) {
      const found = text.trim() === '' ? EMPTY : raws[kind](text);
      return found.kind === 'listed' ? settle(found) : found;
    },
    line({ category, vendor, model }) {
      const answer = known.get(category, vendor, model);
      if (answer) return answer;
      const found = identify(category, clean(vendor), clean(model));
      return found.kind === 'listed' ? settle(found) : found;
    },
  };
}

function sameNames(a: Identity & { readonly kind: 'listed' }, b: Identity & { readonly kind: 'listed' }): boolean {
  return a.category === b.category && a.vendor === b.vendor && a.model === b.model;
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

function whenListed(identity: Identity): Identity | undefined {
  return identity.kind === 'listed' || identity === PERSONAL ? identity : undefined;
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
