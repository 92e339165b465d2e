import type { Catalog } from '../../schemas/catalog.ts';
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

/** Stands in for whatever known maker a rule is for. */
const ANY_MAKER = 'Supermicro';

type Case = readonly [RawKind, string];

function examples(catalog: Catalog): Case[] {
  const rules = catalog.rules.flatMap(({ scope, rules: ofScope }) => ofScope.map((rule) => ({ scope, ...rule })));
  return [
    ...rules.flatMap(({ scope, vendor, accepts, refuses }): Case[] => {
      const texts = [...accepts.map(([text]) => text), ...refuses];
      if (scope === 'endpoint') return texts.map((text) => ['user-agent', text]);
      if (scope === 'cpu') return texts.map((text) => ['cpu', text]);
      if (scope === 'board') {
        const maker = vendor === '*' ? ANY_MAKER : vendor;
        return texts.map((text) => ['board', `Manufacturer="${maker}" Product="${text}"`]);
      }
      return [];
    }),
    ...catalog.pci.cards.map(({ id }): Case => ['pci', id]),
  ];
}
