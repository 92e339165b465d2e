import type { Catalog, ModelGroup } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import { answerLine } from './answer-line.ts';
import type { Identifier, RawKind } from './identity.ts';

/** A raw string and the answer that every implementation of the catalogue must give. */
export interface Conformance {
  readonly kind: RawKind;
  readonly text: string;
  readonly answer: unknown;
}

export interface ConformanceDocument {
  /** The version of the catalogue, and the period whose rules answer: those with `since` up to it. */
  readonly catalogue: string;
  readonly period: Period;
  readonly cases: readonly Conformance[];
}

/** What the personal-data guard is for, with invented identifiers, and what firmware leaves unfilled. */
const GUARDED: readonly (readonly [RawKind, string])[] = [
  ['user-agent', ''],
  ['user-agent', 'Yealink SIP-T46S 66.86.0.15 0004f2aabbcc'],
  ['user-agent', '00:04:f2:aa:bb:cc Yealink SIP-T46S 66.86.0.15'],
  ['user-agent', '0004f2aabbcc'],
  ['user-agent', 'Newcomer_0004f2aabbcc'],
  ['user-agent', 'Newcomer 0004.f2aa.bbcc'],
  ['user-agent', 'Newcomer SN:12345678'],
  ['user-agent', 'Newcomer 10.20.30.40'],
  ['user-agent', 'Newcomer +49 30 1234567'],
  ['user-agent', 'sip:someone@example.org'],
  ['user-agent', "Someone's phone"],
  ['user-agent', 'Newcomer N100/1.2.3'],
  ['board', 'Manufacturer="To Be Filled By O.E.M." Product="Default string"'],
  ['board', 'Manufacturer="Newcomer" Product="NB-100"'],
  ['system', 'Manufacturer="QEMU" Product="Standard PC (i440FX + PIIX, 1996)"'],
  ['memory', '8589934592'],
  ['memory', '12884901888'],
];

/** The strings of the catalogue's own examples with their answers: published beside it for agents in other languages. */
export function conformanceOf(catalog: Catalog, identifier: Identifier): Conformance[] {
  const seen = new Set<string>();
  return [...examples(catalog), ...GUARDED].flatMap(([kind, text]) => {
    const key = `${kind}\n${text}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ kind, text, answer: JSON.parse(answerLine(identifier, kind, text)) }];
  });
}

export function conformanceDocument(catalog: Catalog, identifier: Identifier, period: Period): ConformanceDocument {
  return { catalogue: catalog.version, period, cases: conformanceOf(catalog, identifier) };
}

type Case = readonly [RawKind, string];

function examples(catalog: Catalog): Case[] {
  return [...ruleExamples(catalog), ...cardExamples(catalog), ...listExamples(catalog)];
}

function ruleExamples(catalog: Catalog): Case[] {
  const rules = catalog.rules.flatMap(({ scope, rules: ofScope }) => ofScope.map((rule) => ({ scope, ...rule })));
  return rules.flatMap(({ scope, vendor, accepts, refuses }): Case[] => {
    const texts = [...accepts.map(([text]) => text), ...refuses];
    if (scope === 'endpoint') return texts.map((text) => ['user-agent', text]);
    if (scope === 'cpu') return texts.map((text) => ['cpu', text]);
    if (scope === 'virtual') return texts.map((text) => ['system', `Manufacturer="" Product="${text}"`]);
    if (scope === 'board') return texts.map((text) => ['board', `Manufacturer="${vendor}" Product="${text}"`]);
    return [];
  });
}

/** A card by its ids, and in the words of lspci. */
function cardExamples({ pci }: Catalog): Case[] {
  return pci.cards.flatMap(({ id, category, vendor, model }): Case[] => {
    const words: Case = ['pci', `03:00.0 Network controller: ${vendor} ${model} (rev 02)`];
    return category === 'pci' && model !== '' ? [['pci', id], words] : [['pci', id]];
  });
}

/** How often a group's names are taken: every so many. */
const EVERY: Readonly<Partial<Record<string, number>>> = { cpu: 4, board: 5, nic: 2 };

/** The list's names as devices and firmware write them. */
function listExamples({ models }: Catalog): Case[] {
  return models.flatMap(({ groups }) =>
    groups.flatMap((group) =>
      group.models.filter((_, i) => i % (EVERY[group.category] ?? 2) === 0).flatMap((model) => written(group, model)),
    ),
  );
}

function written({ category, vendor }: ModelGroup, model: string): Case[] {
  switch (category) {
    case 'cpu':
      return [['cpu', `${vendor} ${model} @ 2.40GHz`]];
    case 'board':
      return [['board', `Manufacturer="${vendor}" Product="${model}"`]];
    case 'nic':
      return [['pci', `00:19.0 Ethernet controller: ${vendor} ${model} Gigabit Ethernet`]];
    case 'pci':
    case 'virtual':
    case 'memory':
      return [];
    default:
      return [['user-agent', `${vendor} ${model}/1.20.3`]];
  }
}
