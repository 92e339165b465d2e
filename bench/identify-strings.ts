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
 * same, nor are any of another pass: versions, addresses, speeds and slots differ, as between machines. Of boards and systems
 * only makers are spelled otherwise, in as many ways as there are `SPELLINGS`: behind them strings come again.
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
      return `Nobody N-${i} at ${gigahertz(pass)}`;
    default:
      return `${slot(pass)} Ethernet controller: Nobody N-${i} Gigabit Ethernet (rev 0${pass % 8})`;
  }
}

/** `1f:0a.0`: 65,536 of them. */
function slot(pass: number): string {
  return `${hex(pass % 256, 2)}:${hex((pass >> 8) % 32, 2)}.${(pass >> 13) % 8}`;
}

function gigahertz(pass: number): string {
  return `${1 + Math.floor(pass / 100)}.${String(pass % 100).padStart(2, '0')}GHz`;
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}

const COMPANIES = [
  '',
  ' Inc.',
  ' Co., Ltd.',
  ' Corporation',
  ' GmbH',
  ' Technology',
  ' Inc',
  ', Inc.',
  ' Ltd.',
  ' Corp.',
  ' Limited',
  ' AG',
];
const CASES = [(name: string) => name, (name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()];
/** Firmware pads its fields with blanks. */
const PADDINGS = ['', ' ', '  ', '   '];
const SPELLINGS = COMPANIES.flatMap((company) =>
  CASES.flatMap((inCase) => PADDINGS.map((blanks) => (vendor: string) => inCase(`${vendor}${company}`) + blanks)),
);

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
      return listed('cpu').map(([vendor, model]) =>
        vendor === 'Intel'
          ? `Intel(R) ${model.replace(/^(\S+)/, '$1(R)')} CPU @ ${gigahertz(pass)}`
          : `${vendor} ${model} ${2 + pass}-Core Processor`,
      );
    case 'pci':
      return catalog.pci.cards
        .filter(({ id }) => !id.includes('*'))
        .map(({ id, vendor, model }, i) => {
          const usb = `usb:${String(1 + Math.floor(pass / 1_000)).padStart(3, '0')}/${String(pass % 1_000).padStart(3, '0')}`;
          const where = id.startsWith('usb') ? usb : `pci:${hex(pass, 4)}:0${i % 9}:0${i % 7}.0`;
          return `${where} driver+ ${id.replace('usb ', '').replace('/', ' subsys ')} "${vendor}" "${model}"`;
        });
    case 'nic':
      return listed('nic').map(
        ([vendor, model], i) =>
          `${slot(pass)} Ethernet controller [0200]: ${vendor} ${model} Gigabit Ethernet (rev 0${i % 7})`,
      );
    default: {
      const spelled = SPELLINGS[pass % SPELLINGS.length]!;
      return listed('board', ...(measured === 'system' ? ['virtual'] : [])).map(
        ([vendor, model]) => `Manufacturer="${spelled(vendor)}" Product="${model}"`,
      );
    }
  }
}
