import type { Catalog, Scope } from '../schemas/catalog.ts';
import type { RawKind } from '../services/identify/identity.ts';

/** Strings of one kind as machines print them: the list and the rules' examples under ever new versions. */
export function rawStrings(catalog: Catalog, kind: RawKind): string[] {
  const named = made(catalog, kind);
  return named.map((text, i) => (i % 10 === 9 ? nobody(kind, i) : text));
}

function nobody(kind: RawKind, i: number): string {
  if (kind === 'board' || kind === 'system') return `Manufacturer="Nobody ${i}" Product="N-${i}"`;
  return kind === 'user-agent'
    ? `Nobody N-${i}/1.${i}.2 00:11:22:33:44:${(i % 90) + 10}`
    : `Nobody N-${i} at 2.${i % 9}GHz`;
}

function made(catalog: Catalog, kind: RawKind): string[] {
  const examples = (scope: Scope) =>
    catalog.rules.filter((file) => file.scope === scope).flatMap((file) => file.rules.flatMap((rule) => rule.accepts));
  const listed = (...categories: readonly string[]) =>
    catalog.models
      .flatMap((file) => file.groups)
      .filter(({ category }) => categories.includes(category))
      .flatMap(({ vendor, models }) => models.map((model) => [vendor, model] as const));
  switch (kind) {
    case 'user-agent':
      return [
        ...examples('endpoint').map(([text], i) => `${text} ${i % 300}.86.0.15 0011223344${(i % 90) + 10}`),
        ...listed('phone', 'ata', 'gateway', 'dect').map(
          ([vendor, model], i) => `${vendor} ${model} ${i % 99}.20.0.${i % 7}`,
        ),
      ];
    case 'cpu':
      return listed('cpu').map(([vendor, model], i) =>
        vendor === 'Intel'
          ? `Intel(R) ${model.replace(/^(\S+)/, '$1(R)')} CPU @ ${2 + (i % 3)}.20GHz`
          : `${vendor} ${model} ${i % 64}-Core Processor`,
      );
    case 'pci':
      return [
        ...catalog.pci.cards.map(({ id, vendor, model }) => `${id.replace('/', ' subsys ')} "${vendor}" "${model}"`),
        ...listed('nic').map(
          ([vendor, model], i) => `0${i % 9}:00.0 Ethernet controller [0200]: ${vendor} ${model} Gigabit Ethernet`,
        ),
      ].filter((text) => !text.includes('*'));
    default:
      return listed('board').map(([vendor, model]) => `Manufacturer="${vendor} Inc." Product="${model}"`);
  }
}
