import type { Catalog, Scope } from '../schemas/catalog.ts';
import type { RawKind } from '../services/identify/identity.ts';

/** What is measured by itself: network cards are read by their words, other cards by their ids. */
export const MEASURED = ['user-agent', 'pci', 'nic', 'cpu', 'board', 'system'] as const;
export type Measured = (typeof MEASURED)[number];

export function rawKindOf(measured: Measured): RawKind {
  return measured === 'nic' ? 'pci' : measured;
}

/**
 * Strings of one kind as machines print them: the list and the rules' examples, a tenth that nobody knows. No two are the
 * same, nor are any of another pass: versions, addresses, speeds, slots and spellings of makers differ, as between machines.
 */
export function rawStrings(catalog: Catalog, measured: Measured, pass: number): string[] {
  const named = made(catalog, measured, pass);
  return [...new Set(named.map((text, i) => (i % 10 === 9 ? nobody(measured, i, pass) : text)))];
}

function nobody(measured: Measured, i: number, pass: number): string {
  switch (measured) {
    case 'board':
    case 'system':
      return `Manufacturer="Nobody ${i}" Product="N${pass}-${i}"`;
    case 'user-agent':
      return `Nobody N-${i}/1.${i}.${pass} 00:11:22:33:44:${(i % 90) + 10}`;
    case 'cpu':
      return `Nobody N-${i} at ${pass}.${i % 9}GHz`;
    default:
      return `${hex(pass)}:00.0 Ethernet controller: Nobody N-${i} Gigabit Ethernet (rev 0${pass % 8})`;
  }
}

function hex(pass: number): string {
  return pass.toString(16).padStart(2, '0');
}

/** Six spellings of makers: there are no more passes of boards. */
const COMPANIES = ['', ' Inc.', ' Co., Ltd.', ' Corporation', ' GmbH', ' Technology'];

function made(catalog: Catalog, measured: Measured, pass: number): string[] {
  const examples = (scope: Scope) =>
    catalog.rules.filter((file) => file.scope === scope).flatMap((file) => file.rules.flatMap((rule) => rule.accepts));
  const listed = (...categories: readonly string[]) =>
    catalog.models
      .flatMap((file) => file.groups)
      .filter(({ category }) => categories.includes(category))
      .flatMap(({ vendor, models }) => models.map((model) => [vendor, model] as const));
  switch (measured) {
    case 'user-agent':
      return [
        ...examples('endpoint').map(([text], i) => `${text} ${i % 300}.86.${pass}.15 0011223344${(i % 90) + 10}`),
        ...listed('phone', 'ata', 'gateway', 'dect').map(
          ([vendor, model], i) => `${vendor} ${model} ${i % 99}.20.${pass}.${i % 7}`,
        ),
      ];
    case 'cpu':
      return listed('cpu').map(([vendor, model], i) =>
        vendor === 'Intel'
          ? `Intel(R) ${model.replace(/^(\S+)/, '$1(R)')} CPU @ ${2 + (i % 3)}.${pass}0GHz`
          : `${vendor} ${model} ${2 + pass}-Core Processor`,
      );
    case 'pci':
      return catalog.pci.cards
        .filter(({ id }) => !id.includes('*'))
        .map(
          ({ id, vendor, model }, i) =>
            `${id.startsWith('usb') ? `usb:001/0${pass + 10}` : `pci:00${hex(pass)}:0${i % 9}:0${i % 7}.0`} driver+ ${id.replace('usb ', '').replace('/', ' subsys ')} "${vendor}" "${model}"`,
        );
    case 'nic':
      return listed('nic').map(
        ([vendor, model], i) =>
          `0${i % 9}:${hex(pass)}.0 Ethernet controller [0200]: ${vendor} ${model} Gigabit Ethernet (rev 0${i % 7})`,
      );
    default:
      return listed('board', ...(measured === 'system' ? ['virtual'] : [])).map(
        ([vendor, model]) => `Manufacturer="${vendor}${COMPANIES[pass]}" Product="${model}"`,
      );
  }
}
