import type { Catalog, Rule, Scope } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
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
    switch (category) {
      case 'pci':
      case 'nic':
        return guarded(vendor, model, cards.line(vendor, model));
      case 'cpu':
        return guarded(vendor, model, whenListed(host.cpu(withVendor(vendors, vendor, model))));
      case 'memory':
        return memoryOf(vendor, model);
      case 'board':
      case 'virtual':
        return guarded(vendor, model, whenListed(host.machine({ vendor, product: model })));
      default:
        return (
          names.get(category, vendors.find(vendor) ?? vendor, model) ??
          identifyEndpointLine(category, vendor, model, endpoints, vendors)
        );
    }
  };

  return {
    catalogue: catalog.version,
    raw: (kind, text) => (text.trim() === '' ? EMPTY : raws[kind](text)),
    platform: (name, version) => platformName(name, version, platforms),
    line({ category, vendor, model }) {
      const answer = known.get(category, vendor, model);
      if (answer) return answer;
      const v = clean(vendor);
      const m = clean(model);
      if (v === '' && m === '') return BAD_NAME;
      const found = recognise(category, v, m);
      if (!found) return host.isJunk(m) || category === 'memory' ? refuseJunk(host.isJunk(v) ? '' : v, category === 'memory' ? m : '') : unlisted(category, vendors.find(v) ?? v, m);
      if (found.kind === 'listed' && found.category === category && found.vendor === vendor && found.model === model)
        known.add(found);
      return found;
    },
  };
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

function refuseJunk(vendor: string, model: string): Identity {
  return findInPair(vendor, model) ? PERSONAL : BAD_NAME;
}

/** A module maker's code in `vendor` (`80AD000080AD`) looks like an address and is none: the vendor is dropped anyway. */
function memoryOf(vendor: string, model: string): Identity | undefined {
  const size = memoryLine(model) ?? (model === '' ? memoryLine(vendor) : undefined);
  if (!size) return undefined;
  return /^[0-9a-f]{1,16}$/i.test(vendor) ? size : guarded(vendor, model, size);
}
