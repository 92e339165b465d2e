import { describe, expect, test } from 'vitest';
import { NAME_PATTERN } from '../../schemas/fact.ts';
import { CATEGORIES } from '../../schemas/report.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { type Identity, RAW_KINDS } from '../../services/identify/identity.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { fc } from '../support/fast-check.ts';
import { shareOf } from '../support/share.ts';

const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2026-11'));
const examples = catalog.rules.flatMap(({ rules }) => rules.flatMap(({ accepts }) => accepts.map(([text]) => text)));

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc
    .tuple(fc.constantFrom(...examples), fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(40))
    .map(([a, b, at]) => a.slice(0, at) + b + a.slice(at)),
);

function expectStorable(identity: Identity): void {
  if (identity.kind === 'refused') return;
  expect(identity.vendor).toMatch(NAME_PATTERN);
  expect(identity.model).toMatch(NAME_PATTERN);
}

describe('any text at all', () => {
  test('gives an identity whose names may be stored, from every kind of raw string', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RAW_KINDS), text, (kind, raw) => expectStorable(identifier.raw(kind, raw))),
      { numRuns: shareOf(5_000) },
    );
  });

  test('gives the same when a line is made of it, and what comes out is its own name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CATEGORIES), text, text, (category, vendor, model) => {
        const first = identifier.line({ category, vendor, model });
        expectStorable(first);
        if (first.kind !== 'refused') expect(identifier.line(first)).toEqual(first);
      }),
      { numRuns: shareOf(5_000) },
    );
  });

  test('keeps its name on the way from the agent to the facts: raw, then sent as a line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RAW_KINDS), text, (kind, raw) => {
        const named = identifier.raw(kind, raw);
        if (named.kind === 'listed') expect(identifier.line(named)).toEqual(named);
      }),
      { numRuns: shareOf(5_000) },
    );
  });

  test('every plane of Unicode passes without an exception', () => {
    for (let plane = 0; plane <= 16; plane++)
      for (let block = 0; block < 256; block += 5) {
        const base = plane * 0x10000 + block * 256;
        const raw = Array.from({ length: 64 }, (_, i) => String.fromCodePoint(base + i * 4)).join('');
        expectStorable(identifier.raw('user-agent', `Yealink ${raw}`));
        expectStorable(identifier.line({ category: 'phone', vendor: raw, model: raw }));
      }
  });
});

describe('long texts', () => {
  const HOSTILE = [
    'a',
    ' ',
    '0',
    '-',
    '1.',
    'a.',
    '0:',
    'Yealink ',
    "a's ",
    '(',
    '\u0301',
    '\ufdfa',
    '"',
    'Manufacturer="',
    '0a ',
    '\ud800',
  ];

  test.each(HOSTILE)('a megabyte of %j costs no more than a few kilobytes of it', (unit) => {
    const long = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const start = process.cpuUsage();
    for (const kind of RAW_KINDS) expectStorable(identifier.raw(kind, long));
    expectStorable(identifier.line({ category: 'phone', vendor: long, model: long }));
    expectStorable(identifier.line({ category: 'board', vendor: long, model: long }));
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1);
  });
});
